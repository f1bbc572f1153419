import { latin1Text } from '../../src/core/bytes.ts';
import { writeSum } from './compose.ts';

/**
 * Fields of a Logon(A) that hold secrets: Password(554), NewPassword(925), EncryptedPassword(1402),
 * EncryptedNewPassword(1404) and RawData(96), where many counterparties want the password.
 * Source: FIX 4.4 and FIX 5.0 SP2, "Logon"; users.md asks that they are shown as present, and masked.
 */
const secretTags = ['96', '554', '925', '1402', '1404'] as const;
/** Data fields: the length field right before says how many bytes are the value, separators included. */
const lengthTagOf: Readonly<Record<string, string>> = { '96': '95', '1402': '1401', '1404': '1403' };

/**
 * The bytes with every secret value replaced by as many `*`, and CheckSum(10) right again where there is one; the very
 * same bytes where nothing is secret. Works on garbled bytes too. `further`: tags that this session's options name.
 */
export function maskedBytes(bytes: Uint8Array, further: readonly string[] = []): Uint8Array {
  // Bytes that begin in the middle of a message may begin with a secret: every field has a separator before it.
  const text = `\u0001${latin1Text(bytes)}`;
  const spans = [...secretTags, ...further].flatMap((tag) => valuesOf(text, tag));
  if (spans.length === 0) return bytes;
  const masked = Buffer.from(bytes);
  for (const [from, to] of spans) masked.fill('*', from - 1, to - 1);
  if (/\u000110=\d{3}\u0001$/.test(text)) writeSum(masked);
  return masked;
}

function valuesOf(text: string, tag: string): (readonly [from: number, to: number])[] {
  const spans: (readonly [number, number])[] = [];
  const sign = `\u0001${tag}=`;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    const from = at + sign.length;
    const separator = text.indexOf('\u0001', from);
    const ending = separator < 0 ? text.length : separator;
    const to = Math.max(ending, Math.min(text.length, from + announcedLength(text, at, tag)));
    if (to > from) spans.push([from, to]);
  }
  return spans;
}

function announcedLength(text: string, at: number, tag: string): number {
  const lengthTag = lengthTagOf[tag];
  if (lengthTag === undefined) return 0;
  const before = text.slice(Math.max(0, at - 24), at);
  return Number(new RegExp(`\u0001${lengthTag}=(\\d{1,7})$`).exec(before)?.[1] ?? 0);
}
