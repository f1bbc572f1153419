import { hash } from 'node:crypto';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import { canonicalJson } from '../core/json.ts';
import { decodeEvent, eventJson } from '../events/index.ts';
import { meaningOf } from './entry-making.ts';
import { earlierFiles } from './file-identity.ts';
import { commit, type IntakePorts, nameOf } from './file-ports.ts';
import type { FilePosition } from './file-position.ts';
import { revisionOf } from './revision.ts';

/** Lookups and revisions of one commit. */
const batchEntriesMax = 512;

/**
 * What the records of a superseding file change: nothing where the same stands already, a revision where another one
 * stands, a new entry where none does. What closes a snapshot is told again in any case, behind the rows that changed. What
 * a person decided about a record holds as long as the record stays the same.
 */
export async function changesOf(
  ports: IntakePorts,
  drafts: readonly EntryDraft[],
): Promise<readonly EntryDraft[]> {
  const standing = await Promise.all(drafts.map((draft) => ports.log.find(nameOf(ports), draft.origin)));
  return drafts.flatMap((draft, at) => changeOf(ports, draft, standing[at]));
}

/** Takes back the records of the file before that have no place in this one, before anything else is said. */
export async function voidVanished(ports: IntakePorts, position: FilePosition): Promise<void> {
  const { key, generation = 1, cuts = 0 } = position;
  const files = await earlierFiles(ports.log, nameOf(ports), key);
  const last = files
    .filter((file) => file.generation < generation)
    .reduce((most, file) => Math.max(most, file.cuts), 0);
  for (let from = cuts + 1; from <= last; from += batchEntriesMax) {
    const ordinals = Array.from({ length: Math.min(batchEntriesMax, last + 1 - from) }, (_, at) => from + at);
    const standing = await Promise.all(
      ordinals.map((ordinal) => ports.log.find(nameOf(ports), { scope: key, ordinal })),
    );
    const gone = standing.filter((entry) => entry !== undefined && !isEmpty(entry)) as readonly Entry[];
    if (gone.length === 0) continue;
    await commit(
      ports,
      gone.map((entry) => emptyRevision(ports, entry)),
      position,
    );
  }
}

function changeOf(ports: IntakePorts, draft: EntryDraft, standing: Entry | undefined): readonly EntryDraft[] {
  if (standing === undefined) return [draft];
  const same = standing.digest === digestOf(draft);
  const decided = standing.kind === 'revision' && standing.by !== undefined;
  if (same && decided) return [];
  if (same && tellsTheSame(standing, draft) && !closesSnapshot(draft)) return [];
  if (draft.kind === 'quarantine')
    return [emptyRevision(ports, standing), beside(draft, standing.revision + 1)];
  return [revised(ports, draft, standing.revision + 1)];
}

function revised({ making }: IntakePorts, draft: EntryDraft, revision: number): EntryDraft {
  const received = { ...draft, kind: 'message' as const, issues: [], admin: false };
  return revisionOf(making, draft, draft.bytes, revision, meaningOf(making, received, revision));
}

/** A record that cannot be read, where another one stands: that one ends, and this one waits for a person beside it. */
function beside(draft: EntryDraft, revision: number): EntryDraft {
  const { origin } = draft;
  const place = 'ordinal' in origin ? String(origin.ordinal) : origin.key;
  return { ...draft, origin: { scope: origin.scope, key: `${place}@${revision}` } };
}

/** Nothing instead of what an entry said. */
function emptyRevision({ clock }: IntakePorts, { origin, direction, revision }: Entry): EntryDraft {
  return {
    kind: 'revision',
    direction,
    origin,
    receivedAt: clock.now(),
    bytes: new Uint8Array(),
    revision: revision + 1,
    revises: origin,
  };
}

/** What an entry of these bytes is compared by. */
export function digestOf({ digest, bytes }: EntryDraft): string {
  return digest ?? hash('sha256', bytes, 'hex');
}

/** True for what a superseding file took back. */
export function isEmpty({ kind, size }: Entry): boolean {
  return kind === 'revision' && size === 0;
}

function tellsTheSame(standing: Entry, draft: EntryDraft): boolean {
  const events = draft.events ?? [];
  if ((standing.kind === 'quarantine') !== (draft.kind === 'quarantine')) return false;
  if (standing.events.length !== events.length) return false;
  return standing.events.every((event, at) => said(event) === said(events[at] ?? event));
}

/** What an event says, apart from when and how often it was said. */
function said(bytes: Uint8Array): string {
  const event = eventJson(decodeEvent(bytes));
  return canonicalJson(
    Object.assign({}, event, { id: undefined, revision: undefined, receivedAt: undefined }),
  );
}

function closesSnapshot({ events = [] }: EntryDraft): boolean {
  return events.some((bytes) => decodeEvent(bytes).type === 'snapshot.closed');
}
