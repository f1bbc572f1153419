import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { sumOf, sumText } from './checksum.ts';
import type { FixField } from './message.ts';

/**
 * The bytes of a message of these fields, in the order given: BeginString(8), BodyLength(9), the fields, CheckSum(10).
 * Text is written in Latin-1. The first field is MsgType(35); 8, 9 and 10 are not given. Whoever writes a data field
 * writes its length field before it.
 */
export function writeFix(beginString: string, fields: readonly FixField[]): Uint8Array {
  assert(fields[0]?.[0] === 35, 'the first field is MsgType(35)');
  const heads = fields.map(([tag]) => `${tag}=`);
  let bodyLength = 0;
  for (const [number, [, value]] of fields.entries())
    bodyLength += (heads[number]?.length ?? 0) + value.length + 1;
  const head = `8=${beginString}\u00019=${bodyLength}\u0001`;
  const bytes = Buffer.allocUnsafe(head.length + bodyLength + 7);
  let at = bytes.write(head, 'latin1');
  for (const [number, [, value]] of fields.entries()) {
    at += bytes.write(heads[number] ?? '', at, 'latin1');
    if (typeof value === 'string') at += bytes.write(value, at, 'latin1');
    else {
      bytes.set(value, at);
      at += value.length;
    }
    bytes[at++] = 1;
  }
  bytes.write(`10=${sumText(sumOf(bytes, 0, at))}\u0001`, at, 'latin1');
  return bytes;
}
