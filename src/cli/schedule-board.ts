import { addDays, calendarZone, tradingDays, weekdayOf } from '../calendar/index.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import {
  type ChannelConfiguration,
  type Due,
  duesBetween,
  type FeedRow,
  type FeedsView,
  instantOf,
  timeInZone,
} from '../gateway/index.ts';

/** What became of a due arrival or of a file, with what is still to come. */
export type BoardState = FeedRow['verdict'] | 'not due' | 'due soon' | 'before us';

/** One line of the board of a day. Times are ISO 8601 in UTC. */
export interface BoardLine extends Partial<Omit<FeedRow, 'verdict'>> {
  readonly date: string;
  readonly channel: string;
  readonly zone: string;
  readonly owner?: string;
  readonly feed: string;
  readonly state: BoardState;
  /** Somebody has to do something about it. */
  readonly open: boolean;
}

export interface Board {
  readonly date: string;
  readonly lines: readonly BoardLine[];
  /** Expected arrivals of the day, and how many of them came. */
  readonly expected: number;
  readonly here: number;
}

/** So long before its due time an arrival is due soon. */
const soonMicros = 30 * 60_000_000;

/**
 * What was due and what came on a day of each channel's zone, as it is known at an instant. `since` says from when on
 * each channel waits: what was due before that is no gap of anybody.
 */
export function boardOf(
  channels: readonly ChannelConfiguration[],
  view: FeedsView,
  date: string,
  now: Micros,
  since: ReadonlyMap<string, Micros>,
): Board {
  const parts = channels.map((channel) => {
    const times = { now, since: since.get(channel.name) ?? Number.NEGATIVE_INFINITY };
    return channelBoard(channel, view, date, times);
  });
  const lines = parts.flatMap((part) => part.lines);
  const first = (line: BoardLine): string => line.dueAt ?? line.arrivedAt ?? '';
  return {
    date,
    lines: lines.sort((left, right) =>
      first(left) < first(right) ? -1 : first(left) > first(right) ? 1 : 0,
    ),
    expected: parts.reduce((sum, part) => sum + part.expected, 0),
    here: parts.reduce((sum, part) => sum + part.here, 0),
  };
}

interface Times {
  readonly now: Micros;
  readonly since: Micros;
}

function channelBoard(channel: ChannelConfiguration, view: FeedsView, date: string, times: Times): Board {
  const { name, zone, owner, files } = channel;
  const rows = view.rows({
    channel: name,
    from: instantOf(date, '00:00', zone),
    before: instantOf(addDays(date, 1), '00:00', zone),
  });
  const dues = duesBetween(files?.expect ?? [], date, date, zone);
  const about = { date, channel: name, zone, ...(owner !== undefined && { owner }) };
  const quiet = dues.filter((due) => !rows.some((row) => meets(row, due)));
  const lines = [
    ...rows.map(({ verdict, ...row }) => ({
      ...row,
      ...cycleOf(row, dues),
      ...about,
      state: verdict,
      open: isOpen({ verdict, ...row }, rows),
    })),
    ...quiet.map((due) => {
      const state = stateOf(due, times);
      return { ...lineOf(due), ...about, state, open: state === 'missing' };
    }),
  ];
  const here = dues.filter((due) => rows.some((row) => meets(row, due) && row.verdict !== 'missing'));
  const before = lines.filter(({ state }) => state === 'before us');
  return { date, lines, expected: dues.length - before.length, here: here.length };
}

function meets({ feed, dueAt }: FeedRow, due: Due): boolean {
  return feed === due.feed && dueAt === isoOfMicros(due.dueAt);
}

function cycleOf({ feed }: Pick<FeedRow, 'feed'>, dues: readonly Due[]): { readonly cycle?: string } {
  const cycle = dues.find((due) => due.feed === feed)?.cycle;
  return cycle === undefined ? {} : { cycle };
}

function lineOf({
  feed,
  cycle,
  businessDate,
  dueAt,
}: Due): Pick<BoardLine, 'feed' | 'cycle' | 'businessDate' | 'dueAt'> {
  return { feed, businessDate, dueAt: isoOfMicros(dueAt), ...(cycle !== undefined && { cycle }) };
}

function stateOf({ dueAt, lateAt }: Due, { now, since }: Times): BoardState {
  if (dueAt < since) return 'before us';
  if (now >= lateAt) return 'missing';
  return now >= dueAt - soonMicros ? 'due soon' : 'not due';
}

const good: readonly BoardState[] = ['accepted', 'late', 'superseded'];

/** Missing; or booked in part and left; or held, undecided, and not followed by a good file of the same feed. A restatement always asks which one holds. */
function isOpen(row: FeedRow, rows: readonly FeedRow[]): boolean {
  if (row.verdict === 'missing') return true;
  // A channel books one file after the other: one that is behind was left half done.
  if (row.verdict === 'reading') return rows.some(({ offset }) => offset > row.offset);
  if (row.verdict === 'restated-held') return row.decided === undefined;
  if (!row.verdict.startsWith('refused:') || row.decided !== undefined) return false;
  return !rows.some(({ feed, verdict, offset }) => {
    return feed === row.feed && offset > row.offset && good.includes(verdict);
  });
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

export function dayName(date: string): string {
  return `${date} ${weekdays[weekdayOf(date)] ?? ''}`;
}

/** The answer to "are we OK this morning?", in one line. */
export function headline({ date, lines, expected, here }: Board): string {
  const day = dayName(date);
  const open = lines.filter((line) => line.open);
  const missing = open.filter(({ state }) => state === 'missing');
  const half = open.filter(({ state }) => state === 'reading');
  const held = open.filter((line) => !missing.includes(line) && !half.includes(line));
  if (open.length > 0) {
    const words = [
      ...(missing.length === 0 ? [] : [`${missing.length} missing (${listed(missing)})`]),
      ...(half.length === 0 ? [] : [`${half.length} booked in part (${listed(half)})`]),
      ...(held.length === 0 ? [] : [`${held.length} held (${listed(held)})`]),
      ...(expected === 0 ? [] : [`${here} of ${expected} expected files are here`]),
    ];
    return `${day}: NOT OK: ${words.join(', ')}`;
  }
  if (expected === 0) {
    const closed = tradingDays.reason(date);
    return `${day}: nothing is expected${closed === undefined ? '' : ` (no trading: ${closed})`}`;
  }
  const late = lines.filter((line) => line.late === true);
  const remark = late.length === 0 ? '' : `; ${late.length} came late (${listed(late)})`;
  const all = expected === 1 ? 'the expected file is' : `all ${expected} expected files are`;
  if (here === expected) return `${day}: OK: ${all} here${remark}`;
  const next = lines.find(({ state }) => state === 'due soon' || state === 'not due');
  const then = next === undefined ? '' : `, next ${next.feed} at ${clockText(next.dueAt, next.zone)}`;
  return `${day}: OK so far: ${here} of ${expected} expected files are here${remark}${then}`;
}

function listed(lines: readonly BoardLine[]): string {
  return [...new Set(lines.map(({ feed }) => feed))].join(', ');
}

/** `06:30` of an instant in a zone; with the zone where it is not the calendars' own. */
export function clockText(iso: string | undefined, zone: string): string {
  if (iso === undefined) return '';
  const time = timeInZone(Date.parse(iso) * 1000, zone);
  return zone === calendarZone ? time : `${time} ${zone}`;
}
