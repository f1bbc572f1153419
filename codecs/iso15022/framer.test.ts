import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { cutsOf } from '../../test/codec-suite.ts';
import { mtFramer } from './index.ts';

const head = '{1:F01HALYUS33AXXX1234567890}{2:O5480630261112DTCYUS33AXXX00000012342611120630N}';
const text = '{4:\r\n:20C::SEME//REF1\r\n-}';
const whole = `${head}${text}{5:{CHK:0123456789AB}}{S:{SPD:}}`;
const bare = '{4:\n:20C::SEME//REF1\n-}';
const ack = '{1:F21HALYUS33AXXX1234567890}{4:{177:2611120630}{451:0}}';

/** `frame …` or the code of the garbage, with its text. */
function cuts(stream: string): readonly string[] {
  return cutsOf(mtFramer, [latin1Bytes(stream)]).map((cut) => {
    const bytes = latin1Text(cut.bytes);
    return cut.kind === 'frame' ? `frame ${bytes}` : `${cut.kind === 'garbage' ? cut.why.code : ''} ${bytes}`;
  });
}

describe('a stream of messages', () => {
  test.each<[string, string, readonly string[]]>([
    ['one message with all blocks', whole, [`frame ${whole}`]],
    ['a bare text', bare, [`frame ${bare}`]],
    ['a message without block 1', `{2:I548DTCYUS33XXXXN}${text}`, [`frame {2:I548DTCYUS33XXXXN}${text}`]],
    ['glued', `${whole}${whole}`, [`frame ${whole}`, `frame ${whole}`]],
    ['bare texts behind each other', `${bare}${bare}`, [`frame ${bare}`, `frame ${bare}`]],
    ['line ends between blocks', `${head}\r\n${text}`, [`frame ${head}\r\n${text}`]],
    [
      'line ends behind belong to the message',
      `${whole}\r\n\r\n${bare}`,
      [`frame ${whole}\r\n\r\n`, `frame ${bare}`],
    ],
    ['RJE', `${whole}$${whole}`, [`frame ${whole}$`, `frame ${whole}`]],
    [
      'SOH and ETX',
      `\u0001${whole}\u0003\u0001${whole}\u0003`,
      [`frame \u0001${whole}\u0003`, `frame \u0001${whole}\u0003`],
    ],
    ['an ACK with the original behind it', `${ack}${whole}`, [`frame ${ack}`, `frame ${whole}`]],
    [
      'garbage between',
      `${whole}\nLOST LINE\n${bare}`,
      [`frame ${whole}\n`, 'MT_GARBAGE LOST LINE\n', `frame ${bare}`],
    ],
    ['garbage in front', `8=FIX {x}${bare}`, ['MT_GARBAGE 8=FIX {x}', `frame ${bare}`]],
    ['blanks in front', `\r\n${bare}`, ['MT_SEPARATOR \r\n', `frame ${bare}`]],
    ['cut by the end', `${head}{4:\r\n:20C:`, [`MT_TRUNCATED ${head}{4:\r\n:20C:`]],
    [
      'cut by the next one',
      `${head}{4:\r\n:20C:${whole}`,
      [`MT_TRUNCATED ${head}{4:\r\n:20C:`, `frame ${whole}`],
    ],
    ['cut in a block by the next one', `{1:F01HALY${whole}`, ['MT_TRUNCATED {1:F01HALY', `frame ${whole}`]],
    [
      'a bare text cut by the next one',
      `{4:\n:20C:\u0001${bare}`,
      ['MT_TRUNCATED {4:\n:20C:', `frame \u0001${bare}`],
    ],
    ['a dash and brace inside of a line', `{4:\n:70E::SPRO//A-}B\n-}`, ['frame {4:\n:70E::SPRO//A-}B\n-}']],
    ['no message at all', 'nothing here', ['MT_GARBAGE nothing here']],
    ['nothing', '', []],
  ])('%s', (_, stream, told) => {
    expect(cuts(stream)).toEqual(told);
    const bytewise = [...latin1Bytes(stream)].map((byte) => Uint8Array.of(byte));
    expect(cutsOf(mtFramer, bytewise)).toEqual(cutsOf(mtFramer, [latin1Bytes(stream)]));
  });

  test('separators behind a message are bounded', () => {
    const [frame, rest] = cutsOf(mtFramer, [latin1Bytes(bare + ' '.repeat(5000))]);
    expect(frame?.bytes.length).toBe(bare.length + 1024);
    expect(rest).toMatchObject({ kind: 'garbage', why: { code: 'MT_SEPARATOR' } });
  });

  test('a message that does not end is told in pieces, and the next one counts', () => {
    const max = limits.mtMessageBytesMax;
    const stream = latin1Bytes(`{4:\n${'x'.repeat(2 * max)}\n${bare}`);
    const told = cutsOf(mtFramer, [stream]);
    expect(told.at(-1)).toMatchObject({ kind: 'frame' });
    const lost = told.slice(0, -1);
    expect(new Set(lost.map((cut) => (cut.kind === 'garbage' ? cut.why.code : '')))).toEqual(
      new Set(['MT_MESSAGE_TOO_LONG']),
    );
    expect(lost.length).toBeGreaterThan(10);
    const parts = Array.from({ length: Math.ceil(stream.length / 70_001) }, (_, n) =>
      stream.subarray(n * 70_001, (n + 1) * 70_001),
    );
    expect(cutsOf(mtFramer, parts).map(({ bytes }) => bytes.length)).toEqual(
      told.map(({ bytes }) => bytes.length),
    );
  });
});

test('a fixed header whose end has no line end is cut the same byte by byte', () => {
  const fixed = 'PASSWORD1234SENDER01515/000/GSCCRECEIVER\r\n:16R:GENL\r\n:20C::SEME//REF1\r\n:16S:GENL\r\n-';
  const stream = latin1Bytes(`${fixed}${whole}`);
  const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
  const once = cutsOf(mtFramer, [stream]);
  expect(once.map(({ kind, bytes }) => `${kind} ${bytes.length}`)).toEqual([
    `garbage ${fixed.length}`,
    `frame ${whole.length}`,
  ]);
  expect(cutsOf(mtFramer, bytes)).toEqual(once);
});
