import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { ChannelHead, Checkpoint, LogFinding } from '../contract/log.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import { sha256 } from './draft.ts';
import { logError } from './failure.ts';

/** What a channel's chain value was at a block; undefined where the log has no such block. */
export type ChainAt = (
  channel: string,
  block: number,
) => { readonly sequence: number; readonly chain: string } | undefined;

/** A signed checkpoint of these heads. Fails with `LOG_KEY`. */
export function signCheckpoint(
  privateKey: string,
  at: Micros,
  heads: readonly ChannelHead[],
  last: Checkpoint | undefined,
): Checkpoint {
  const key = signingKey(privateKey);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  const unsigned = {
    at: isoOfMicros(at),
    heads: heads.map(({ channel, sequence, block, chain }) => ({ channel, sequence, block, chain })),
    previous: last === undefined ? '' : checkpointHash(last),
    publicKey,
  };
  const signature = sign(null, Buffer.from(canonicalJson(unsigned)), key).toString('base64');
  return { ...unsigned, signature };
}

/** SHA-256 of the canonical JSON of a whole checkpoint: what the next one names as `previous`. */
export function checkpointHash(checkpoint: Checkpoint): string {
  return sha256(canonicalJson(plainCheckpoint(checkpoint)));
}

/** The checkpoint as a JSON value. */
export function plainCheckpoint(checkpoint: Checkpoint): JsonValue {
  return { ...checkpoint, heads: checkpoint.heads.map((head) => ({ ...head })) };
}

/**
 * What is wrong between a log and its checkpoints: the stored ones, and those that were kept in a second place. The
 * second place is the stronger witness: whoever rewrites a whole log can sign new checkpoints, but cannot take back the
 * old ones.
 */
export function judgeCheckpoints(
  stored: readonly Checkpoint[],
  given: readonly Checkpoint[],
  chainAt: ChainAt,
): LogFinding[] {
  const findings = [...stored.flatMap((one) => judgeOne(one, chainAt)), ...judgeOrder(stored)];
  const known = new Set(stored.map(checkpointHash));
  for (const checkpoint of given) {
    findings.push(...judgeOne(checkpoint, chainAt));
    if (known.has(checkpointHash(checkpoint))) continue;
    findings.push(
      finding('LOG_CHECKPOINT', '', 0, `the log does not hold the checkpoint of ${checkpoint.at}`),
    );
  }
  return findings;
}

function judgeOne(checkpoint: Checkpoint, chainAt: ChainAt): LogFinding[] {
  const { at } = checkpoint;
  if (!signatureHolds(checkpoint)) {
    return [finding('LOG_CHECKPOINT_SIGNATURE', '', 0, `the checkpoint of ${at} is not signed by its key`)];
  }
  return checkpoint.heads.flatMap((head) => {
    const found = chainAt(head.channel, head.block);
    if (found === undefined) {
      const message = `the checkpoint of ${at} knows block ${head.block}, and the log does not`;
      return [finding('LOG_CHECKPOINT', head.channel, head.block, message)];
    }
    if (found.chain === head.chain && found.sequence === head.sequence) return [];
    const message = `the checkpoint of ${at} has chain ${head.chain}, and the log has ${found.chain}`;
    return [finding('LOG_CHECKPOINT', head.channel, head.block, message)];
  });
}

function judgeOrder(stored: readonly Checkpoint[]): LogFinding[] {
  let previous = '';
  const findings: LogFinding[] = [];
  for (const checkpoint of stored) {
    if (checkpoint.previous !== previous) {
      const message = `the checkpoint of ${checkpoint.at} does not follow the one before it`;
      findings.push(finding('LOG_CHECKPOINT_SIGNATURE', '', 0, message));
    }
    previous = checkpointHash(checkpoint);
  }
  return findings;
}

export function finding(code: string, channel: string, block: number, message: string): LogFinding {
  return { code, channel, block, message };
}

function signatureHolds(checkpoint: Checkpoint): boolean {
  const { signature, ...unsigned } = checkpoint;
  try {
    const key = createPublicKey({
      key: Buffer.from(checkpoint.publicKey, 'base64'),
      type: 'spki',
      format: 'der',
    });
    const text = Buffer.from(canonicalJson(unsigned));
    return key.asymmetricKeyType === 'ed25519' && verify(null, text, key, Buffer.from(signature, 'base64'));
  } catch {
    return false; // Whatever is no key signs nothing.
  }
}

function signingKey(privateKey: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey);
  } catch {
    throw logError('LOG_KEY', 'this is no private key', { exitCode: 2 });
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw logError('LOG_KEY', `this is a key of type ${key.asymmetricKeyType}`, { exitCode: 2 });
  }
  return key;
}
