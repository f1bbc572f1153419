import { expect, test } from 'vitest';
import { fix, writeFix } from './index.ts';
import type { FixField } from './message.ts';

/** 注文 (an order) in each encoding that the standard names. */
const texts: readonly (readonly [string, readonly number[]])[] = [
  ['ISO-2022-JP', [0x1b, 0x24, 0x42, 0x43, 0x6d, 0x4a, 0x38, 0x1b, 0x28, 0x42]],
  ['EUC-JP', [0xc3, 0xed, 0xca, 0xb8]],
  ['SHIFT_JIS', [0x92, 0x8d, 0x95, 0xb6]],
  ['Shift_JIS', [0x92, 0x8d, 0x95, 0xb6]],
  ['UTF-8', [0xe6, 0xb3, 0xa8, 0xe6, 0x96, 0x87]],
];

function news(encoding: string | undefined, bytes: readonly number[], begin = 'FIX.4.4'): Uint8Array {
  const fields: readonly FixField[] = [
    [35, 'B'],
    [49, 'TOKYO'],
    [56, 'US'],
    [34, '7'],
    [52, '20261110-14:30:00'],
    ...(encoding === undefined ? [] : [[347, encoding] as const]),
    [148, 'caf\u00e9'],
    [358, String(bytes.length)],
    [359, Uint8Array.from(bytes)],
  ];
  return writeFix(begin, fields);
}

const viewOf = (bytes: Uint8Array): string => JSON.stringify(fix.decode({ bytes }).message?.view());

test.each(texts)('%s is shown as the text that it is, and keeps its bytes', (encoding, bytes) => {
  const wire = news(encoding, bytes);
  const { message } = fix.decode({ bytes: wire });
  expect(viewOf(wire)).toContain('"decoded":"注文"');
  expect([...(message?.raw(359) ?? [])]).toEqual(bytes);
  expect(message && fix.encode(message)).toEqual(wire);
});

test('UTF-8 with a separator inside of its length is read whole', () => {
  const wire = news('UTF-8', [0xe6, 0xb3, 0xa8, 1, 0x31, 0x30, 0x3d]);
  expect(viewOf(wire)).toContain('"decoded":"注\\u000110="');
  expect(fix.decode({ bytes: wire }).issues.map(({ code }) => code)).not.toContain('FIX_DATA_LENGTH');
});

test.each([
  ['no encoding is named', undefined, [0xe6, 0xb3, 0xa8]],
  ['nobody knows the encoding', 'UTF-7', [0xe6, 0xb3, 0xa8]],
  ['the bytes are not of it', 'UTF-8', [0xe6, 0xb3]],
])('where %s, the bytes are shown one character each', (_, encoding, bytes) => {
  const shown = viewOf(news(encoding, bytes));
  expect(shown).not.toContain('decoded');
  expect(shown).toContain(JSON.stringify(String.fromCharCode(...bytes)));
});

test('Latin-1 outside of encoded fields survives as it is', () => {
  const wire = news('UTF-8', [0x41]);
  const { message } = fix.decode({ bytes: wire });
  expect(message?.get(148)).toBe('caf\u00e9');
  expect([...(message?.raw(148) ?? [])].at(-1)).toBe(0xe9);
  expect(viewOf(wire)).toContain('café');
});
