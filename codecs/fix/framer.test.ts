import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Framer } from '../../src/contract/frame.ts';
import { type Limits, limits } from '../../src/core/limits.ts';
import { fixFramer, fixLogFramer, writeFix } from './index.ts';

const tight: Limits = {
  ...limits,
  fixMessageBytesMax: 300,
  garbagePieceBytesMax: 64,
  fixLogLineBytesMax: 400,
};
const wire = (text: string): Buffer => Buffer.from(text.replaceAll('|', '\u0001'), 'latin1');
const heartbeat = Buffer.from(
  writeFix('FIX.4.4', [
    [35, '0'],
    [34, '2'],
    [49, 'A'],
    [56, 'B'],
  ]),
);
const order = Buffer.from(
  writeFix('FIX.4.4', [
    [35, 'D'],
    [34, '3'],
    [49, 'A'],
    [56, 'B'],
    [11, 'ID'],
    [58, 'x=y'],
  ]),
);

/** `frame 55`, `FIX_CHECKSUM 12`: what was cut, and how long it is. */
function cuts(framer: Framer, chunks: readonly Uint8Array[], within: Limits = limits): string[] {
  const state = framer.open(within);
  return [...chunks.map((chunk) => state.feed(chunk, false)), state.feed(new Uint8Array(), true)]
    .flat()
    .flatMap((cut) => {
      if (cut.kind === 'partial') return [];
      return [`${cut.kind === 'frame' ? 'frame' : cut.why.code} ${cut.bytes.length}`];
    });
}

const frame = (bytes: Uint8Array): string => `frame ${bytes.length}`;

describe('the session framer', () => {
  const withLength = (length: number | string): Buffer =>
    wire(`8=FIX.4.4|9=${length}|35=D|34=2|49=TW|56=ISLD|11=ID|10=000|`);
  const bad = Buffer.from(order);
  bad[30] = (bad[30] ?? 0) ^ 1;

  test.each([
    ['two messages', [heartbeat, order], [frame(heartbeat), frame(order)]],
    ['a wrong sum', [bad, heartbeat], [`FIX_CHECKSUM ${bad.length}`, frame(heartbeat)]],
    [
      'a sum that is no three digits',
      [wire('8=FIX.4.4|9=5|35=0|10=0|'), heartbeat],
      ['FIX_CHECKSUM 24', frame(heartbeat)],
    ],
    [
      'a length that is too short',
      [withLength(10), heartbeat],
      [`FIX_BODY_LENGTH ${withLength(10).length}`, frame(heartbeat)],
    ],
    [
      'a length that is too long: it swallows the next message',
      [withLength(40), heartbeat, order],
      [`FIX_BODY_LENGTH ${withLength(40).length + heartbeat.length}`, frame(order)],
    ],
    [
      'a length that is no number',
      [withLength('1x'), heartbeat],
      [`FIX_BODY_LENGTH ${withLength(10).length}`, frame(heartbeat)],
    ],
    ['no length', [wire('8=FIX.4.4|35=0|34=2|10=000|'), heartbeat], ['FIX_BODY_LENGTH 27', frame(heartbeat)]],
    [
      'a length beyond the limit',
      [withLength(9999999), heartbeat],
      [`FIX_MESSAGE_TOO_LONG ${withLength(9999999).length}`, frame(heartbeat)],
    ],
    [
      'MsgType(35) not third',
      [wire('8=FIX.4.4|9=10|34=2|35=0|10=118|'), heartbeat],
      ['FIX_FIRST_FIELDS 32', frame(heartbeat)],
    ],
    ['fields before BeginString(8)', [wire('35=0|'), heartbeat], ['FIX_GARBAGE 5', frame(heartbeat)]],
    [
      'line ends between messages',
      [heartbeat, wire('\r\n'), order],
      [frame(heartbeat), 'FIX_SEPARATOR 2', frame(order)],
    ],
    ['an end inside a message', [heartbeat, order.subarray(0, 20)], [frame(heartbeat), 'FIX_TRUNCATED 20']],
    ['an end inside the first bytes', [wire('8=F')], ['FIX_GARBAGE 3']],
    ['no byte at all', [], []],
  ])('%s', (_, stream, expected) => {
    const whole = Buffer.concat(stream);
    expect(cuts(fixFramer, [whole])).toEqual(expected);
    expect(
      cuts(
        fixFramer,
        [...whole].map((byte) => Buffer.of(byte)),
      ),
    ).toEqual(expected);
  });

  test('a message inside the data of a garbled one is not taken for a message', () => {
    const inner = `8=FIX.4.2|9=5|35=0|10=161|`;
    const garbled = wire(`8=FIX.4.4|9=x|35=n|212=${inner.length + 6}|213=<RTRF>${inner}|10=000|`);
    expect(cuts(fixFramer, [garbled, heartbeat])).toEqual([
      `FIX_BODY_LENGTH ${garbled.length}`,
      frame(heartbeat),
    ]);
  });

  test('a frame that lies in one chunk is not copied', () => {
    const chunk = Buffer.concat([heartbeat, order]);
    const [first, second] = fixFramer.open(limits).feed(chunk, false);
    for (const cut of [first, second]) {
      expect(cut?.kind === 'frame' && cut.bytes.buffer === chunk.buffer).toBe(true);
    }
  });

  test('what was cut stays unchanged while more is fed', () => {
    const state = fixFramer.open(limits);
    const found = [...order, ...heartbeat, ...order]
      .flatMap((byte) => state.feed(Buffer.of(byte), false))
      .flatMap((cut) => (cut.kind === 'frame' ? [Buffer.from(cut.bytes).toString('latin1')] : []));
    expect(found).toEqual([order, heartbeat, order].map((bytes) => bytes.toString('latin1')));
  });

  test('an endless message ends at the limit', () => {
    const endless = Buffer.concat([wire('8=FIX.4.4|9=20|35=D|58='), Buffer.alloc(1000, 'x'), heartbeat]);
    const found = cuts(fixFramer, [endless], tight);
    expect(found[0]).toBe('FIX_MESSAGE_TOO_LONG 64');
    expect(
      cuts(
        fixFramer,
        [...endless].map((byte) => Buffer.of(byte)),
        tight,
      ),
    ).toEqual(found);
  });

  test('endless garbage is told in pieces while it comes', () => {
    const state = fixFramer.open(tight);
    const found = Array.from({ length: 100 }, () => state.feed(Buffer.alloc(10, 'x'), false)).flat();
    expect(found.filter(({ kind }) => kind === 'garbage').length).toBe(15);
  });

  test('work grows with the bytes, not with their square', () => {
    const size = 400_000;
    const lost = Buffer.from('8=FIX.4.4\u00019=1\u0001'.repeat(size / 14));
    expect(cuts(fixFramer, [lost]).length).toBeGreaterThan(0);
    const large = Buffer.from(
      writeFix('FIX.4.4', [
        [35, 'B'],
        [58, 'x'.repeat(size)],
      ]),
    );
    const state = fixFramer.open(limits);
    let frames = 0;
    for (const byte of large)
      frames += state.feed(Buffer.of(byte), false).filter(({ kind }) => kind === 'frame').length;
    expect(frames).toBe(1);
  });
});

describe('the log framer', () => {
  const lines = (...parts: readonly (Buffer | string)[]): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const told = (stream: Buffer): unknown[] =>
    fixLogFramer
      .open(limits)
      .feed(stream, true)
      .map((cut) => {
        if (cut.kind === 'frame') return [cut.bytes.length, cut.context];
        return cut.kind === 'garbage' ? cut.why.code : cut;
      });
  const piped = heartbeat.toString('latin1').replaceAll('\u0001', '|');
  const careted = heartbeat.toString('latin1').replaceAll('\u0001', '^A');

  test.each([
    [
      'a message a line',
      lines(heartbeat, '\n', order, '\n'),
      [
        [heartbeat.length + 1, { start: '0' }],
        [order.length + 1, { start: '0' }],
      ],
    ],
    ['a prefix', lines('2026 in : ', heartbeat, '\r\n'), [[heartbeat.length + 12, { start: '10' }]]],
    ['a suffix', lines(heartbeat, ' (resent)\n'), [[heartbeat.length + 10, { start: '0' }]]],
    [
      'lines without a message',
      lines('started\n\n', heartbeat, '\nstopped'),
      ['FIX_LOG_LINE', 'FIX_LOG_LINE', [heartbeat.length + 1, { start: '0' }], 'FIX_LOG_LINE'],
    ],
    ['bars for SOH', lines('> ', piped, '\n'), [[piped.length + 3, { start: '2', soh: '|' }]]],
    ['^A for SOH', lines(careted, '\n'), [[careted.length + 1, { start: '0', soh: '^A' }]]],
    [
      'no line ends',
      lines(heartbeat, order),
      [
        [heartbeat.length, { start: '0' }],
        [order.length, { start: '0' }],
      ],
    ],
    ['no line end at the end', lines(heartbeat), [[heartbeat.length, { start: '0' }]]],
  ])('%s', (_, stream, expected) => {
    expect(told(stream)).toEqual(expected);
  });

  test('a line end inside a data field does not cut', () => {
    const message = Buffer.from(
      writeFix('FIX.4.4', [
        [35, 'B'],
        [95, '5'],
        [96, 'a\n8=b'],
      ]),
    );
    expect(told(lines(message, '\n', heartbeat, '\n'))).toEqual([
      [message.length + 1, { start: '0' }],
      [heartbeat.length + 1, { start: '0' }],
    ]);
  });

  test('any split gives the same cuts, and every byte is told once', () => {
    const stream = lines(
      'x 8=FI\n',
      '> ',
      piped,
      '\n',
      heartbeat,
      heartbeat,
      '\n',
      'y'.repeat(900),
      '\n',
      careted,
      '\nz',
      order,
    );
    const whole = cuts(fixLogFramer, [stream], tight);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (places) => {
        const ends = [...places, stream.length].sort((left, right) => left - right);
        const chunks = ends.map((end, number) => stream.subarray(ends[number - 1] ?? 0, end));
        expect(cuts(fixLogFramer, chunks, tight)).toEqual(whole);
      }),
    );
    expect(
      cuts(
        fixLogFramer,
        [...stream].map((byte) => Buffer.of(byte)),
        tight,
      ),
    ).toEqual(whole);
    expect(whole.reduce((sum, cut) => sum + Number(cut.split(' ')[1]), 0)).toBe(stream.length);
  });

  test('a line beyond the limit is told in pieces, and the next one is read', () => {
    const found = cuts(fixLogFramer, [lines('y'.repeat(900), '\n', heartbeat)], tight);
    expect(found.at(0)).toBe('FIX_MESSAGE_TOO_LONG 64');
    expect(found.at(-1)).toBe(frame(heartbeat));
  });
});
