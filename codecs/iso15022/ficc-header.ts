/**
 * The fixed header of the fixed income clearing corporation's interactive messages, which stand on queues without FIN blocks: password
 * (12 characters), sender (8), type (`515/000/GSCC`), receiver (8), a line end; then fields as in block 4, and a line `-` that ends them.
 * Source: GSD Real-Time Trade Matching, interactive messaging specification, "message header".
 */
export interface FiccHeader {
  /** Undefined where the columns are blank. */
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  /** `515`. */
  readonly type: string;
  /** `515/000/GSCC`, as it stands. */
  readonly messageType: string;
  /** How long the password is, blanks behind it left out. The password itself stands in the message's bytes and nowhere else. */
  readonly passwordChars: number;
  /** Behind the line end of the header. */
  readonly behind: number;
}

/** Columns of the header, offsets from 0 and ends out. */
const columns = { password: [0, 12], sender: [12, 20], type: [20, 32], receiver: [32, 40] } as const;

/** Bytes of the header before its line end. */
export const ficcHeaderChars = 40;
/** Where the first `/` of the type stands: what a header is found by. */
export const ficcSlashAt = 23;

const pattern = /[A-Za-z0-9 ]{20}\d{3}\/\d{3}\/[A-Z0-9]{4}[A-Za-z0-9 ]{8}\r?\n(?=[:-])/y;

/** The header that stands at an offset of a text with one character a byte; undefined where none does. */
export function readFiccHeader(text: string, at: number): FiccHeader | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  if (found === undefined) return undefined;
  const part = ([from, to]: readonly [number, number]): string => found.slice(from, to).trim();
  const messageType = part(columns.type);
  return {
    sender: part(columns.sender) || undefined,
    receiver: part(columns.receiver) || undefined,
    type: messageType.slice(0, 3),
    messageType,
    passwordChars: part(columns.password).length,
    behind: at + found.length,
  };
}

export type Seen = 'yes' | 'no' | 'maybe';

/** Whether a header begins at an offset of these bytes; `maybe` where they end before that is sure. */
export function ficcHeaderBegins(bytes: Uint8Array, from: number): Seen {
  for (let column = 0; column < ficcHeaderChars; column++) {
    const byte = bytes[from + column];
    if (byte === undefined) return 'maybe';
    if (!fitsColumn(byte, column)) return 'no';
  }
  let at = from + ficcHeaderChars;
  if (bytes[at] === 0x0d) at++;
  if (at >= bytes.length) return 'maybe';
  if (bytes[at] !== 0x0a) return 'no';
  const first = bytes[at + 1];
  if (first === undefined) return 'maybe';
  return first === 0x3a || first === 0x2d ? 'yes' : 'no';
}

function fitsColumn(byte: number, column: number): boolean {
  const digit = byte >= 0x30 && byte <= 0x39;
  if (column === ficcSlashAt || column === ficcSlashAt + 4) return byte === 0x2f;
  const [from] = columns.type;
  if (column >= from && column < from + 7) return digit;
  const letter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
  return digit || letter || byte === 0x20;
}
