import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';

/** A field of the wire: tag and value, one character a byte. */
export type Field = readonly [tag: number, value: string];

/**
 * Tags of the standard header, without 8, 9 and 35. What stands before the first other tag is the header.
 * Source: FIX 4.4, Volume 1, "Standard Message Header"; FIXT 1.1 for 1128, 1129 and 1156.
 */
const headerTags = new Set([
  34, 43, 49, 50, 52, 56, 57, 90, 91, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369,
  627, 1128, 1129, 1156,
]);

export function isHeaderTag(tag: number): boolean {
  return tag === 8 || tag === 9 || tag === 35 || headerTags.has(tag);
}

/** SignatureLength(93), Signature(89), CheckSum(10). Source: FIX 4.4, Volume 1, "Standard Message Trailer". */
export function isTrailerTag(tag: number): boolean {
  return tag === 93 || tag === 89 || tag === 10;
}

/**
 * The bytes of a message: 8, 9, 35, the header by tag, the body as it is given, 10. Tags of a header have no order
 * in the standard beyond the first three; ascending is what the public conformance pack compares with.
 */
export function writeMessage(
  beginString: string,
  type: string,
  header: readonly Field[],
  body: readonly Field[],
): Uint8Array {
  const sorted = isSorted(header) ? header : header.toSorted(byTag);
  const bodyLength = '35=|'.length + type.length + lengthOf(sorted) + lengthOf(body);
  const front = `8=${beginString}\u00019=${bodyLength}\u000135=${type}\u0001`;
  const lead = front.length - '35=|'.length - type.length;
  const bytes = Buffer.allocUnsafe(lead + bodyLength + '10=000|'.length);
  let at = put(bytes, 0, front);
  at = putFields(bytes, putFields(bytes, at, sorted), body);
  put(bytes, at, '10=000\u0001');
  writeSum(bytes);
  return bytes;
}

/** How many bytes fields take, one for each character of their values. */
function lengthOf(fields: readonly Field[]): number {
  let length = 0;
  for (const [tag, value] of fields) length += String(tag).length + value.length + 2;
  return length;
}

/** A heartbeat is awaited: characters are put down one by one, and no text is put together first. */
function putFields(bytes: Uint8Array, from: number, fields: readonly Field[]): number {
  let at = from;
  for (const [tag, value] of fields) {
    at = put(bytes, at, String(tag));
    bytes[at++] = equals;
    at = put(bytes, at, value);
    bytes[at++] = separator;
  }
  return at;
}

const equals = 0x3d;
const separator = 1;

/** Of a character the low eight bits, as Latin-1 has it. Gives the place behind. */
function put(bytes: Uint8Array, from: number, text: string): number {
  for (let next = 0; next < text.length; next++) bytes[from + next] = text.charCodeAt(next);
  return from + text.length;
}

/** Most headers are written in their order. */
function isSorted(header: readonly Field[]): boolean {
  for (let at = 1; at < header.length; at++) {
    if (byTag(header[at - 1] as Field, header[at] as Field) > 0) return false;
  }
  return true;
}

/** By tag, and NoHops(627) last: its group, which is written as it was given, has to follow it. */
function byTag([left]: Field, [right]: Field): number {
  if (left === right) return 0;
  if (left === 627) return 1;
  return right === 627 ? -1 : left - right;
}

/** A message that was sent, as it is sent again: PossDupFlag(43), OrigSendingTime(122), a new time; its body untouched. */
export function resentBytes(
  stored: Uint8Array,
  sendingTime: string,
  processed: string | undefined,
): Uint8Array {
  const { beginString, type, header, bodyAt, bodyEnd } = readStored(stored);
  const kept = header.filter(([tag]) => tag !== 43 && tag !== 52 && tag !== 122 && tag !== 369);
  const first = header.find(([tag]) => tag === 122) ?? header.find(([tag]) => tag === 52);
  const changed: Field[] = [...kept, [43, 'Y'], [52, sendingTime]];
  if (first !== undefined) changed.push([122, first[1]]);
  if (processed !== undefined) changed.push([369, processed]);
  changed.sort(byTag);
  const head = latin1Bytes(`35=${type}\u0001${textOf(changed)}`);
  return sealed(beginString, Buffer.concat([head, stored.subarray(bodyAt, bodyEnd)]));
}

/** A message that waited for its turn, as it is sent for the first time: with the time of now, so that nobody finds it too old. */
export function delayedBytes(
  stored: Uint8Array,
  sendingTime: string,
  processed: string | undefined,
): Uint8Array {
  const { beginString, type, header, bodyAt, bodyEnd } = readStored(stored);
  const now = new Map([[52, sendingTime], ...(processed === undefined ? [] : [[369, processed] as const])]);
  const changed = header.map(([tag, value]): Field => [tag, now.get(tag) ?? value]);
  const head = latin1Bytes(`35=${type}\u0001${textOf(changed)}`);
  return sealed(beginString, Buffer.concat([head, stored.subarray(bodyAt, bodyEnd)]));
}

/** MsgType(35) of bytes that this session wrote. */
export function storedType(stored: Uint8Array): string {
  return readStored(stored).type;
}

interface Stored {
  readonly beginString: string;
  readonly type: string;
  readonly header: readonly Field[];
  readonly bodyAt: number;
  readonly bodyEnd: number;
}

/**
 * Data fields of a header, by the tag of their length field: SecureData(91), XmlData(213). Source: FIX 4.4, Volume 1, "Standard Message
 * Header". An XMLnonFIX(n) holds a whole message there, separators included.
 */
const headerData: ReadonlyMap<number, number> = new Map([
  [90, 91],
  [212, 213],
]);

/** Reads a header that {@link writeMessage} wrote. */
function readStored(stored: Uint8Array): Stored {
  const header: Field[] = [];
  let beginString = '';
  let type = '';
  let at = 0;
  let before: Field = [0, ''];
  while (at < stored.length) {
    const end = stored.indexOf(1, dataEnd(stored, at, before));
    const field = splitField(latin1Text(stored, at, end));
    const [tag, value] = field;
    if (!isHeaderTag(tag)) break;
    if (tag === 8) beginString = value;
    else if (tag === 35) type = value;
    else if (tag !== 9) header.push(field);
    at = end + 1;
    before = field;
  }
  return { beginString, type, header, bodyAt: at, bodyEnd: stored.length - '10=000|'.length };
}

/** Behind the data of a field that the one before it measures; its beginning for every other field. */
function dataEnd(stored: Uint8Array, at: number, [lengthTag, length]: Field): number {
  const tag = headerData.get(lengthTag);
  if (tag === undefined) return at;
  const start = `${tag}=`;
  return latin1Text(stored, at, at + start.length) === start ? at + start.length + Number(length) : at;
}

function splitField(text: string): Field {
  const equals = text.indexOf('=');
  return [Number(text.slice(0, equals)), text.slice(equals + 1)];
}

function textOf(fields: readonly Field[]): string {
  let text = '';
  for (const [tag, value] of fields) text += `${tag}=${value}\u0001`;
  return text;
}

/** 8 and 9 before the content, 10 behind it. Source: FIX 4.4, Volume 2, "CheckSum calculation". */
function sealed(beginString: string, content: Uint8Array): Uint8Array {
  const head = latin1Bytes(`8=${beginString}\u00019=${content.length}\u0001`);
  const bytes = Buffer.concat([head, content, latin1Bytes('10=000\u0001')]);
  writeSum(bytes);
  return bytes;
}

/** Writes CheckSum(10) anew; the bytes end with `10=ddd|`. */
export function writeSum(bytes: Uint8Array): void {
  const end = bytes.length - '10=000|'.length;
  let sum = 0;
  for (let at = 0; at < end; at++) sum += bytes[at] as number;
  const text = String(sum & 0xff).padStart(3, '0');
  for (let digit = 0; digit < 3; digit++) bytes[end + 3 + digit] = text.charCodeAt(digit);
}
