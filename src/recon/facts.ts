import { linesOf } from '../book/index.ts';
import { settlementDays } from '../calendar/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Event, EventType } from '../events/index.ts';
import { type Effect, eventsOf, type ProjectionStore, type SqlRow, toldEvent } from '../log/index.ts';
import { nameOf } from './names.ts';
import { evidenceOf, type Fact, happenedAt } from './reading.ts';
import type { Ended, Evidence, Side } from './terms.ts';

/** Facts that a comparison is made of. */
const compared: readonly EventType[] = [
  'trade.executed',
  'trade.corrected',
  'trade.rejected',
  'transfer.settled',
  'corporateAction.paid',
  'cash.moved',
  'identifier.changed',
];

/** What the table of facts knows of a fact, without its event. */
export interface FactRow {
  readonly side: Side;
  readonly type: string;
  readonly channel: string;
  /** The day that it counts for. */
  readonly date: string;
  /** The reporter's day: for a record of a file, the file's. */
  readonly businessDate: string;
  /** When another fact undid it. */
  readonly endedAt?: number;
}

export interface KeptFact extends Fact, FactRow {}

/**
 * Keeps what begins and ends to count with an entry. Gives the days of the facts that did, with their channels: what
 * arrives late for a day that was compared already is compared once more.
 */
export function keepEffects(
  store: ProjectionStore,
  effects: readonly Effect[],
): readonly { readonly date: string; readonly channel: string }[] {
  const touched: { date: string; channel: string }[] = [];
  for (const effect of effects) {
    const { event } = effect;
    if (!compared.includes(event.type) || event.perspective === 'street') continue;
    if (effect.sign === 1) begin(store, effect);
    else end(store, effect, effects);
    touched.push({ date: dateOf(event), channel: event.channel });
  }
  return touched;
}

function begin(store: ProjectionStore, { event, source, place }: Effect): void {
  keepSymbol(store, event);
  store.run(
    `INSERT INTO recon_facts (event_id, type, side, channel, date, business_date, source, place, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (event_id) DO UPDATE SET ended = NULL, ended_at = NULL, tied = NULL`,
    event.id,
    event.type,
    event.perspective === 'ours' ? 'ours' : 'theirs',
    event.channel,
    dateOf(event),
    event.businessDate ?? dateOf(event),
    source,
    place,
    happenedAt(event),
  );
}

/**
 * The symbol that a security is shown by: what we call it goes before what they do. The book knows symbols too, but only
 * today's, and a comparison reads the same whenever it is folded.
 */
function keepSymbol(store: ProjectionStore, { security, perspective }: Event): void {
  const symbol = security?.symbol;
  if (security === undefined || symbol === undefined) return;
  store.run(
    `INSERT INTO recon_symbols (security, symbol, ours) VALUES (?, ?, ?)
     ON CONFLICT (security) DO UPDATE SET symbol = excluded.symbol, ours = excluded.ours WHERE excluded.ours >= ours`,
    nameOf(security),
    symbol,
    perspective === 'ours' ? 1 : 0,
  );
}

/** By security, the symbol that facts told. */
export function toldSymbols(store: Pick<ProjectionStore, 'all'>): ReadonlyMap<string, string> {
  const rows = store.all('SELECT security, symbol FROM recon_symbols');
  return new Map(rows.map((row) => [String(row['security']), String(row['symbol'])]));
}

/** What another fact undid is kept as evidence; what a revision took back never was. Its counterpart is open again. */
function end(store: ProjectionStore, { event, because, by }: Effect, effects: readonly Effect[]): void {
  store.run('UPDATE recon_facts SET tied = NULL WHERE tied = ?', event.id);
  if (because !== 'reversed' && because !== 'replaced') {
    store.run('DELETE FROM recon_facts WHERE event_id = ?', event.id);
    return;
  }
  const undoing = effects.find((effect) => effect.event.id === by);
  const evidence = undoing === undefined ? undefined : evidenceOf(undoing.event, undoing.source);
  store.run(
    'UPDATE recon_facts SET ended = ?, ended_at = ?, tied = NULL WHERE event_id = ?',
    JSON.stringify({ because, ...(evidence && { evidence }) }),
    undoing === undefined ? happenedAt(event) : happenedAt(undoing.event),
    event.id,
  );
}

/** Two facts that agree are left out of later comparisons, until one of them stops counting. */
export function tie(store: ProjectionStore, ours: string, theirs: string): void {
  store.run('UPDATE recon_facts SET tied = ? WHERE event_id = ?', theirs, ours);
  store.run('UPDATE recon_facts SET tied = ? WHERE event_id = ?', ours, theirs);
}

/** Trades of a day that are left out because they agree. */
export function tiedTrades(store: Pick<ProjectionStore, 'get'>, date: string): number {
  const row = store.get(
    "SELECT count(*) AS n FROM recon_facts WHERE side = 'ours' AND date = ? AND tied IS NOT NULL",
    date,
  );
  return Number(row?.['n'] ?? 0);
}

/**
 * The facts that are not settled yet, counted or taken back, up to a day. Only those that `isWanted` says yes to are
 * decoded: the clearer's drop copy of all days is among the others.
 */
export function openFacts(
  store: Pick<ProjectionStore, 'get' | 'all'>,
  upTo: string,
  isWanted: (fact: FactRow) => boolean,
): readonly KeptFact[] {
  const rows = store.all(
    'SELECT * FROM recon_facts WHERE tied IS NULL AND date <= ? ORDER BY source, place, event_id',
    upTo,
  );
  return rows.flatMap((row) => {
    const fact = rowIn(row);
    return isWanted(fact) ? factIn(store, row, fact) : [];
  });
}

function rowIn(row: SqlRow): FactRow {
  return {
    side: row['side'] === 'ours' ? 'ours' : 'theirs',
    type: String(row['type']),
    channel: String(row['channel']),
    date: String(row['date']),
    businessDate: String(row['business_date']),
    ...(row['ended'] !== null && { endedAt: Number(row['ended_at']) }),
  };
}

function factIn(
  store: Pick<ProjectionStore, 'get' | 'all'>,
  row: SqlRow,
  fact: FactRow,
): readonly KeptFact[] {
  const offset = Number(row['source']);
  const event = toldEvent(store, offset, Number(row['place']));
  if (event === undefined) return [];
  const ended = row['ended'] === null ? undefined : endedIn(row, event, offset);
  return [{ ...fact, event, offset, ...(ended && { ended }) }];
}

function endedIn(row: SqlRow, event: Event, offset: number): Ended {
  const { because, evidence }: { because: Ended['because']; evidence?: Evidence } = JSON.parse(
    String(row['ended']),
  );
  return { because, at: Number(row['ended_at']), evidence: evidence ?? evidenceOf(event, offset) };
}

/** The day that a fact moves anything on: its own, by the book's rule; else its reporter's. */
function dateOf(event: Event): string {
  const moves = linesOf(event, settlementDays);
  if (moves !== undefined && 'line' in moves) return moves.line.tradeDate;
  const { data, businessDate = '', asOf = '' } = event;
  if ('tradeDate' in data && typeof data.tradeDate === 'string') return data.tradeDate;
  if ('effectiveDate' in data && typeof data.effectiveDate === 'string') return data.effectiveDate;
  return businessDate === '' ? asOf.slice(0, 10) : businessDate;
}

/** Keeps the names under which somebody described a security. */
export function keepDescriptions(store: ProjectionStore, entry: Entry): void {
  if (entry.voids !== undefined) store.run('DELETE FROM recon_described WHERE offset = ?', entry.voids);
  for (const { event } of eventsOf(entry)) {
    if (event.type !== 'instrument.described' || event.security === undefined) continue;
    const name = nameOf(event.security);
    for (const other of [name, ...(event.data.identifiers ?? []).map(nameOf)])
      store.run(
        'INSERT OR IGNORE INTO recon_described (offset, security, other) VALUES (?, ?, ?)',
        entry.offset,
        name,
        other,
      );
  }
}

/** By each described name, the security that it was described with. */
export function describedNames(store: Pick<ProjectionStore, 'all'>): ReadonlyMap<string, string> {
  const rows = store.all('SELECT security, other FROM recon_described ORDER BY offset');
  return new Map(rows.map((row) => [String(row['other']), String(row['security'])]));
}
