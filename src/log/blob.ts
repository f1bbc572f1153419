import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { blockOfOffset, type Entry, indexOfOffset } from '../contract/entry.ts';
import type { GatewayError } from '../core/errors.ts';
import type { BlockReader } from './block-reader.ts';
import { damagedBlock } from './damage.ts';
import { logError } from './failure.ts';

/**
 * The bytes of an entry in pieces, wherever they stand. Fails with `LOG_EXPIRED`, and with `LOG_DAMAGED` when a blob does
 * not hash to what its block says: at the latest behind its last piece.
 */
export async function* readBlob(reader: BlockReader, entry: Entry): AsyncIterable<Uint8Array> {
  if (entry.storage === 'inline') {
    yield entry.bytes;
    return;
  }
  const number = blockOfOffset(entry.offset);
  const stored = reader.block(number)?.segment[indexOfOffset(entry.offset)];
  if (entry.storage === 'expired' || stored?.blob === undefined) throw expired(reader, entry);
  const hash = createHash('sha256');
  let size = 0;
  for (let piece = 0; size < stored.size; piece++) {
    const bytes = reader.chunk(entry.offset, piece);
    if (bytes === undefined) break;
    hash.update(bytes);
    size += bytes.length;
    yield bytes;
    await nextTurn();
  }
  if (size === stored.size && hash.digest('hex') === stored.blob) return;
  if (reader.expired(number)) throw expired(reader, entry);
  throw damagedBlock(reader.path, number, 'a blob is not whole', entry.channel);
}

function expired(reader: BlockReader, entry: Entry): GatewayError {
  return logError('LOG_EXPIRED', `the bytes of entry ${entry.offset} have expired`, { place: reader.path });
}
