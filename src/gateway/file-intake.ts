import type { EntryDraft } from '../contract/entry.ts';
import type { FileInfo } from '../contract/source.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Micros } from '../core/clock.ts';
import { harmless, type Issue } from '../core/issue.ts';
import { canonicalJson } from '../core/json.ts';
import { gatewayIssue } from './entry-making.ts';
import { bookFile, putAway } from './file-booking.ts';
import {
  type EarlierFile,
  earlierFiles,
  type NameParts,
  scopeOf,
  signalKey,
  toldBy,
} from './file-identity.ts';
import { type JudgedFile, judgeFile, unreadableRecord } from './file-judging.ts';
import { commit, type IntakeOutcome, type IntakePorts, nameOf } from './file-ports.ts';
import { aboutFile, type FilePosition, filePositionOf, keptOf } from './file-position.ts';
import { refuseDuplicate, refuseFile } from './file-refusal.ts';
import { type FeedSignal, feedEntry } from './file-signals.ts';

/** Scope of what knows files by their bytes. No key of a file makes it. */
const byBytesScope = '%files';

/** A file whose copy is staged. */
export interface StagedFile extends FileInfo {
  readonly sha256: string;
  readonly parts: NameParts;
  /** Since when it lay there as it is; absent: since now. */
  readonly seenAt?: Micros;
  /** The scope that it has already, whatever its name or itself says. */
  readonly scope?: string;
  /** The release that lets it in, whatever its judgement says. */
  readonly release?: { readonly ordinal: number; readonly by: string; readonly reason: string };
}

/** Goes on with the file that a crash or a stop left half done, wherever the original is by now. */
export async function resumeFile(
  ports: IntakePorts,
  signal: AbortSignal,
): Promise<IntakeOutcome | undefined> {
  const position = filePositionOf(await ports.log.head(nameOf(ports)));
  if (position?.stage === 'closed') {
    await putAway(ports, position);
    return 'tidied';
  }
  if (position?.stage !== 'reading' || !(await ports.staging.has(position.sha256))) return undefined;
  return bookFile(ports, position, signal);
}

/**
 * Takes one staged file in: judged whole, announced, booked record by record, closed, archived; or refused whole. Where
 * the signal stops it, {@link resumeFile} goes on.
 */
export async function admitFile(
  ports: IntakePorts,
  staged: StagedFile,
  signal: AbortSignal,
): Promise<IntakeOutcome> {
  const judged = await judgeFile(ports, staged.sha256, signal);
  const head = await ports.log.head(nameOf(ports));
  const position = freshPosition(keptOf(head), staged, judged);
  const fresh = ports.expected?.known(position, undefined) ?? position;
  const files = await earlierFiles(ports.log, nameOf(ports), fresh.key);
  const begun = files.find(({ closed, sha256 }) => !closed && sha256 === staged.sha256);
  if (begun !== undefined) return bookFile(ports, resumed(filePositionOf(head), fresh, begun), signal);
  const again = files.some(({ sha256 }) => sha256 === staged.sha256);
  const wrong = staged.release === undefined ? await objections(ports, staged, judged, fresh, again) : [];
  if (!harmless(wrong)) return refuseFile(ports, fresh, wrong);
  if (again) return refuseDuplicate(ports, fresh);
  const last = files.at(-1);
  if (last === undefined) return bookFile(ports, await announce(ports, fresh, staged), signal);
  const held = await whyHeld(ports, staged, last, signal);
  if (held !== undefined) return refuseFile(ports, fresh, [gatewayIssue('FILE_RESTATED', held)]);
  const next = { ...fresh, generation: last.generation + 1 };
  return bookFile(ports, await announce(ports, next, staged), signal);
}

function freshPosition(
  kept: ReturnType<typeof keptOf>,
  { name, size, modifiedAt, sha256, parts, scope, release }: StagedFile,
  { verdict, cuts }: JudgedFile,
): FilePosition {
  const businessDate = verdict?.businessDate ?? parts.date;
  return {
    ...kept,
    key: scope ?? scopeOf(verdict?.key ?? parts.key),
    name,
    size,
    modifiedAt,
    sha256,
    stage: 'reading',
    next: 0,
    records: 0,
    quarantined: 0,
    skipped: 0,
    ...(verdict !== undefined && { cuts }),
    judged: { ...(businessDate !== undefined && { businessDate }), totals: verdict?.totals ?? [] },
    ...(release !== undefined && { release: release.ordinal }),
  };
}

/** The position of a file that was begun and whose copy was lost: it goes on where it was, with the file that came again. */
function resumed(
  position: FilePosition | undefined,
  fresh: FilePosition,
  { generation }: EarlierFile,
): FilePosition {
  const { key, name, size, modifiedAt, sha256 } = fresh;
  const same = position?.key === key && position.sha256 === sha256;
  if (same) return { ...position, name, size, modifiedAt };
  return generation === 1 ? fresh : { ...fresh, generation };
}

/** Why nothing of a file may count: its own judgement first, then whose day it is. */
async function objections(
  ports: IntakePorts,
  { parts, sha256, size }: StagedFile,
  { verdict }: JudgedFile,
  { key }: FilePosition,
  again: boolean,
): Promise<readonly Issue[]> {
  if (verdict === undefined) return [];
  if (!harmless(verdict.issues)) return again ? [] : errorsFirst(verdict.issues);
  const { businessDate } = verdict;
  if (parts.date !== undefined && businessDate !== undefined && parts.date !== businessDate) {
    const text = `the name says ${parts.date}, the file itself ${businessDate}`;
    return [gatewayIssue('FILE_STALE', text)];
  }
  if (verdict.key !== undefined || size === 0) return [];
  const seen = await ports.log.find(nameOf(ports), { scope: byBytesScope, key: sha256 });
  const as = seen === undefined ? key : String(toldBy(seen.bytes)['fileKey']);
  return as === key ? [] : [gatewayIssue('FILE_STALE', `the same bytes were booked as ${as}`)];
}

function errorsFirst(issues: readonly Issue[]): readonly Issue[] {
  const errors = issues.filter(({ severity }) => severity === 'error');
  return [...errors, ...issues.filter(({ severity }) => severity !== 'error')];
}

/** Why a restatement waits for a person; undefined where it takes the place of what is booked. */
async function whyHeld(
  ports: IntakePorts,
  { name, sha256, release }: StagedFile,
  last: EarlierFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  const text = `${name} came under the key of a file that is booked, with other bytes`;
  if (!last.closed) return `${text}, and that one is booked in part only`;
  if (release === undefined && ports.restated !== 'supersede') return text;
  const unreadable = await unreadableRecord(ports, sha256, signal);
  return unreadable === undefined ? undefined : `${text}; ${unreadable}`;
}

/** Says that a file arrived and is being booked: from here on its key is taken. */
async function announce(
  ports: IntakePorts,
  fresh: FilePosition,
  { release, seenAt }: StagedFile,
): Promise<FilePosition> {
  const { making, clock } = ports;
  const now = clock.now();
  const position = ports.expected?.known(fresh, seenAt ?? now) ?? fresh;
  const { key, sha256, generation = 1, due } = position;
  const said: FeedSignal = {
    signal: 'feed.arrived',
    ...aboutFile(position),
    ...(due !== undefined && { dueAt: due.dueAt, late: due.late }),
    ...(generation > 1 && { supersedes: true }),
    ...(release !== undefined && { released: { by: release.by, reason: release.reason } }),
  };
  const origin = { scope: key, key: signalKey('arrived', generation) };
  const batch = [feedEntry(making, origin, now, said)];
  if (making.codec.file !== undefined) batch.push(knownBytes(key, sha256, now));
  await commit(ports, batch, position);
  return position;
}

/** Under which key bytes were booked: the same bytes under another key are yesterday's. */
function knownBytes(key: string, sha256: string, receivedAt: number): EntryDraft {
  const bytes = utf8Bytes(canonicalJson({ fileKey: key }));
  const origin = { scope: byBytesScope, key: sha256 };
  return { kind: 'signal', direction: 'in', origin, receivedAt, bytes, type: 'feed.bytes' };
}
