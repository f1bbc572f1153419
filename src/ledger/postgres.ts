import { Socket } from 'node:net';
import pg from 'pg';
import { decimalText } from '../core/decimal.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { LedgerBridge, LedgerPosition } from './carry.ts';
import { ledgerIssues } from './issues.ts';
import { schemaSql, viewName } from './postgres-schema.ts';
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
  #connection: { readonly client: pg.Client; readonly socket: Socket } | undefined;

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

  post(transactions: readonly StoredTransaction[], from: LedgerPosition, to: LedgerPosition): Promise<void> {
    return this.#with(async (client) => {
      await client.query('BEGIN');
      await this.#move(client, from, to);
      await this.#insert(client, transactions);
      await client.query('COMMIT');
    });
  }

  /** Takes leave of the server; of one that does not answer, only for a moment. */
  async close(): Promise<void> {
    const open = this.#connection;
    this.#connection = undefined;
    if (open === undefined) return;
    const impatience = setTimeout(() => open.socket.destroy(), goodbyeMs);
    await open.client.end().catch(() => undefined);
    clearTimeout(impatience);
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
      [tenant, jsonText(heads)],
    );
    await client.query(
      `INSERT INTO ${this.#schema}.posting (tenant, transaction_id, line, account, unit, amount)
       SELECT $1, id, line, account, unit, amount
       FROM jsonb_to_recordset($2::jsonb) AS t(id text, line int, account text, unit text, amount numeric)`,
      [tenant, jsonText(legs)],
    );
  }

  /**
   * Moves the position, and only from where this bridge found it: of two writers that come at once, one waits on the row
   * and then gets nothing in, whichever logs they write.
   */
  async #move(client: pg.Client, from: LedgerPosition, to: LedgerPosition): Promise<void> {
    const { tenant } = this.#options;
    const table = `${this.#schema}.position`;
    const { rowCount } =
      from.offset === 0
        ? await client.query(
            `INSERT INTO ${table} (tenant, "offset", chain) VALUES ($1, $2, $3) ON CONFLICT (tenant) DO NOTHING`,
            [tenant, String(to.offset), to.chain],
          )
        : await client.query(
            `UPDATE ${table} SET "offset" = $2, chain = $3 WHERE tenant = $1 AND "offset" = $4 AND chain = $5`,
            [tenant, String(to.offset), to.chain, String(from.offset), from.chain],
          );
    // A writer that is given up may be ourselves: whoever asks for the position again finds out.
    if (rowCount !== 1) throw refused('another writer has moved the position meanwhile', { retryable: true });
  }

  /** Runs one piece of work on the connection; whatever fails ends the connection, and with it what was begun. */
  async #with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    try {
      this.#connection ??= await this.#connect();
      return await work(this.#connection.client);
    } catch (cause) {
      this.#connection?.socket.destroy();
      this.#connection = undefined;
      throw cause instanceof GatewayError ? cause : failure(cause);
    }
  }

  async #connect(): Promise<{ readonly client: pg.Client; readonly socket: Socket }> {
    const { url, timeoutMs = 30_000, schema } = this.#options;
    // A socket of our own can be let go of whatever the client waits for.
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      keepAlive: true,
      application_name: 'clearport',
      stream: () => socket,
    });
    // A connection that breaks while nobody waits for it: the next piece of work finds out.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query('SELECT to_regclass($1) AS made', [viewName(schema)]);
      if (rows[0]?.made === null) await client.query(schemaSql(schema));
    } catch (cause) {
      socket.destroy();
      throw cause;
    }
    return { client, socket };
  }

  get #schema(): string {
    return pg.escapeIdentifier(this.#options.schema);
  }
}

/** How long a server may take to say goodbye. */
const goodbyeMs = 1_000;

/** JSON that PostgreSQL takes: its texts hold no NUL and no half of a character, whatever a counterparty wrote. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'string' ? one.replaceAll('\0', '\uFFFD').toWellFormed() : one,
  );
}

/** SQLSTATE classes: 08 connection, 53 resources, 57 operator intervention, 40 serialization. Source: PostgreSQL, appendix A. */
function failure(cause: unknown): GatewayError {
  const state = systemCode(cause) ?? '';
  const passing = /^(08|53|57|40|55P03|E[A-Z]+)/.test(state) || state === '';
  return passing ? unreachable(cause) : refused(reasonOf(cause), { cause });
}

function unreachable(cause: unknown): GatewayError {
  return new GatewayError('LEDGER_UNREACHABLE', reasonOf(cause), {
    place: 'postgres',
    retryable: true,
    remedy: ledgerIssues.LEDGER_UNREACHABLE.remedy,
    cause,
  });
}

function refused(
  reason: string,
  more: { readonly cause?: unknown; readonly retryable?: boolean },
): GatewayError {
  const { remedy } = ledgerIssues.LEDGER_REFUSED;
  return new GatewayError('LEDGER_REFUSED', reason, { place: 'postgres', remedy, ...more });
}

/** The server's own words; never the connection's address, which holds the password. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : 'the connection failed';
}
