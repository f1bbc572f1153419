import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, hexText, latin1Bytes, latin1Text, sameBytes, shownText, utf8Bytes } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('latin1', () => {
  test('law: every byte survives the way to text and back', () => {
    fc.assert(fc.property(bytes, (any) => sameBytes(latin1Bytes(latin1Text(any)), any)));
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(latin1Text(all).length).toBe(256);
    expect(latin1Bytes(latin1Text(all))).toEqual(Buffer.from(all));
  });

  test('law: a part of a view is the part of its text', () => {
    fc.assert(
      fc.property(bytes, fc.nat(300), fc.nat(300), (any, from, length) => {
        const view = Buffer.concat([Buffer.from('before'), any, Buffer.from('behind')]).subarray(
          6,
          6 + any.length,
        );
        expect(latin1Text(view, from, from + length)).toBe(latin1Text(any).slice(from, from + length));
      }),
    );
  });
});

test('UTF-8', () => {
  expect([...utf8Bytes('é✓')]).toEqual([0xc3, 0xa9, 0xe2, 0x9c, 0x93]);
});

test('joined bytes are their parts in order', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), (parts) => {
      expect([...concatBytes(parts)]).toEqual(parts.flatMap((part) => [...part]));
    }),
  );
});

test('bytes are the same exactly when their hex is', () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(sameBytes(left, right)).toBe(hexText(left) === hexText(right));
      expect(sameBytes(left, Uint8Array.from(left))).toBe(true);
    }),
  );
  expect(hexText(Uint8Array.of(0, 15, 255))).toBe('000fff');
});

test('shown text has no control characters, and says how long it was', () => {
  expect(shownText('8=FIX.4.4\u00019=5\u0001')).toBe('8=FIX.4.4|9=5|');
  expect(shownText('a\u0000\u001b[31m\u007f\u0085\n')).toBe('a\\x00\\x1b[31m\\x7f\\x85\\x0a');
  expect(shownText('x'.repeat(65))).toBe(`${'x'.repeat(64)}… (65 characters)`);
  expect(shownText('x'.repeat(64))).toBe('x'.repeat(64));
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => !/[\u0000-\u001f\u007f-\u009f]/.test(shownText(text)),
    ),
  );
});
