import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Micros } from '../core/clock.ts';
import type { Segment } from './segment-writer.ts';
import { WireError, WireReader, WireWriter } from './wire.ts';

/** The first byte of a block's metadata: the version of its form. */
const formVersion = 1;

/** How often an entry that was there already came again in one commit. */
export interface BlockRepeat {
  readonly offset: number;
  readonly count: number;
  readonly lastAt: Micros;
}

/** One group commit of one channel, apart from its entries. */
export interface BlockHeader {
  readonly number: number;
  readonly channel: string;
  readonly firstSequence: number;
  readonly count: number;
  readonly epoch: number;
  readonly committedAt: Micros;
  /** The source's position as canonical JSON; empty when it never said one. */
  readonly position: string;
  readonly repeats: readonly BlockRepeat[];
}

/**
 * The metadata of a block: its header, its repeats, and its segment as it is. Written in front of the segment where that
 * left room for it, so that nothing is copied.
 */
export function encodeMeta(
  header: BlockHeader,
  { meta, front }: Pick<Segment, 'meta' | 'front'>,
): Uint8Array {
  const writer = new WireWriter(Buffer.from(new ArrayBuffer(512)));
  writer.number(formVersion);
  writer.number(header.number);
  writer.text(header.channel);
  writer.number(header.firstSequence);
  writer.number(header.count);
  writer.number(header.epoch);
  writer.number(header.committedAt);
  writer.text(header.position);
  writer.number(header.repeats.length);
  for (const { offset, count, lastAt } of header.repeats) {
    writer.number(offset);
    writer.number(count);
    writer.number(lastAt);
  }
  writer.number(meta.length);
  const head = writer.view();
  if (head.length > front) return Buffer.concat([head, meta]);
  const whole = new Uint8Array(meta.buffer, meta.byteOffset - head.length, head.length + meta.length);
  whole.set(head);
  return whole;
}

/** What {@link encodeMeta} wrote. Throws {@link WireError}. */
export function decodeMeta(meta: Uint8Array): { readonly header: BlockHeader; readonly segment: Uint8Array } {
  const reader = new WireReader(meta);
  const version = reader.number();
  if (version !== formVersion) throw new WireError(`form ${version} is not known`);
  const open = {
    number: reader.number(),
    channel: reader.text(),
    firstSequence: reader.number(),
    count: reader.number(),
    epoch: reader.number(),
    committedAt: reader.number(),
    position: reader.text(),
  };
  const header = { ...open, repeats: readRepeats(reader) };
  const segment = reader.bytes();
  if (!reader.done) throw new WireError('bytes are left over');
  return { header, segment };
}

function readRepeats(reader: WireReader): BlockRepeat[] {
  const count = reader.number();
  const repeats: BlockRepeat[] = [];
  while (repeats.length < count) {
    repeats.push({ offset: reader.number(), count: reader.number(), lastAt: reader.number() });
  }
  return repeats;
}

/** The chain value before the first block of a channel: 32 zero bytes. */
export const genesisChain: Uint8Array = new Uint8Array(32);

/**
 * The chain value of a block: SHA-256 over the 32 bytes of the previous value, the SHA-256 of the metadata and the
 * SHA-256 of the bytes. So the bytes may go, and the proof stays.
 */
export function chainValue(previous: Uint8Array, metaHash: Uint8Array, bytesHash: Uint8Array): Buffer {
  return sha256Bytes(Buffer.concat([previous, metaHash, bytesHash]));
}

export function sha256Bytes(data: Uint8Array): Buffer {
  return hash('sha256', data, 'buffer');
}
