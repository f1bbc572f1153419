import { type Stream, streams } from '../../../certification/simulators/trade-day/index.ts';
import { fix } from '../../../codecs/fix/index.ts';
import { type Baseline, BookView, type ReportedRow } from '../../book/index.ts';
import type { Entry } from '../../contract/entry.ts';
import type { VerifyReport } from '../../contract/log.ts';
import { originText } from '../../contract/origin.ts';
import { latin1Text } from '../../core/bytes.ts';
import type { Issue } from '../../core/issue.ts';
import type { Event } from '../../events/index.ts';
import { type FeedRow, FeedsView } from '../../gateway/index.ts';
import type { Standing } from '../../log/index.ts';
import { type AgedBreak, type HistoryRow, ReconView } from '../../recon/index.ts';
import { type StandingEvent, standingEvents } from '../standing.ts';
import type { Views } from '../views.ts';

/** One report as the log holds it. */
export interface KeptReport {
  readonly execId: string;
  readonly entry: Entry;
  /** It came with PossDupFlag(43): somebody had to ask for it again. */
  readonly possibleDuplicate: boolean;
  /** How often the same message came again under the same number. */
  readonly repeats: number;
}

/** Something that waits in quarantine. */
export interface Held {
  readonly execId: string | undefined;
  readonly entry: Entry;
  readonly why: Issue | undefined;
}

/** What the log has to say of one FIX session. */
export interface SessionEvidence {
  readonly events: readonly StandingEvent[];
  /** Reports that were understood, by ExecID(17), in the order in which they were kept. */
  readonly kept: ReadonlyMap<string, readonly KeptReport[]>;
  readonly held: readonly Held[];
}

/** What the book says; a date and a basis give one state of it. */
export type BookEvidence = Pick<BookView, 'positions' | 'cash'>;

/** Everything that the log and its views have to say of the trade days. Only this is compared with the truth. */
export interface Evidence {
  readonly sessions: Readonly<Record<Stream, SessionEvidence>>;
  readonly events: readonly StandingEvent[];
  readonly held: readonly Held[];
  readonly feeds: readonly FeedRow[];
  readonly baseline: Baseline | undefined;
  readonly book: BookEvidence;
  /** Their positions of a business date, as they stand at the end. */
  theirs(businessDate: string): readonly ReportedRow[];
  readonly breaks: readonly AgedBreak[];
  readonly histories: ReadonlyMap<string, readonly HistoryRow[]>;
  readonly repeats: number;
  readonly entries: number;
  readonly verified: VerifyReport;
}

/** Reads the whole log and its views, and checks the audit chain. What it gives can be asked while they are open. */
export async function readEvidence(views: Views): Promise<Evidence> {
  const { log, projections } = views;
  const read = await readLog(views);
  const book = new BookView(projections.store);
  const recon = new ReconView(projections.store);
  const breaks = recon.breaks();
  const snapshots = book.snapshots({ perspective: 'clearer', kind: 'positions' });
  return {
    ...read,
    feeds: new FeedsView(projections.store).rows(),
    baseline: book.baseline(),
    book,
    theirs(businessDate) {
      const found = snapshots.find((one) => one.asOf === businessDate);
      return found === undefined ? [] : book.reported(found);
    },
    breaks,
    histories: new Map(breaks.map(({ id }) => [id, recon.history(id)])),
    verified: await log.verify(),
  };
}

/** Events that were told as this type, with this standing. */
export function eventsOf(
  { events }: Pick<Evidence, 'events'>,
  type: string,
  standing?: Standing,
): readonly Event[] {
  return events
    .filter((one) => one.told.type === type && (standing ?? one.standing) === one.standing)
    .map((one) => one.told);
}

async function readLog({
  log,
  projections,
}: Views): Promise<Pick<Evidence, 'sessions' | 'events' | 'held' | 'repeats' | 'entries'>> {
  const repeated = new Map(
    (await log.repeats()).map(({ channel, origin, count }) => [`${channel} ${originText(origin)}`, count]),
  );
  const events: StandingEvent[] = [];
  const held: Held[] = [];
  const kept = new Map<string, Map<string, KeptReport[]>>(streams.map((stream) => [stream, new Map()]));
  let entries = 0;
  for await (const entry of log.read()) {
    entries += 1;
    events.push(...(await standingEvents(entry, projections)));
    if (entry.direction === 'in' && entry.kind === 'quarantine') held.push(heldEntry(entry));
    const reports = entry.direction === 'in' && entry.kind === 'message' && kept.get(entry.channel);
    if (reports === false || reports === undefined || entry.type !== '8') continue;
    const report = keptReport(entry, repeated.get(`${entry.channel} ${originText(entry.origin)}`) ?? 0);
    reports.set(report.execId, [...(reports.get(report.execId) ?? []), report]);
  }
  const session = (stream: Stream): SessionEvidence => ({
    events: events.filter(({ told }) => told.channel === stream),
    held: held.filter(({ entry }) => entry.channel === stream),
    kept: kept.get(stream) ?? new Map(),
  });
  const repeats = [...repeated.values()].reduce((sum, count) => sum + count, 0);
  const sessions = { orders: session('orders'), 'clearer-dropcopy': session('clearer-dropcopy') };
  return { sessions, events, held, repeats, entries };
}

function keptReport(entry: Entry, repeats: number): KeptReport {
  const { message } = fix.decode({ bytes: entry.bytes });
  return {
    execId: message?.get(17) ?? '',
    entry,
    possibleDuplicate: message?.get(43) === 'Y',
    repeats,
  };
}

/** Bytes that are no message are looked through as text: the ExecID(17) of a garbled report can still be read. */
function heldEntry(entry: Entry): Held {
  const execId = /\u000117=([^\u0001]+)\u0001/.exec(latin1Text(entry.bytes))?.[1];
  const why = entry.issues.find((issue) => issue.severity === 'error') ?? entry.issues[0];
  return { execId, entry, why };
}
