import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { AppendOptions, ChannelHead, ReadOptions } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import { sameBytes } from '../core/bytes.ts';
import type { Issue } from '../core/issue.ts';
import { logError } from './failure.ts';
import { logIssue } from './issues.ts';

/** A draft with nothing left open: what an engine stores. */
export interface Prepared extends EntryDraft {
  readonly digest: string;
  readonly revision: number;
  readonly events: readonly Uint8Array[];
  readonly issues: readonly Issue[];
}

/**
 * The draft with its digest, revision and lists filled in. What a caller may never do is asserted. Fails with
 * `LOG_REVISION` for a revision under another origin than that of what it revises: its events' ids name the origin.
 */
export function prepare(draft: EntryDraft): Prepared {
  const { origin } = draft;
  assert(draft.kind !== 'conflict', 'conflict entries are made by the log');
  assertScope(origin.scope);
  if ('key' in origin) assert(!unfitText.test(origin.key), 'a key is well-formed text without NUL');
  if ('ordinal' in origin) {
    assert(
      Number.isSafeInteger(origin.ordinal) && origin.ordinal >= 0,
      'an ordinal is a safe integer from 0',
    );
    assert(origin.ordinal < 1e15, 'an ordinal has at most 15 digits');
  }
  assert(Number.isSafeInteger(draft.receivedAt) && draft.receivedAt >= 0, 'receivedAt is in microseconds');
  const digest = draft.digest ?? sha256(draft.bytes);
  // That it is hex shows when its bytes are written.
  const { length } = digest;
  assert(length > 0 && length <= 128 && length % 2 === 0, 'a digest is hex of up to 64 bytes');
  const revision = draft.kind === 'revision' ? (draft.revision ?? 0) : 0;
  assert(Number.isSafeInteger(revision) && revision >= 0, 'revisions count from 1');
  const { revises } = draft;
  if (revises !== undefined && originText(revises) !== originText(origin)) {
    const message = `a revision of ${originText(revises)} cannot stand under ${originText(origin)}`;
    throw logError('LOG_REVISION', message);
  }
  const { kind, direction, receivedAt, bytes, events = [], issues = [] } = draft;
  const prepared: Writable = { kind, direction, origin, receivedAt, bytes, digest, revision, events, issues };
  if (draft.type !== undefined) prepared.type = draft.type;
  if (draft.codec !== undefined) prepared.codec = draft.codec;
  if (draft.context !== undefined) prepared.context = draft.context;
  if (draft.revises !== undefined) prepared.revises = draft.revises;
  if (draft.by !== undefined) prepared.by = draft.by;
  if (draft.reason !== undefined) prepared.reason = draft.reason;
  return prepared;
}

/** A draft as it is put together: a copy of an object with many members costs more than all of its checks. */
type Writable = { -readonly [Key in keyof Prepared]: Prepared[Key] };

/** What SQLite would not give back as it was: NUL, and half a surrogate pair. */
const unfitText = /[\0\p{Surrogate}]/u;
let fitScope = '';

/** Most drafts have the scope of the one before. */
function assertScope(scope: string): void {
  if (scope === fitScope) return;
  assert(!scope.includes('='), 'the scope of an origin holds no "="');
  assert(!unfitText.test(scope), 'a scope is well-formed text without NUL');
  fitScope = scope;
}

/** A channel has a name, of well-formed text. */
export function assertChannel(channel: string): void {
  assert(channel !== '' && !unfitText.test(channel), 'a channel has a name of well-formed text');
}

/**
 * The entry that keeps what came under a taken origin. Its key is made of the origin and the digest, so that the same
 * conflict coming again is a repeat. It has no events: their ids would be those of the first message.
 */
export function conflictOf(draft: Prepared): Prepared {
  const { origin } = draft;
  const place = 'ordinal' in origin ? String(origin.ordinal) : origin.key;
  const issue = logIssue(
    'LOG_CONFLICT',
    `another message holds ${originText(origin)}; this one is kept beside it`,
  );
  return {
    ...draft,
    kind: 'conflict',
    origin: { scope: origin.scope, key: `${place}!${draft.digest}` },
    events: [],
    issues: [...draft.issues, issue],
  };
}

/** True when both say the same with the same bytes and the same events: a correction that was sent twice. */
export function sameMeaning(there: Prepared, draft: Prepared): boolean {
  const { events } = there;
  return (
    sameBytes(there.bytes, draft.bytes) &&
    events.length === draft.events.length &&
    events.every((event, at) => sameBytes(event, draft.events[at] ?? new Uint8Array()))
  );
}

/** The epoch that a channel is in after an append. Fails with `LOG_EPOCH` unless a new one is one more. */
export function nextEpoch(head: Pick<ChannelHead, 'channel' | 'epoch'>, options: AppendOptions): number {
  const { epoch } = options;
  if (epoch === undefined) return head.epoch;
  if (epoch === head.epoch + 1) return epoch;
  const message = `channel ${head.channel} is in epoch ${head.epoch}; ${epoch} cannot follow it`;
  throw logError('LOG_EPOCH', message, { place: head.channel });
}

/** The head of a channel without blocks. */
export function emptyHead(channel: string): ChannelHead {
  return { channel, sequence: 0, block: 0, chain: '0'.repeat(64), epoch: 0, position: undefined };
}

/** True when a reader with these options asks for the entry. */
export function wanted(entry: Entry, options: ReadOptions): boolean {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, channel } = options;
  return entry.offset >= from && entry.offset <= to && (channel === undefined || entry.channel === channel);
}

/** SHA-256 as lower case hex. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}
