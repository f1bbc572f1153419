import pg from 'pg';
import { decimalText } from '../core/decimal.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { LedgerBridge, LedgerPosition } from './carry.ts';
import { ledgerIssues } from './issues.ts';
import { schemaSql } from './postgres-schema.ts';
import { transactionId } from './transaction.ts';
import type { StoredTransaction } from './view.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. A secret. */
  readonly url: string;
  /** Schema of its own in that database; made where it is missing. */
  readonly schema: string;
  readonly tenant: string;
  /** How long one answer of the server may take. Default: 30 s. */
  readonly timeoutMs?: number;
}

/**
 * A double-entry ledger in PostgreSQL. Transactions, their legs and the position behind them are one database
 * transaction; a lost answer is settled by asking for the position. The database itself refuses legs that do not sum
 * to zero. Connections are made when they are needed and again after a loss.
 */
export class PostgresLedger implements LedgerBridge {
  readonly id = 'postgres';
  readonly #options: PostgresOptions;
  #client: pg.Client | undefined;

  constructor(options: PostgresOptions) {
    this.#options = options;
  }

  position(): Promise<LedgerPosition> {
    return this.#with(async (client) => {
      const { rows } = await client.query<{ at: string; chain: string }>(
        `SELECT "offset"::text AS at, chain FROM ${this.#schema}.position WHERE tenant = $1`,
        [this.#options.tenant],
      );
      const row = rows[0];
      return row === undefined ? { offset: 0, chain: '' } : { offset: Number(row.at), chain: row.chain };
    });
  }

  post(transactions: readonly StoredTransaction[], position: LedgerPosition): Promise<void> {
    return this.#with(async (client) => {
      await client.query('BEGIN');
      await this.#insert(client, transactions);
      await this.#move(client, transactions[0]?.offset ?? position.offset, position);
      await client.query('COMMIT');
    });
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #insert(client: pg.Client, transactions: readonly StoredTransaction[]): Promise<void> {
    const { tenant } = this.#options;
    const heads = transactions.map((one) => ({
      id: transactionId(one),
      at: String(one.offset),
      number: one.number,
      event_id: one.eventId,
      reverses: one.reverses,
      because: one.because,
      date: one.date,
      settlement_date: one.settlementDate,
      memo: one.memo,
    }));
    const legs = transactions.flatMap((one) =>
      one.postings.map(({ account, unit, amount }, line) => ({
        id: transactionId(one),
        line,
        account,
        unit,
        amount: decimalText(amount),
      })),
    );
    await client.query(
      `INSERT INTO ${this.#schema}.transaction (tenant, id, "offset", number, event_id, reverses, because, date, settlement_date, memo)
       SELECT $1, id, at, number, event_id, reverses, because, date, settlement_date, memo
       FROM jsonb_to_recordset($2::jsonb) AS t(id text, at bigint, number int, event_id text, reverses boolean,
         because text, date date, settlement_date date, memo text)`,
      [tenant, JSON.stringify(heads)],
    );
    await client.query(
      `INSERT INTO ${this.#schema}.posting (tenant, transaction_id, line, account, unit, amount)
       SELECT $1, id, line, account, unit, amount
       FROM jsonb_to_recordset($2::jsonb) AS t(id text, line int, account text, unit text, amount numeric)`,
      [tenant, JSON.stringify(legs)],
    );
  }

  /** Moves the position only from where the first of these transactions follows it: a second writer gets nothing in. */
  async #move(client: pg.Client, first: number, { offset, chain }: LedgerPosition): Promise<void> {
    const { rowCount } = await client.query(
      `INSERT INTO ${this.#schema}.position AS p (tenant, "offset", chain) VALUES ($1, $2, $3)
       ON CONFLICT (tenant) DO UPDATE SET "offset" = excluded."offset", chain = excluded.chain WHERE p."offset" < $4`,
      [this.#options.tenant, String(offset), chain, String(first)],
    );
    if (rowCount !== 1) throw refused('another writer has moved the position meanwhile', undefined);
  }

  /** Runs one piece of work on the connection; whatever fails ends the connection, and with it what was begun. */
  async #with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    try {
      this.#client ??= await this.#connect();
      return await work(this.#client);
    } catch (cause) {
      await this.close();
      throw cause instanceof GatewayError ? cause : failure(cause);
    }
  }

  async #connect(): Promise<pg.Client> {
    const { url, timeoutMs = 30_000 } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      keepAlive: true,
      application_name: 'clearport',
    });
    // A connection that breaks while nobody waits for it: the next piece of work finds out.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(schemaSql(this.#options.schema));
    } catch (cause) {
      await client.end().catch(() => undefined);
      throw cause;
    }
    return client;
  }

  get #schema(): string {
    return pg.escapeIdentifier(this.#options.schema);
  }
}

/** SQLSTATE classes: 08 connection, 53 resources, 57 operator intervention, 40 serialization. Source: PostgreSQL, appendix A. */
function failure(cause: unknown): GatewayError {
  const state = systemCode(cause) ?? '';
  const passing = /^(08|53|57|40|55P03|E[A-Z]+)/.test(state) || state === '';
  return passing ? unreachable(cause) : refused(reasonOf(cause), cause);
}

function unreachable(cause: unknown): GatewayError {
  return new GatewayError('LEDGER_UNREACHABLE', reasonOf(cause), {
    place: 'postgres',
    retryable: true,
    remedy: ledgerIssues.LEDGER_UNREACHABLE.remedy,
    cause,
  });
}

function refused(reason: string, cause: unknown): GatewayError {
  const { remedy } = ledgerIssues.LEDGER_REFUSED;
  return new GatewayError('LEDGER_REFUSED', reason, { place: 'postgres', remedy, cause });
}

/** The server's own words; never the connection's address, which holds the password. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : 'the connection failed';
}
