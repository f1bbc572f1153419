/**
 * The sum of the bytes from `from` to `to`, modulo 256. For CheckSum(10) they run from `8=` up to and including the
 * SOH before `10=`. Source: FIX 4.4, Volume 2, "CheckSum calculation".
 */
export function sumOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (const end = to - 7; at < end; at += 8) {
    sum +=
      (bytes[at] as number) +
      (bytes[at + 1] as number) +
      (bytes[at + 2] as number) +
      (bytes[at + 3] as number) +
      (bytes[at + 4] as number) +
      (bytes[at + 5] as number) +
      (bytes[at + 6] as number) +
      (bytes[at + 7] as number);
  }
  for (; at < to; at++) sum += bytes[at] as number;
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
