import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { dayProjections } from '../src/cli/projections.ts';
import { keepTradeDays } from '../src/cli/testing/trade-day-log.ts';
import type { Entry, EntryDraft } from '../src/contract/entry.ts';
import type { Log } from '../src/contract/log.ts';
import { utf8Bytes } from '../src/core/bytes.ts';
import { LedgerView } from '../src/ledger/index.ts';
import { memoryLog, openProjections, type Projections } from '../src/log/index.ts';
import { ReconView } from '../src/recon/index.ts';
import { tempDirectory } from './support/temp-directory.ts';

/**
 * The law of all views: folded as the log grows, with stops anywhere, thrown away in part or folded by older code in
 * between, every table is what one fold of the whole log makes of it.
 */

let days: readonly Entry[];

beforeAll(async () => {
  const log = memoryLog();
  await keepTradeDays(log, { executions: 400 });
  const entries: Entry[] = [];
  for await (const entry of log.read()) entries.push(entry);
  days = entries;
}, 60_000);

/** What happens to the log, and to those who fold it, after some more entries of the day. */
interface Step {
  readonly entries: number;
  readonly noise: 'none' | 'again' | 'voided' | 'feed';
  readonly pick: number;
  readonly fold: 'not' | 'fold' | 'stop' | 'older' | 'wiped';
}

const step: fc.Arbitrary<Step> = fc.record({
  entries: fc.integer({ min: 1, max: 700 }),
  noise: fc.constantFrom('none', 'again', 'voided', 'voided', 'feed'),
  pick: fc.nat(1_000_000),
  fold: fc.constantFrom('not', 'fold', 'stop', 'older', 'wiped'),
});

test('every view, folded bit by bit, by older code or from nothing, is what one fold makes of the log', {
  timeout: 120_000,
}, async () => {
  const seen = { breaks: 0, healed: 0, transactions: 0, feeds: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 9 }), async (steps) => {
      const log = memoryLog();
      const directory = tempDirectory('projections-live');
      let live = await opened(directory, log);
      for (const one of parts(steps)) {
        await grow(log, one.part, one.step);
        if (one.step.fold === 'not') continue;
        await live.catchUp();
        if (one.step.fold === 'fold') continue;
        await live.close();
        if (one.step.fold !== 'stop') spoil(directory, one.step);
        live = await opened(directory, log);
      }
      await live.catchUp();
      await live.close();
      const other = tempDirectory('projections-whole');
      const whole = await opened(other, log);
      await whole.catchUp();
      count(seen, whole);
      await whole.close();
      expect(dump(directory)).toEqual(dump(other));
    }),
    { numRuns: 2, endOnFailure: true },
  );
  // The days must be worth something: every view has what could differ.
  expect(Object.entries(seen).filter(([, number]) => number === 0)).toEqual([]);
});

/** The entries of the days in as many parts as there are steps; the last step has the rest. */
function parts(steps: readonly Step[]): readonly { readonly part: readonly Entry[]; readonly step: Step }[] {
  let from = 0;
  return steps.map((one, index) => {
    const to = index === steps.length - 1 ? days.length : from + one.entries;
    const part = days.slice(from, to);
    from = to;
    return { part, step: one };
  });
}

async function grow(log: Log, part: readonly Entry[], { noise, pick }: Step): Promise<void> {
  for (let at = 0; at < part.length; ) {
    const channel = part[at]?.channel ?? '';
    const end = part.findIndex((entry, index) => index > at && entry.channel !== channel);
    const run = part.slice(at, end < 0 ? part.length : end);
    await log.append(channel, run.map(draftOf));
    at += run.length;
  }
  if (noise === 'feed' || pick % 2 === 0) await log.append('positions', feedSignals(pick));
  const entry = part[pick % Math.max(part.length, 1)];
  if (entry === undefined || noise === 'none' || noise === 'feed') return;
  if (noise === 'again') await log.append(entry.channel, [draftOf(entry)]);
  else if (entry.kind === 'message') await log.append(entry.channel, [voiding(entry)]);
}

function draftOf({
  offset,
  channel,
  sequence,
  size,
  storage,
  voids,
  chain,
  revision,
  ...draft
}: Entry): EntryDraft {
  return { ...draft, ...(draft.kind === 'revision' && { revision }) };
}

/** A revision that tells nothing: what the entry told is taken back. */
function voiding({ origin, receivedAt, bytes }: Entry): EntryDraft {
  return { kind: 'revision', direction: 'in', origin, receivedAt, bytes, revision: 1, revises: origin };
}

function feedSignals(pick: number): readonly EntryDraft[] {
  const fileKey = `POSITIONS/${pick}`;
  const told = {
    feed: 'positions',
    fileKey,
    name: `${pick}.txt`,
    dueAt: '2026-11-11T11:30:00Z',
    sha256: `${pick}`,
  };
  return ['feed.expected', 'feed.arrived', 'feed.accepted'].map((type) => ({
    kind: 'signal',
    direction: 'in',
    origin: { scope: fileKey, key: type },
    receivedAt: Date.parse('2026-11-11T11:20:00Z') * 1000,
    bytes: utf8Bytes(JSON.stringify({ ...told, signal: type })),
    type,
  }));
}

function opened(directory: string, log: Log): Promise<Projections> {
  return openProjections(directory, log, { projections: dayProjections() });
}

/** As after an upgrade of some of the views, or as if somebody had thrown the file's rows away. */
function spoil(directory: string, { fold, pick }: Step): void {
  const file = new DatabaseSync(join(directory, 'projections.db'));
  try {
    const ids = file
      .prepare('SELECT id FROM projections ORDER BY id')
      .all()
      .map(({ id }) => String(id));
    const some = fold === 'wiped' ? ids : ids.filter((_id, index) => (pick >> index) % 2 === 1);
    for (const id of some) file.prepare("UPDATE projections SET fingerprint = 'older' WHERE id = ?").run(id);
  } finally {
    file.close();
  }
}

/** All rows of all tables, the place of each view among them. */
function dump(directory: string): unknown {
  const file = new DatabaseSync(join(directory, 'projections.db'));
  try {
    const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    expect(tables.length).toBeGreaterThan(20);
    return tables.map(({ name }) => {
      const rows = file.prepare(`SELECT * FROM "${String(name)}"`).all();
      return [name, rows.map((row) => JSON.stringify(Object.values(row))).sort()];
    });
  } finally {
    file.close();
  }
}

function count(
  seen: Record<'breaks' | 'healed' | 'transactions' | 'feeds', number>,
  views: Projections,
): void {
  const breaks = new ReconView(views.store).breaks({}, true);
  seen.breaks += breaks.length;
  seen.healed += breaks.filter(({ status }) => status === 'closed').length;
  seen.transactions += new LedgerView(views.store).after(0, 100_000).length;
  seen.feeds += Number(views.store.get('SELECT count(*) AS n FROM feeds_rows')?.['n']);
}
