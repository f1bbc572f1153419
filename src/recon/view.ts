import { type Calendar, tradingDays } from '../calendar/index.ts';
import { compareDecimals, type Decimal, readDecimal } from '../core/decimal.ts';
import type { ProjectionStore, SqlRow } from '../log/index.ts';
import { zero } from './amounts.ts';
import type { Break, HistoryRow } from './lifecycle.ts';
import type { Run } from './runs.ts';
import type { Cause } from './terms.ts';

export interface BreakQuery {
  /** All, if left out. */
  readonly status?: 'open' | 'closed';
  readonly cause?: Cause;
  /** The whole account, or its last characters. */
  readonly account?: string;
}

/** A break with its age. */
export interface AgedBreak extends Break {
  /** Business days from the date on which it was found first to the date that was compared last, or that it closed on. */
  readonly ageDays: number;
}

/** Reads the comparisons and the breaks. */
export class ReconView {
  private readonly store: Pick<ProjectionStore, 'get' | 'all'>;
  private readonly calendar: Calendar;

  constructor(store: Pick<ProjectionStore, 'get' | 'all'>, calendar: Calendar = tradingDays) {
    this.store = store;
    this.calendar = calendar;
  }

  /** The largest at risk first. What another break explains now is told with that one, unless `explained` asks for it. */
  breaks(query: BreakQuery = {}, explained = false): readonly AgedBreak[] {
    const rows = this.store.all('SELECT body FROM recon_breaks ORDER BY id');
    return rows
      .map((row) => this.aged(row))
      .filter((one) => (explained || one.explainedBy === undefined) && fits(one, query))
      .sort((left, right) => -compareDecimals(riskOf(left), riskOf(right)));
  }

  /** A break by its name, with or without `BRK-`, or by the beginning of it where that names one alone. */
  find(name: string): AgedBreak | undefined {
    const id = name.startsWith('BRK-') ? name : `BRK-${name}`;
    const rows = this.store.all(
      'SELECT body FROM recon_breaks WHERE substr(id, 1, length(?)) = ? AND length(?) > 4 ORDER BY id LIMIT 2',
      id,
      id,
      id,
    );
    const [row] = rows;
    return row === undefined || rows.length > 1 ? undefined : this.aged(row);
  }

  /** What became of a break, from the beginning; that of breaks which it explains now comes first. */
  history(id: string): readonly HistoryRow[] {
    const own = this.historyOf(id);
    const former = this.breaks({}, true).filter(({ explainedBy }) => explainedBy?.includes(id));
    const before = former.flatMap((one) => this.historyOf(one.id).filter(({ what }) => what !== 'explained'));
    return [...before, ...own].sort((left, right) => left.offset - right.offset);
  }

  private historyOf(id: string): readonly HistoryRow[] {
    return this.store
      .all('SELECT * FROM recon_history WHERE id = ? ORDER BY offset, number', id)
      .map(historyIn);
  }

  /** Comparisons in the order in which they were made. */
  runs(query: { readonly date?: string } = {}): readonly Run[] {
    const rows =
      query.date === undefined
        ? this.store.all('SELECT body FROM recon_runs ORDER BY offset, number')
        : this.store.all('SELECT body FROM recon_runs WHERE date = ? ORDER BY offset, number', query.date);
    return rows.map((row): Run => JSON.parse(String(row['body'])));
  }

  /** Facts that came for the last date since it was compared; they are compared with the next entry. */
  waiting(): number {
    return Number(this.store.get('SELECT late FROM recon_state WHERE one = 1')?.['late'] ?? 0);
  }

  private aged(row: SqlRow): AgedBreak {
    const found: Break = JSON.parse(String(row['body']));
    const last = String(this.store.get('SELECT date FROM recon_state WHERE one = 1')?.['date'] ?? '');
    const until = found.closedOn ?? last;
    return { ...found, ageDays: daysBetween(found.openedOn, until, this.calendar) };
  }
}

/** Open days after one date up to another. */
export function daysBetween(from: string, to: string, calendar: Calendar): number {
  let days = 0;
  for (let at = from; at < to; days += 1) at = calendar.next(at);
  return days;
}

function fits(one: Break, { status, cause, account }: BreakQuery): boolean {
  if (status !== undefined && one.status !== status) return false;
  if (cause !== undefined && one.cause !== cause) return false;
  return account === undefined || one.accounts.some((each) => each.endsWith(account));
}

function riskOf({ atRisk }: Break): Decimal {
  const read = readDecimal(atRisk);
  return read.ok ? read.value : zero;
}

function historyIn(row: SqlRow): HistoryRow {
  return {
    id: String(row['id']),
    offset: Number(row['offset']),
    at: Number(row['at']),
    date: String(row['date']),
    what: whatIn(String(row['what'])),
    text: String(row['text']),
  };
}

function whatIn(text: string): HistoryRow['what'] {
  const words: readonly HistoryRow['what'][] = ['opened', 'changed', 'healed', 'reopened', 'explained'];
  return words.find((word) => word === text) ?? 'changed';
}
