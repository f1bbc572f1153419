import { generateKeyPairSync } from 'node:crypto';
import { manualClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { bytesOf, keyed, numbered } from './suite-drafts.ts';

/** When the clock of a {@link fullLog} begins. */
export const fullLogStart = 1_790_000_000_000_000;

/** Small limits: a few entries fill several blocks and several chunks, and some blocks stand in files, several of those. */
export const smallLimits = {
  ...limits,
  blockBytesMax: 8192,
  blockInlineBytesMax: 1024,
  blockFileBytesMax: 10_000,
  entryBytesInlineMax: 4000,
  blobChunkBytes: 1500,
};

/** A key that signs checkpoints. */
export function signingPem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * A log, still open, that holds something of everything: both directions, numbers with a hole filled late, keys, repeats,
 * conflicts, revisions, blobs, epochs, positions, checkpoints, and bytes that have expired.
 */
export async function fullLog(directory: string): Promise<SqliteLog> {
  const clock = manualClock(fullLogStart);
  const log = await openSqliteLog(directory, { clock, limits: smallLimits, durability: 'off' });
  const pem = signingPem();
  await log.append('old', [numbered(1, 'expired one'), numbered(2, 'w'.repeat(5000))], { position: 2 });
  clock.advance(1_000_000);
  await log.append('drop', [numbered(1), numbered(2), keyed('a')], { position: { nextIn: 3 }, epoch: 1 });
  await log.expireBytes(clock.now(), { by: 'anna', reason: 'seven years' });
  clock.advance(1_000_000);
  await log.append('drop', [numbered(5), numbered(6, 'b'.repeat(9000)), keyed('b')]);
  await log.append('drop', [numbered(1), numbered(2, 'changed'), keyed('a'), numbered(4)]);
  await log.checkpoint(pem);
  await log.append('drop', [numbered(1), numbered(3), keyed('a', 'changed')], { position: { nextIn: 7 } });
  const better = { kind: 'revision', revises: numbered(5).origin, by: 'anna', reason: 'wrong' } as const;
  await log.append('drop', [{ ...numbered(5, 'better'), ...better, revision: 1 }]);
  await log.append('drop', [{ ...numbered(5, 'best'), ...better, revision: 2 }]);
  await log.append('drop', [], { position: { nextIn: 8 } });
  const many = Array.from({ length: 60 }, (_, at) => numbered(100 + at, `${at} ${'m'.repeat(200)}`));
  await log.append('drop', [...many, numbered(200, 'out', { direction: 'out', bytes: bytesOf('') })], {
    epoch: 2,
  });
  await log.checkpoint(pem);
  await log.append('other', [numbered(1), numbered(3)]);
  return log;
}
