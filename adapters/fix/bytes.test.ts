import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fix } from '../../codecs/fix/index.ts';
import { limits } from '../../src/core/limits.ts';
import { delayedBytes, resentBytes, storedType, writeMessage } from './compose.ts';
import { maskedBytes } from './secret-fields.ts';
import { fixTime, microsOfFixTime } from './time.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|');
const wire = (text: string): Uint8Array => Buffer.from(text.replaceAll('|', '\u0001'), 'latin1');

describe('times', () => {
  test.each([
    ['20261110-14:30:00', '20261110-14:30:00.000'],
    ['20261110-14:30:00.1', '20261110-14:30:00.100'],
    ['20261110-14:30:00.123456789', '20261110-14:30:00.123'],
    ['20261231-23:59:60', '20270101-00:00:00.000'],
  ])('%s is read', (text, same) => {
    expect(fixTime(microsOfFixTime(text) ?? 0, 'milliseconds')).toBe(same);
  });

  test.each([
    '',
    '20261110',
    '20261110-14:30',
    '20261310-14:30:00',
    '20260230-14:30:00',
    '20261110-24:00:00',
    '20261110-14:30:00.',
    ' 20261110-14:30:00',
  ])('%j is no time', (text) => expect(microsOfFixTime(text)).toBeUndefined());

  test('nanoseconds have their width, and the digits of our clock', () => {
    const at = microsOfFixTime('20261110-14:30:00.123456') ?? 0;
    expect(fixTime(at, 'nanoseconds')).toBe('20261110-14:30:00.123456000');
    expect(microsOfFixTime(fixTime(at, 'nanoseconds'))).toBe(at);
  });

  test('what is written is read again, to its precision', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (at) => {
        expect(microsOfFixTime(fixTime(at, 'microseconds'))).toBe(at);
        expect(microsOfFixTime(fixTime(at, 'seconds'))).toBe(Math.floor(at / 1e6) * 1e6);
      }),
    );
  });
});

describe('messages of ours', () => {
  test('have their header by tag, their body as it is given, and are whole', () => {
    const bytes = writeMessage(
      'FIX.4.4',
      'D',
      [
        [56, 'B'],
        [34, '7'],
        [49, 'A'],
      ],
      [
        [58, 'caf\u00e9'],
        [11, 'X'],
      ],
    );
    expect(latin1(bytes)).toBe('8=FIX.4.4|9=33|35=D|34=7|49=A|56=B|58=caf\u00e9|11=X|10=081|');
    const cuts = fix.framer.open(limits).feed(bytes, true);
    expect(cuts.map(({ kind }) => kind)).toEqual(['frame']);
  });

  test('keep the hops of their header together, sent again too', () => {
    const hops = [
      [628, 'HUB'],
      [628, 'NEXT'],
    ] as const;
    const header = [
      [1128, '9'],
      [34, '7'],
      [627, '2'],
    ] as const;
    const bytes = writeMessage('FIXT.1.1', 'D', header, [...hops, [11, 'X']]);
    expect(latin1(bytes)).toContain('|34=7|1128=9|627=2|628=HUB|628=NEXT|11=X|');
    expect(latin1(resentBytes(bytes, '20261110-15:00:00', undefined))).toContain(
      '|1128=9|627=2|628=HUB|628=NEXT|11=X|',
    );
  });

  test('sent again keep their body to the byte, and the time of the first time', () => {
    const first = wire(
      '8=FIX.4.4|9=0|35=B|34=7|49=A|52=20261110-14:30:00|56=B|369=4|148=x|95=3|96=a|b|10=000|',
    );
    const again = resentBytes(first, '20261110-15:00:00', '9');
    expect(latin1(again)).toMatch(
      /^8=FIX\.4\.4\|9=92\|35=B\|34=7\|43=Y\|49=A\|52=20261110-15:00:00\|56=B\|122=20261110-14:30:00\|369=9\|148=x\|95=3\|96=a\|b\|10=\d{3}\|$/,
    );
    expect(latin1(resentBytes(again, '20261110-16:00:00', undefined))).toContain(
      '|52=20261110-16:00:00|56=B|122=20261110-14:30:00|148',
    );
    expect(storedType(again)).toBe('B');
  });
});

test('sent late have the time of now, and are else as they were committed', () => {
  const first = wire(
    '8=FIX.4.4|9=0|35=B|34=7|49=A|52=20261110-14:30:00|56=B|369=4|148=x|95=3|96=a|b|10=000|',
  );
  expect(latin1(delayedBytes(first, '20261110-15:00:00', '9'))).toMatch(
    /^8=FIX\.4\.4\|9=65\|35=B\|34=7\|49=A\|52=20261110-15:00:00\|56=B\|369=9\|148=x\|95=3\|96=a\|b\|10=\d{3}\|$/,
  );
});

describe('a header that holds a message', () => {
  const inner = '8=FIX.4.2|9=20|35=8|34=9|17=E1|10=000|'.replaceAll('|', '\u0001');
  const wrapped = writeMessage(
    'FIX.4.2',
    'n',
    [
      [34, '7'],
      [49, 'A'],
      [52, '20261110-14:30:00'],
      [56, 'B'],
      [212, String(inner.length)],
      [213, inner],
    ],
    [],
  );

  test('is sent again as it is', () => {
    expect(storedType(wrapped)).toBe('n');
    const again = latin1(resentBytes(wrapped, '20261110-15:00:00', undefined));
    expect(again).toMatch(
      /\|35=n\|34=7\|43=Y\|49=A\|52=20261110-15:00:00\|56=B\|122=20261110-14:30:00\|212=38\|213=8=FIX\.4\.2\|9=20\|35=8\|34=9\|17=E1\|10=000\|\|10=\d{3}\|$/,
    );
  });

  test('is none where the length stands alone', () => {
    const alone = writeMessage(
      'FIX.4.2',
      'n',
      [
        [34, '7'],
        [212, '500'],
      ],
      [[58, 'x']],
    );
    expect(latin1(resentBytes(alone, '20261110-15:00:00', undefined))).toContain('|212=500|58=x|');
  });
});

describe('secrets', () => {
  test('are masked to their length, and the message stays whole', () => {
    const body = [
      [553, 'desk'],
      [554, 'canary'],
      [95, '5'],
      [96, 'a\u0001b=c'],
      [925, 'new'],
      [9001, 'token'],
    ] as const;
    const bytes = writeMessage('FIX.4.4', 'A', [[34, '1']], body);
    const masked = maskedBytes(bytes, ['9001']);
    expect(latin1(masked)).toContain('|553=desk|554=******|95=5|96=*****|925=***|9001=*****|10=');
    expect(masked.length).toBe(bytes.length);
    expect(fix.decode({ bytes: masked }).issues.filter(({ code }) => code === 'FIX_CHECKSUM')).toEqual([]);
  });

  test('are found where the bytes begin with them', () => {
    expect(latin1(maskedBytes(wire('554=hunter2|98=0|')))).toBe('554=*******|98=0|');
  });

  test('are found in garbled bytes too, and where there is none nothing is copied', () => {
    expect(latin1(maskedBytes(wire('8=FIX.4.4|35=A|554=canary')))).toBe('8=FIX.4.4|35=A|554=******');
    expect(latin1(maskedBytes(wire('8=FIX.4.4|35=A|95=999|96=canary|10=000|')))).not.toContain('canary');
    const harmless = wire('8=FIX.4.4|35=A|98=0|10=000|');
    expect(maskedBytes(harmless)).toBe(harmless);
  });

  test('never survive, whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom('96', '554', '925', '1402', '1404'),
        (before, behind, tag) => {
          const masked = latin1(
            maskedBytes(wire(`35=A|58=${before}|${tag}=canary-7731|58=${behind}|10=000|`)),
          );
          expect(masked).not.toContain('canary');
        },
      ),
    );
  });
});
