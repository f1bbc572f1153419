import { Buffer } from 'node:buffer';

/** By codec: makes the envelope of changed bytes right again, so that a fuzz gets behind it. */
export const repairs: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { fix: repairedFix };

/** The same fields with BodyLength(9) and CheckSum(10) as they should be, where the front is still there. */
function repairedFix(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const match = /^(8=FIX[^\u0001]*\u0001)9=[^\u0001]*\u0001([\s\S]*?)(?:10=[^\u0001]*\u0001?)?$/.exec(text);
  if (match === null) return bytes;
  const body = match[2] ?? '';
  const whole = Buffer.from(`${match[1]}9=${body.length}\u0001${body}`, 'latin1');
  const sum = whole.reduce((total, byte) => total + byte, 0) & 0xff;
  return Buffer.concat([whole, Buffer.from(`10=${String(sum).padStart(3, '0')}\u0001`)]);
}
