import pg from 'pg';
import type { TradeDayTruth } from '../../certification/simulators/trade-day/index.ts';
import { BookView } from '../../src/book/index.ts';
import { breakText, expectedText } from '../../src/cli/demo/break-verdicts.ts';
import { dayProjections } from '../../src/cli/projections.ts';
import { decimalText } from '../../src/core/decimal.ts';
import { decodeEvent } from '../../src/events/index.ts';
import { openProjections, openSqliteLog, type Projections, type SqliteLog } from '../../src/log/index.ts';
import { ReconView } from '../../src/recon/index.ts';
import { differences } from './truth.ts';

/** What must be the same at the end, by name, each a list of lines in order. */
type Lines = Readonly<Record<string, readonly string[]>>;

interface Outside {
  readonly ledger: { readonly url: string; readonly schema: string };
}

/** What is wrong with log, book, breaks and postings, compared with what the generator knows. Empty: nothing. */
export async function judgeDays(data: string, truth: TradeDayTruth, outside: Outside): Promise<string[]> {
  const log = await openSqliteLog(data, { readOnly: true });
  const views = await openProjections(data, log, { projections: dayProjections() });
  try {
    await views.catchUp();
    const wanted = truthLines(truth);
    const found: Lines = {
      ...(await logLines(log)),
      ...bookLines(views),
      postings: await postingLines(outside),
    };
    const { ok, findings } = await log.verify();
    return [
      ...Object.entries(wanted).flatMap(([name, lines]) =>
        differences(lines, found[name] ?? []).map((line) => `${name}: ${line}`),
      ),
      ...(ok ? [] : [`verify: ${JSON.stringify(findings)}`]),
    ];
  } finally {
    await views.close();
    await log.close();
  }
}

/** True where customers have in the outside ledger what they really have. */
export async function isPosted(truth: TradeDayTruth, outside: Outside): Promise<boolean> {
  return differences(truthLines(truth)['postings'] ?? [], await postingLines(outside)).length === 0;
}

const lastDay = '2026-11-12';

function truthLines(truth: TradeDayTruth): Lines {
  const book = (basis: 'trade-date' | 'settlement-date', asOf: string) => {
    const { holdings, balances } = truth.ours.at(basis, asOf);
    return [
      ...holdings.map(({ account, security, quantity }) => `${account} ${security} ${quantity}`),
      ...balances
        .filter(({ cents }) => cents !== 0)
        .map(({ account, cents }) => `${account} USD ${money(cents)}`),
    ].toSorted();
  };
  return {
    trades: truth.trades.map(({ id }) => id).toSorted(),
    'book by trade date': book('trade-date', lastDay),
    'book by settlement date, on the holiday': book('settlement-date', '2026-11-11'),
    'book by settlement date': book('settlement-date', lastDay),
    postings: book('trade-date', lastDay),
    breaks: truth.breaks
      .filter(({ healed }) => !healed)
      .map(expectedText)
      .toSorted(),
    statuses: truth.statuses.map(({ type, instructionId }) => `${type} ${instructionId}`).toSorted(),
    files: truth.files
      .map(({ name, verdict }) => `${name} ${verdict === 'superseded' ? 'accepted' : verdict}`)
      .toSorted(),
  };
}

function bookLines({ store }: Projections): Lines {
  const view = new BookView(store);
  const book = (basis: 'trade-date' | 'settlement-date', asOf: string) =>
    [
      ...view.positions({ basis, asOf }).map((one) => `${one.account} ${one.security} ${one.quantity}`),
      ...view.cash({ basis, asOf }).map((one) => `${one.account} ${one.currency} ${one.amount}`),
    ].toSorted();
  const trades = view.trades({ perspective: 'ours' });
  return {
    trades: trades.map(({ event }) => ('execId' in event.data ? String(event.data.execId) : '')).toSorted(),
    'book by trade date': book('trade-date', lastDay),
    'book by settlement date, on the holiday': book('settlement-date', '2026-11-11'),
    'book by settlement date': book('settlement-date', lastDay),
    breaks: new ReconView(store).breaks({ status: 'open' }).map(breakText).toSorted(),
  };
}

async function logLines(log: SqliteLog): Promise<Lines> {
  const statuses: string[] = [];
  const files: string[] = [];
  for await (const entry of log.read()) {
    for (const event of entry.events.map(decodeEvent)) {
      if (event.type.startsWith('settlement.') && 'instructionId' in event.data)
        statuses.push(`${event.type} ${event.data.instructionId}`);
      if (event.type === 'feed.accepted') files.push(`${event.data.name} accepted`);
      if (event.type === 'feed.refused') files.push(`${event.data.name} ${verdictOf(event.data.code)}`);
    }
  }
  return { statuses: statuses.toSorted(), files: files.toSorted() };
}

function verdictOf(code = ''): string {
  const words: Readonly<Record<string, string>> = {
    FILE_DUPLICATE: 'duplicate',
    FILE_STALE: 'stale',
    FILE_RESTATED: 'held',
  };
  return words[code] ?? 'refused';
}

/** What customers have in the outside ledger, in the words of the book. */
async function postingLines({ ledger }: Outside): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: ledger.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ account: string; unit: string; amount: string }>(
      `SELECT account, unit, trim_scale(amount)::text AS amount FROM ${ledger.schema}.balance WHERE account LIKE 'customer:%'`,
    );
    const unbalanced = await client.query(
      `SELECT unit FROM ${ledger.schema}.posting GROUP BY unit HAVING sum(amount) <> 0`,
    );
    const lines = rows.map(({ account, unit, amount }) => `${account.split(':')[1]} ${unit} ${amount}`);
    return [...lines, ...unbalanced.rows.map((row) => `not in balance: ${JSON.stringify(row)}`)].toSorted();
  } finally {
    await client.end();
  }
}

function money(cents: number): string {
  return decimalText({ units: BigInt(cents), scale: 2 });
}
