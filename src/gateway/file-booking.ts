import type { EntryDraft } from '../contract/entry.ts';
import type { Micros } from '../core/clock.ts';
import type { Limits } from '../core/limits.ts';
import { type EntryMaking, entryOf, tellQuarantined } from './entry-making.ts';
import { signalKey } from './file-identity.ts';
import { cutsOf, type WholeCut } from './file-judging.ts';
import { commit, type IntakeOutcome, type IntakePorts, nameOf } from './file-ports.ts';
import { aboutFile, type FilePosition, positionJson, sameFile } from './file-position.ts';
import { doneNameOf } from './file-readiness.ts';
import { type FeedSignal, feedEntry } from './file-signals.ts';
import { changesOf, voidVanished } from './file-superseding.ts';

/** One commit of a file: small enough to be interrupted between two, large enough to be worth a sync. */
const batchEntriesMax = 512;

/**
 * Books a staged file from where its position stands, closes it and puts it away. Each step is one commit or one rename
 * and can be repeated, so a crash anywhere is followed by the same log as no crash.
 */
export async function bookFile(
  ports: IntakePorts,
  from: FilePosition,
  signal: AbortSignal,
): Promise<IntakeOutcome> {
  if (from.generation !== undefined && from.next === 0) await voidVanished(ports, from);
  const batch = new Batch(ports, from);
  for await (const some of cutsOf(ports, from.sha256, signal)) {
    for (const cut of some) batch.add(cut);
    if (batch.full(ports.limits)) await batch.commit();
  }
  await batch.commit();
  return closeFile(ports, batch.position);
}

async function closeFile(ports: IntakePorts, read: FilePosition): Promise<IntakeOutcome> {
  const { key, records, quarantined, skipped, generation = 1 } = read;
  const closed: FilePosition = { ...read, stage: 'closed' };
  const unreadable = records === 0 && (quarantined > 0 || skipped > 0);
  const origin = { scope: key, key: signalKey('closed', generation) };
  const said = unreadable ? unreadableSignal(closed) : acceptedSignal(closed);
  await commit(ports, [feedEntry(ports.making, origin, ports.clock.now(), said)], closed);
  if (unreadable) ports.meter.filesRefused++;
  else ports.meter.filesAccepted++;
  await putAway(ports, closed);
  if (unreadable) return 'unreadable';
  return generation > 1 ? 'superseded' : 'accepted';
}

function unreadableSignal(closed: FilePosition): FeedSignal {
  const reason = 'holds no message of the standard that this channel reads';
  const cuts = closed.next;
  return { signal: 'feed.refused', ...aboutFile(closed), code: 'FILE_UNREADABLE', reason, cuts };
}

function acceptedSignal(closed: FilePosition): FeedSignal {
  const { records, quarantined, skipped, next: cuts, judged } = closed;
  const totals = judged?.totals ?? [];
  return { signal: 'feed.accepted', ...aboutFile(closed), records, quarantined, skipped, cuts, totals };
}

/**
 * Archives the original, says so in the position, and only then lets go of our copy. A file that was put in the place of
 * the one that was read stays: it has not been read. The file that said that it is whole goes first: left behind, it
 * would say so of the next one of the same name.
 */
export async function putAway(ports: IntakePorts, position: FilePosition): Promise<void> {
  const { source, doneFile } = ports;
  if (position.release === undefined) {
    const files = await source.list();
    const there = files.find(({ name }) => name === position.name);
    if (there !== undefined && sameFile(position, there)) {
      const done = doneFile === undefined ? undefined : doneNameOf(doneFile, position.name);
      if (done !== undefined && files.some(({ name }) => name === done)) await source.archive(done);
      await source.archive(position.name);
    }
  }
  const { release, ...rest } = position;
  const archived: FilePosition = {
    ...rest,
    stage: 'archived',
    ...(release !== undefined && { releases: release }),
  };
  await ports.log.append(nameOf(ports), [], { position: positionJson(archived) });
  await ports.staging.clear();
}

/**
 * False for line ends, and for lines of a log that hold no message: named by the framer, counted as skipped, kept in the
 * archive.
 */
export function isCounted(cut: WholeCut): boolean {
  return cut.kind === 'frame' || cut.why.severity === 'error';
}

/** The entry that one record of a file becomes; `scope` is the key of the file, `ordinal` its number there, from 1. */
export function recordDraft(
  making: EntryMaking,
  scope: string,
  ordinal: number,
  receivedAt: Micros,
  cut: WholeCut,
): EntryDraft {
  const plain = {
    direction: 'in' as const,
    origin: { scope, ordinal },
    receivedAt,
    bytes: cut.bytes,
    admin: false,
  };
  if (cut.kind === 'garbage') return entryOf(making, { kind: 'quarantine', ...plain, issues: [cut.why] });
  const context = cut.context === undefined ? {} : { context: cut.context };
  return entryOf(making, { kind: 'message', ...plain, ...context, issues: [] });
}

/** Entries of a file that wait for one commit. */
class Batch {
  readonly #ports: IntakePorts;
  #drafts: EntryDraft[] = [];
  #bytes = 0;
  #position: FilePosition;
  #seen = 0;

  constructor(ports: IntakePorts, from: FilePosition) {
    this.#ports = ports;
    this.#position = from;
  }

  get position(): FilePosition {
    return this.#position;
  }

  add(cut: WholeCut): void {
    if (this.#seen++ < this.#position.next) return;
    const position = { ...this.#position, next: this.#seen };
    if (!isCounted(cut)) {
      this.#position = { ...position, skipped: position.skipped + 1 };
      return;
    }
    const { making, clock } = this.#ports;
    const draft = recordDraft(making, this.#position.key, this.#seen, clock.now(), cut);
    this.#drafts.push(draft);
    this.#bytes += draft.bytes.length + (draft.events ?? []).reduce((sum, event) => sum + event.length, 0);
    const held = draft.kind === 'quarantine' ? 1 : 0;
    const record = cut.kind === 'frame' ? 1 : 0;
    this.#position = {
      ...position,
      records: position.records + record,
      quarantined: position.quarantined + held,
    };
  }

  full(limits: Limits): boolean {
    return this.#drafts.length >= batchEntriesMax || this.#bytes >= limits.blockBytesMax;
  }

  async commit(): Promise<void> {
    if (this.#drafts.length === 0) return;
    const all = this.#drafts;
    this.#drafts = [];
    this.#bytes = 0;
    const supersedes = this.#position.generation !== undefined;
    const drafts = supersedes ? await changesOf(this.#ports, all) : all;
    const appended = await commit(this.#ports, drafts, this.#position);
    tellQuarantined(this.#ports.making, drafts, appended);
  }
}
