import { limits } from '../../src/core/limits.ts';

/** The one channel of the log of the expiry's kills. */
export const expiryKillsChannel = 'desk';

/** Small: blocks stand in rows and in files, several of those, and some entries are blobs. */
export const expiryKillsLimits = {
  ...limits,
  blockInlineBytesMax: 2048,
  blockFileBytesMax: 48 * 1024,
  entryBytesInlineMax: 8192,
};

/** The bytes of one entry, which its number fixes; wherever they stand, they say which they are. */
export function secretText(number: number): string {
  return `secret-${String(number).padStart(7, '0')}-`.padEnd(number % 30 === 0 ? 20_000 : 300, '.');
}

/** The numbers of all secrets in some bytes. */
export function secretsIn(bytes: Buffer): number[] {
  return [...bytes.toString('latin1').matchAll(/secret-(\d{7})-/g)].map(([, number]) => Number(number));
}
