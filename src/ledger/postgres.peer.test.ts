import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { requirePeer } from '../../test/support/peer.ts';
import { type PostgresServer, postgresMissing, postgresServer } from '../../test/support/postgres.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { bookProjection } from '../book/index.ts';
import type { Log } from '../contract/log.ts';
import { memoryLog, openProjections } from '../log/index.ts';
import { codeOf } from '../log/suite-drafts.ts';
import { carry, LedgerFollower, LedgerView, ledgerProjection, PostgresLedger } from './index.ts';
import { longHistory } from './testing/arbitrary.ts';
import { balancesOf, entryOf, type Told } from './testing/history.ts';

let server: PostgresServer;

requirePeer('PostgreSQL', postgresMissing, () => {
  beforeAll(async () => {
    server = await postgresServer(tempDirectory('postgres', afterAll));
    await server.start();
  }, 60_000);
  afterAll(() => server.stop());

  test('what arrives there is what counts here, and the legs sum to zero in every unit', {
    timeout: 60_000,
  }, async () => {
    const { told, counted } = longHistory(400, 20);
    const { views } = await folded(told);
    const schema = 'plain';
    const bridge = ledger(schema);
    expect(await carry(new LedgerView(views.store), bridge)).toBeGreaterThan(0);
    expect(await carry(new LedgerView(views.store), bridge)).toBe(0);
    expect(await balances(schema)).toEqual(balancesOf(counted));
    expect(await query(`SELECT unit FROM ${schema}.posting GROUP BY unit HAVING sum(amount) <> 0`)).toEqual(
      [],
    );
  });

  test('killed in the middle of posting, again and again: nothing is doubled, nothing is lost', {
    timeout: 120_000,
  }, async () => {
    const { told, counted } = longHistory(6_000, 20);
    const schema = 'killed';
    const { views } = await folded(told);
    const view = new LedgerView(views.store);
    const bridge = ledger(schema);
    let inFlight = 0;
    for (let kills = 0; kills < 8; kills++) {
      await bridge.position();
      const posting = codeOf(carry(view, bridge));
      await pause(3 + kills * 9);
      await server.kill();
      if ((await posting) === 'LEDGER_UNREACHABLE') inFlight++;
      await server.start();
    }
    expect(inFlight).toBeGreaterThanOrEqual(3);
    await carry(view, bridge);
    expect(await balances(schema)).toEqual(balancesOf(counted));
    const ids = await query(`SELECT id FROM ${schema}.transaction ORDER BY "offset", number`);
    const all = view.after(0, 1_000_000);
    expect(ids.map((row) => row['id'])).toEqual(all.map(({ offset, number }) => `${offset}.${number}`));
    expect(await query(`SELECT unit FROM ${schema}.posting GROUP BY unit HAVING sum(amount) <> 0`)).toEqual(
      [],
    );
  });

  test('a follower waits for a server that is away, tells of it once, and goes on', {
    timeout: 60_000,
  }, async () => {
    const { told, counted } = longHistory(300, 7);
    const schema = 'followed';
    const { log, views } = await folded([]);
    const news: (string | undefined)[] = [];
    const report = (_bridge: string, trouble: { readonly code: string } | undefined): void => {
      news.push(trouble?.code);
    };
    const follower = new LedgerFollower({ log, projections: views, report }, ledger(schema));
    follower.start();
    onTestFinished(() => follower.close());
    await append(log, told.slice(0, 100), 1);
    await until(async () => (await count(schema)) > 0);
    await server.kill();
    await append(log, told.slice(100), 101);
    await until(async () => follower.trouble !== undefined);
    await server.start();
    const wanted = balancesOf(counted);
    await until(async () => follower.trouble === undefined && (await balances(schema)).size === wanted.size);
    expect(await balances(schema)).toEqual(wanted);
    expect(news).toEqual(['LEDGER_UNREACHABLE', undefined]);
  });

  test('the database itself refuses legs that do not balance', async () => {
    const schema = 'refusing';
    await ledger(schema).position();
    const [wrong] = [1, 2].map((units) => ({
      account: `a${units}`,
      unit: 'USD',
      amount: { units: BigInt(units), scale: 0 },
    }));
    const transaction = {
      offset: 65_536,
      number: 0,
      eventId: 'e',
      reverses: false,
      because: 'told',
      date: '2026-11-10',
    };
    const rest = {
      settlementDate: '2026-11-12',
      memo: 'm',
      chain: 'c',
      postings: wrong === undefined ? [] : [wrong],
    };
    const code = await codeOf(
      ledger(schema).post([{ ...transaction, ...rest }], nowhere, { offset: 65_536, chain: 'c' }),
    );
    expect(code).toBe('LEDGER_REFUSED');
    expect(await count(schema)).toBe(0);
    expect(await ledger(schema).position()).toEqual(nowhere);
  });

  test('of two writers, one gets nothing in', async () => {
    const { views } = await folded(longHistory(20, 20).told);
    const schema = 'contested';
    const all = new LedgerView(views.store).after(0, 10_000);
    const last = all.at(-1);
    const position = { offset: last?.offset ?? 0, chain: last?.chain ?? '' };
    await ledger(schema).post(all, nowhere, position);
    expect(await codeOf(ledger(schema).post(all, nowhere, position))).toBe('LEDGER_REFUSED');
    expect(await count(schema)).toBe(all.length);
  });

  test('who asked for the position before another log moved it gets nothing in, however far its own log is', async () => {
    const schema = 'overtaken';
    const view = new LedgerView((await folded(longHistory(40, 3).told)).views.store);
    const early = view.after(0, 5);
    const late = view.after(early.at(-1)?.offset ?? 0, 5);
    const at = (batch: typeof early) => ({ offset: batch.at(-1)?.offset ?? 0, chain: 'of another log' });
    const slow = ledger(schema);
    const from = await slow.position();
    await ledger(schema).post(early, from, at(early));
    expect(await codeOf(slow.post(late, from, at(late)))).toBe('LEDGER_REFUSED');
    expect(await ledger(schema).position()).toEqual(at(early));
    expect(await codeOf(slow.post(late, { ...at(early), chain: 'of ours' }, at(late)))).toBe(
      'LEDGER_REFUSED',
    );
    expect(await count(schema)).toBe(early.length);
  });

  test('an older copy of the ledger goes on where it stands', async () => {
    const { told, counted } = longHistory(60, 4);
    const schema = 'restored';
    const view = new LedgerView((await folded(told)).views.store);
    const early = view.after(0, 20);
    const last = early.at(-1);
    await ledger(schema).post(early, nowhere, { offset: last?.offset ?? 0, chain: last?.chain ?? '' });
    await carry(view, ledger(schema));
    expect(await balances(schema)).toEqual(balancesOf(counted));
  });

  test('a server that does not answer is given up; what it commits later is not posted again', {
    timeout: 60_000,
  }, async () => {
    const { told, counted } = longHistory(2_000, 9);
    const schema = 'hanging';
    const view = new LedgerView((await folded(told)).views.store);
    const bridge = ledger(schema, 400);
    onTestFinished(() => server.thaw());
    for (const wait of [5, 25, 60]) {
      await bridge.position();
      const posting = codeOf(carry(view, bridge));
      await pause(wait);
      server.freeze();
      // Refused: what was given up before was committed after we had asked for the position.
      expect(['LEDGER_UNREACHABLE', 'LEDGER_REFUSED', undefined]).toContain(await posting);
      await bridge.close();
      server.thaw();
    }
    await expect.poll(() => codeOf(carry(view, bridge))).toBe(undefined);
    expect(await balances(schema)).toEqual(balancesOf(counted));
    await bridge.position();
    server.freeze();
    // The goodbye is not answered either.
    await bridge.close();
    server.thaw();
  });

  test('a schema that somebody else made needs no right to make one', async () => {
    await query('CREATE ROLE poster LOGIN');
    await query('CREATE SCHEMA given AUTHORIZATION poster');
    const { told, counted } = longHistory(20, 6);
    const { views } = await folded(told);
    const url = server.url.replace('clearport@', 'poster@');
    for (let times = 0; times < 2; times++) {
      const bridge = new PostgresLedger({ url, schema: 'given', tenant: 'house' });
      await carry(new LedgerView(views.store), bridge);
      await bridge.close();
    }
    expect(await balances('given')).toEqual(balancesOf(counted));
  });

  test('no text of a counterparty keeps the ledger from going on', async () => {
    const schema = 'poisoned';
    const [good] = longHistory(1, 6).counted;
    const fill = good && { ...good, account: 'A\u00001', security: '99\u0000' };
    const { views } = await folded(fill === undefined ? [] : [{ what: 'fill', fill }]);
    expect(await carry(new LedgerView(views.store), ledger(schema))).toBe(1);
    const rows = await query(`SELECT DISTINCT unit FROM ${schema}.posting ORDER BY unit`);
    expect(rows.map(({ unit }) => unit)).toEqual(['USD', 'cusip:99\uFFFD']);
  });

  test('another log under the same ledger is refused', async () => {
    const schema = 'swapped';
    const first = await folded(longHistory(10, 1).told);
    await carry(new LedgerView(first.views.store), ledger(schema));
    const second = await folded(longHistory(10, 2).told);
    expect(await codeOf(carry(new LedgerView(second.views.store), ledger(schema)))).toBe('LEDGER_OTHER_LOG');
  });

  test('a wrong password or address says so without saying it', async () => {
    const url = server.url.replace('clearport@', 'nobody:hunter2@');
    const bridge = new PostgresLedger({ url, schema: 'x', tenant: 'house' });
    const error = await bridge.position().catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: expect.stringMatching(/^LEDGER_/) });
    expect(String(error)).not.toContain('hunter2');
  });
});

async function append(log: Log, told: readonly Told[], from: number): Promise<void> {
  await log.append(
    'orders',
    told.map((one, at) => entryOf(from + at, one)),
  );
}

async function folded(told: readonly Told[]) {
  const log = memoryLog();
  await append(log, told, 1);
  const views = await openProjections(tempDirectory('ledger'), log, {
    projections: [bookProjection(), ledgerProjection()],
  });
  onTestFinished(() => views.close());
  await views.catchUp();
  return { log, views };
}

const nowhere = { offset: 0, chain: '' };

function ledger(schema: string, timeoutMs = 30_000): PostgresLedger {
  const bridge = new PostgresLedger({ url: server.url, schema, tenant: 'house', timeoutMs });
  onTestFinished(() => bridge.close());
  return bridge;
}

async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function balances(schema: string): Promise<ReadonlyMap<string, string>> {
  const rows = await query(`SELECT account, unit, trim_scale(amount)::text AS amount FROM ${schema}.balance`);
  return new Map(rows.map((row) => [`${row['account']} ${row['unit']}`, String(row['amount'])]));
}

async function count(schema: string): Promise<number> {
  return Number((await query(`SELECT count(*) AS n FROM ${schema}.transaction`))[0]?.['n']);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done().catch(() => false))) await pause(50);
}
