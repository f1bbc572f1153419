import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumOf } from './checksum.ts';

test('a sum is that of its bytes one after the other, wherever they begin and end', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 1000, maxLength: 4000 }),
  );
  fc.assert(
    fc.property(bytes, fc.nat(), fc.nat(), (all, first, second) => {
      const [from, to] = [first % (all.length + 1), second % (all.length + 1)];
      const plain = all.slice(from, to).reduce((sum, byte) => (sum + byte) & 0xff, 0);
      expect(sumOf(all, from, to)).toBe(plain);
    }),
    { numRuns: 500 },
  );
});

test('long stretches of the highest byte do not run over', () => {
  const all = new Uint8Array(100_003).fill(0xff);
  for (const to of [1027, 1028, 1029, 4096, 100_003]) expect(sumOf(all, 0, to)).toBe((to * 0xff) & 0xff);
});
