import { Buffer } from 'node:buffer';
import type { Frame } from '../../src/contract/frame.ts';

/** A frame's message with SOH as separator, and the way back to the frame's own offsets. */
export interface Wire {
  /** From `8=` to the end of CheckSum(10). */
  readonly bytes: Buffer;
  /** More than separators stands behind the message, and no log explains it. */
  readonly trailing: boolean;
  /** The offset in the frame of an offset in `bytes`. */
  place(offset: number): number;
}

/** A frame whose bytes are those of the wire, from their first one on. */
interface PlainFrame extends Frame {
  readonly bytes: Buffer;
}

/** True where nothing stands before the message, and its separators are separators: its offsets need no way back. */
export function isPlain(frame: Frame): frame is PlainFrame {
  const { bytes, context } = frame;
  if (!Buffer.isBuffer(bytes)) return false;
  return context === undefined || (context['start'] === undefined && context['soh'] === undefined);
}

const SOH = 1;
/** `8=` and a BeginString(8): far more than `FIXT.1.1` needs. */
const beginStringBytesMax = 26;
/** `10=ddd|`. */
const trailerBytes = 7;
const empty = Buffer.alloc(0);

/**
 * The message of a frame. In the frame of a log line, context `start` says where `8=` stands and `soh` which text
 * stands for SOH: `|` or `^A`. A stand-in counts as a separator only before `tag=` and at the message's end, so a text
 * that holds one survives.
 */
export function wireOf({ bytes, context }: Frame): Wire {
  const whole = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const said = Number(context?.['start'] ?? 0);
  const start = Number.isInteger(said) && said >= 0 && said <= whole.length ? said : 0;
  const logged = context?.['start'] !== undefined;
  const standIn = context?.['soh'] ?? '';
  if (standIn !== '') return standInWire(whole.subarray(start), start, standIn);
  const end = messageEnd(whole, start);
  const rest = end === whole.length ? empty : whole.subarray(end);
  return {
    bytes: start === 0 && rest === empty ? whole : whole.subarray(start, end),
    trailing:
      rest !== empty &&
      !logged &&
      rest.some((byte) => byte !== 0x0a && byte !== 0x0d && byte !== 0 && byte !== 0x20),
    place: (offset) => start + offset,
  };
}

/** Behind the SOH of CheckSum(10): where BodyLength(9) leads, else at the last trailer, else at the end. */
function messageEnd(bytes: Buffer, start: number): number {
  const counted = countedEnd(bytes, start);
  if (counted >= 0) return counted;
  const trailer = bytes.lastIndexOf('\u000110=', undefined, 'latin1');
  const close = trailer < start ? -1 : bytes.indexOf(SOH, trailer + 4);
  return close < 0 ? bytes.length : close + 1;
}

function countedEnd(bytes: Buffer, start: number): number {
  let at = start;
  const stop = Math.min(bytes.length - trailerBytes, start + beginStringBytesMax);
  while (at < stop && bytes[at] !== SOH) at++;
  if (at >= stop || bytes[at + 1] !== 0x39 || bytes[at + 2] !== 0x3d) return -1;
  let length = 0;
  let next = at + 3;
  for (; next < at + 12; next++) {
    const byte = bytes[next] ?? 0;
    if (byte < 0x30 || byte > 0x39) break;
    length = length * 10 + byte - 0x30;
  }
  const end = next + 1 + length;
  if (bytes[next] !== SOH || end > bytes.length || bytes[end - 1] !== SOH) return -1;
  if (bytes[end] !== 0x31 || bytes[end + 1] !== 0x30 || bytes[end + 2] !== 0x3d) return -1;
  if (bytes[end + 6] === SOH) return end + 7;
  const close = bytes.subarray(0, end + 20).indexOf(SOH, end + 3);
  return close < 0 ? -1 : close + 1;
}

/** `^A` is no text that people write: each one is a SOH. A `|` is one only where a field or the end follows. */
const separators: Readonly<Record<string, RegExp>> = { '|': /\|(?=\d{1,9}=|\s*$)/, '^A': /\^A/ };

function standInWire(bytes: Buffer, start: number, standIn: string): Wire {
  const text = bytes.toString('latin1');
  const separator = separators[standIn] ?? separators['|'] ?? /\|/;
  const message = /^[\s\S]*?(?:\||\^A)10=\d{0,3}(?:\||\^A)?/.exec(text)?.[0] ?? text.trimEnd();
  const wire = Buffer.from(message.split(separator).join('\u0001'), 'latin1');
  const longer = standIn.length - 1;
  const place = (offset: number): number =>
    start + offset + (longer === 0 ? 0 : longer * count(wire, offset));
  return { bytes: wire, trailing: false, place };
}

function count(bytes: Buffer, to: number): number {
  let found = 0;
  for (let at = 0; at < to; at++) if (bytes[at] === SOH) found++;
  return found;
}
