import { latin1Bytes } from '../../src/core/bytes.ts';

/** Who a FIN message is from and to, and how its envelope looks. */
export interface FinEnvelope {
  /** A BIC of 8 or 11 characters, or a participant's number of up to 8. */
  readonly sender: string;
  readonly receiver: string;
  /** `YYMMDDhhmm` of the application header; the session's own clock. */
  readonly inputTime: string;
  /** Session and sequence number, ten digits. */
  readonly sessionSequence?: string;
}

export interface WriteOptions {
  /** Absent: a bare block 4. */
  readonly envelope?: FinEnvelope;
  readonly lineEnd?: '\r\n' | '\n';
}

/** A field of block 4: `['20C', ':SEME//REF1']`; further lines are separated by LF. */
export type WrittenField = readonly [tag: string, value: string];

/**
 * The bytes of a message of these fields: blocks 1, 2 (as the network hands it out) and 4, or block 4 alone. Source: the
 * structure of a FIN message as public descriptions have it; block 1 `F01` + 12 characters + session and sequence
 * number, block 2 `O` + type + time + 28 characters of the sender's reference + date, time and priority.
 */
export function writeMt(
  type: string,
  fields: readonly WrittenField[],
  { envelope, lineEnd = '\r\n' }: WriteOptions = {},
): Uint8Array {
  const lines = fields.map(([tag, value]) => `:${tag}:${value.replaceAll('\n', lineEnd)}`);
  const text = `{4:${[''].concat(lines, '-}').join(lineEnd)}`;
  return latin1Bytes(envelope === undefined ? text : `${headers(type, envelope)}${text}`);
}

function headers(type: string, { sender, receiver, inputTime, sessionSequence }: FinEnvelope): string {
  const number = sessionSequence ?? '0000000000';
  const date = inputTime.slice(0, 6);
  const time = inputTime.slice(6, 10);
  return `{1:F01${terminal(receiver)}${number}}{2:O${type}${time}${date}${terminal(sender)}${number}${date}${time}N}`;
}

/** The twelve characters of a logical terminal: eight of the institution, one of the terminal, three of the branch. */
function terminal(id: string): string {
  return `${id.slice(0, 8).padEnd(8, 'X')}A${id.slice(8, 11).padEnd(3, 'X')}`;
}
