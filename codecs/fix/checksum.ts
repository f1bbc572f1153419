/** Below it, adding byte by byte is as quick. */
const fewBytes = 128;
/** Bytes that are added four at a time have sixteen bits each to grow in: so many words, and they are put together. */
const wordsAtOnce = 256;
const everySecond = 0x00ff_00ff;

/** The memory that was summed last, seen by words: messages come many in one piece. */
let seen = new Uint8Array();
let words = new DataView(seen.buffer);

/**
 * The sum of the bytes from `from` to `to`, modulo 256. For CheckSum(10) they run from `8=` up to and including the
 * SOH before `10=`. Source: FIX 4.4, Volume 2, "CheckSum calculation".
 */
export function sumOf(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < fewBytes) return sumOfFew(bytes, from, to);
  if (bytes !== seen) {
    seen = bytes as Uint8Array<ArrayBuffer>;
    words = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  }
  let sum = 0;
  let at = from;
  while (at + 4 <= to) {
    const end = Math.min(to - 3, at + wordsAtOnce * 4);
    let even = 0;
    let odd = 0;
    for (; at < end; at = (at + 4) | 0) {
      const word = words.getUint32(at, true);
      even = (even + (word & everySecond)) | 0;
      odd = (odd + ((word >>> 8) & everySecond)) | 0;
    }
    sum += (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
  }
  for (; at < to; at++) sum += bytes[at] as number;
  return sum & 0xff;
}

function sumOfFew(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += bytes[at] as number;
  return sum & 0xff;
}

/** A sum as CheckSum(10) writes it: three digits. */
export function sumText(sum: number): string {
  return String(sum).padStart(3, '0');
}

/** The value of three digits at `at`, or -1 where they are no digits. */
export function threeDigits(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let digit = at; digit < at + 3; digit++) {
    const byte = bytes[digit];
    if (byte === undefined || byte < 0x30 || byte > 0x39) return -1;
    value = value * 10 + byte - 0x30;
  }
  return value;
}
