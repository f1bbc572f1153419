import { addDays } from '../../../src/calendar/index.ts';
import type { Books } from './books.ts';
import type { TradeDayCase } from './cases.ts';
import {
  type CashRow,
  cashRows,
  type ObligationRow,
  obligationRows,
  type PositionRow,
  positionRows,
  withTwoErrors,
} from './rows.ts';
import type { Activity, DatedActivity } from './their-activity.ts';
import { dates } from './world.ts';

/** The feeds of files, each a folder of the clearing firm's server. */
export const feeds = ['positions', 'cash', 'activity', 'nscc-settlement'] as const;
export type Feed = (typeof feeds)[number];

/** What a file holds, free of any layout. */
export type FileContent =
  | { readonly feed: 'positions'; readonly rows: readonly PositionRow[] }
  | { readonly feed: 'cash'; readonly rows: readonly CashRow[] }
  | { readonly feed: 'activity'; readonly rows: readonly Activity[] }
  | { readonly feed: 'nscc-settlement'; readonly rows: readonly ObligationRow[] };

/** What has become of a file at the end. */
export type FileVerdict = 'accepted' | 'refused' | 'duplicate' | 'stale' | 'held' | 'superseded';

/** A file as the clearing firm puts it on its server. */
export interface TradeDayFile {
  /** Its name in the story. */
  readonly id: FileId;
  readonly content: FileContent;
  readonly name: string;
  /** What its header says; a date in the name may say otherwise. */
  readonly businessDate: string;
  readonly cycle: 'SOD' | 'EOD';
  /** Day whose close it reports, by the time of {@link cutTime}. */
  readonly cutDate: string;
  /** When it was written, as its header says: the same bytes sent again were written when they were. */
  readonly createdAt: string;
  /** When it arrives: day and wall-clock time of the story's zone. */
  readonly arrives: { readonly date: string; readonly time: string };
  /** What is done to its bytes. */
  readonly spoilt: 'cut' | 'unbalanced' | undefined;
  readonly verdict: FileVerdict;
  /** Due before it arrives. */
  readonly late: boolean;
}

export type FileId =
  | 'positions-sod'
  | 'cash-sod'
  | 'positions-truncated'
  | 'positions-first'
  | 'cash-unbalanced'
  | 'cash-first'
  | 'activity-first'
  | 'activity-duplicate'
  | 'nscc-first'
  | 'nscc-second'
  | 'cash-restated'
  | 'activity-stale'
  | 'activity-second'
  | 'cash-second'
  | 'positions-second'
  | 'positions-corrected';

interface Source {
  readonly seed: number;
  readonly theirs: Books;
  readonly activity: readonly DatedActivity[];
  readonly planted: (name: TradeDayCase) => boolean;
}

/** Every file of the trade days in the order of its arrival; what is not planted is not there. */
export function tradeDayFiles(source: Source): TradeDayFile[] {
  const contents = contentsOf(source);
  const { planted } = source;
  const files = [
    file('positions-sod', contents.opening, dates.first, '06:05'),
    file('cash-sod', contents.openingCash, dates.first, '06:06'),
    file('nscc-first', contents.openingNscc, dates.first, '09:20'),
    planted('truncated') && {
      ...file('positions-truncated', contents.positions, dates.second, '06:08'),
      spoilt: 'cut' as const,
      verdict: 'refused' as const,
    },
    file('positions-first', contents.positions, dates.second, '06:14'),
    planted('out-of-balance') && {
      ...file('cash-unbalanced', contents.cash, dates.second, '06:09'),
      spoilt: 'unbalanced' as const,
      verdict: 'refused' as const,
    },
    file('cash-first', contents.cash, dates.second, '06:15'),
    file('activity-first', contents.activity, dates.second, '06:10'),
    file('nscc-second', contents.nscc, dates.second, '12:01'),
    planted('duplicate') && {
      ...file('activity-duplicate', contents.activity, dates.second, '12:02'),
      name: fileName('activity', dates.first, 'EOD', 'COPY'),
      verdict: 'duplicate' as const,
    },
    planted('restated') && {
      ...file('cash-restated', contents.cashRestated, dates.second, '12:03'),
      name: fileName('cash', dates.first, 'EOD', 'AGAIN'),
      verdict: 'held' as const,
    },
    planted('stale') && {
      ...file('activity-stale', contents.activity, dates.settlement, '06:05'),
      name: fileName('activity', dates.second, 'EOD'),
      verdict: 'stale' as const,
    },
    file('activity-second', contents.activity2, dates.settlement, '06:20'),
    file('cash-second', contents.cash2, dates.settlement, '06:21'),
    {
      ...file('positions-second', contents.positions2, dates.settlement, planted('late') ? '06:52' : '06:22'),
      late: planted('late'),
      verdict: planted('corrected') ? ('superseded' as const) : ('accepted' as const),
    },
    planted('corrected') && {
      ...file('positions-corrected', contents.corrected, dates.settlement, '07:10'),
      name: fileName('positions', dates.second, 'EOD', 'CORR'),
      createdAt: `${dates.settlement}T07:04:00`,
      late: true,
    },
  ];
  return files.filter((one) => one !== false);
}

/** `SIMC.DEMO.POS.20261110.EOD.01.TXT`: as it stands in the folder of its feed. */
function fileName(feed: Feed, businessDate: string, cycle: 'SOD' | 'EOD', mark = ''): string {
  const short = { positions: 'POS', cash: 'CSH', activity: 'ACT', 'nscc-settlement': 'CNS' }[feed];
  const parts = ['SIMC', 'DEMO', short, businessDate.replaceAll('-', ''), cycle, '01'];
  return [...parts, ...(mark === '' ? [] : [mark]), 'TXT'].join('.');
}

interface Dated {
  readonly content: FileContent;
  readonly businessDate: string;
  readonly cutDate: string;
  readonly cycle: 'SOD' | 'EOD';
}

function contentsOf({ seed, theirs, activity, planted }: Source) {
  const split = planted('corporate-action');
  const first = withTwoErrors(theirs, planted);
  const positions = (books: Pick<Books, 'at'>, asOf: string): FileContent => ({
    feed: 'positions',
    rows: positionRows(books, asOf, split),
  });
  const cash = (asOf: string): FileContent => ({ feed: 'cash', rows: cashRows(theirs, asOf) });
  const lines = (date: string): FileContent => ({
    feed: 'activity',
    rows: activity.filter((one) => one.date === date).map((one) => one.activity),
  });
  const of = (content: FileContent, businessDate: string): Dated => ({
    content,
    businessDate,
    cutDate: businessDate,
    cycle: 'EOD',
  });
  const opening = (content: FileContent): Dated => ({
    content,
    businessDate: dates.first,
    cutDate: dates.opening,
    cycle: 'SOD',
  });
  const { first: one, second: two } = dates;
  return {
    opening: opening(positions(theirs, dates.opening)),
    openingCash: opening(cash(dates.opening)),
    positions: of(positions(theirs, one), one),
    cash: of(cash(one), one),
    cashRestated: of({ feed: 'cash', rows: restated(cashRows(theirs, one)) }, one),
    activity: of(lines(one), one),
    openingNscc: of(
      { feed: 'nscc-settlement', rows: obligationRows(seed, [], dates.opening) },
      dates.opening,
    ),
    nscc: of({ feed: 'nscc-settlement', rows: obligationRows(seed, activity, one) }, one),
    positions2: of(positions(first, two), two),
    corrected: of(positions(theirs, two), two),
    cash2: of(cash(two), two),
    activity2: of(lines(two), two),
  };
}

/** The clearing firm thinks better of one balance, and does not say why: a person has to. */
function restated(rows: readonly CashRow[]): CashRow[] {
  return rows.map((row, index) => (index === 20 ? { ...row, tradeDate: row.tradeDate + 10_000 } : row));
}

function file(id: FileId, dated: Dated, date: string, time: string): TradeDayFile {
  const { content, businessDate, cycle } = dated;
  return {
    id,
    ...dated,
    createdAt: `${cycle === 'SOD' ? businessDate : addDays(businessDate, 1)}T05:40:00`,
    name: fileName(content.feed, businessDate, cycle),
    arrives: { date, time },
    spoilt: undefined,
    verdict: 'accepted',
    late: false,
  };
}
