import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { dayProjections } from '../src/cli/projections.ts';
import { keepTradeDays } from '../src/cli/testing/trade-day-log.ts';
import type { Entry, EntryDraft } from '../src/contract/entry.ts';
import type { Log } from '../src/contract/log.ts';
import { originText } from '../src/contract/origin.ts';
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

/** What happens to the log after some more of the day, and to those who fold it. */
interface Step {
  /** Up to where in the days, in thousandths. */
  readonly upTo: number;
  readonly noise: 'none' | 'again' | 'voided' | 'feed';
  readonly picks: readonly number[];
  readonly fold: 'not' | 'fold' | 'stop' | 'older' | 'wiped';
}

const step: fc.Arbitrary<Step> = fc.record({
  // Most of what is compared comes with the files of the mornings, which are the last third.
  upTo: fc.oneof(fc.nat(1_000), fc.integer({ min: 650, max: 1_000 })),
  noise: fc.constantFrom('none', 'again', 'voided', 'voided', 'voided', 'feed'),
  picks: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 6 }),
  fold: fc.constantFrom('not', 'not', 'fold', 'fold', 'fold', 'fold', 'stop', 'stop', 'older', 'wiped'),
});

test('every view, folded bit by bit, by older code or from nothing, is what one fold makes of the log', {
  timeout: 120_000,
}, async () => {
  const seen = { breaks: 0, healed: 0, transactions: 0, feeds: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 14, maxLength: 18 }), async (steps) => {
      const log = memoryLog();
      const directory = tempDirectory('projections-live');
      let live = await opened(directory, log);
      const restated = days.filter(({ kind }) => kind === 'revision').map(({ origin }) => originText(origin));
      const revised = new Set(restated);
      for (const part of parts(steps)) {
        const { step: one } = part;
        const views = live;
        await grow(log, part, revised, async () => one.fold === 'fold' && views.catchUp());
        if (one.fold === 'not') continue;
        await live.catchUp();
        if (one.fold === 'fold') continue;
        await live.close();
        if (one.fold !== 'stop') spoil(directory, one);
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

interface Part {
  readonly from: number;
  readonly to: number;
  readonly step: Step;
}

/** The entries of the days in as many parts as there are steps; the last has the rest. */
function parts(steps: readonly Step[]): readonly Part[] {
  const ends = steps
    .map(({ upTo }) => Math.floor((days.length * upTo) / 1_000))
    .sort((one, other) => one - other);
  return steps.map((one, at) => {
    const to = at === steps.length - 1 ? days.length : (ends[at] ?? 0);
    return { from: at === 0 ? 0 : (ends[at - 1] ?? 0), to, step: one };
  });
}

/** `revised`: origins that have a revision, or that a restated file will give one. */
async function grow(
  log: Log,
  { from, to, step: { noise, picks } }: Part,
  revised: Set<string>,
  afterEach: () => Promise<unknown>,
): Promise<void> {
  const part = days.slice(from, to);
  for (let at = 0; at < part.length; ) {
    const channel = part[at]?.channel ?? '';
    const end = part.findIndex((entry, index) => index > at && entry.channel !== channel);
    const run = part.slice(at, end < 0 ? part.length : end);
    await log.append(channel, run.map(draftOf));
    at += run.length;
  }
  // What is taken back is late for days that were compared: they are compared once more.
  let now = days.slice(0, to).reduce((last, { receivedAt }) => Math.max(last, receivedAt), 0);
  for (const pick of picks) {
    now += 2_000_000;
    const entry = days[pick % Math.max(to, 1)];
    if (noise === 'feed') await log.append('positions', feedSignals(pick));
    if (entry === undefined || to === 0) continue;
    if (noise === 'again') await log.append(entry.channel, [draftOf(entry)]);
    if (noise !== 'voided' || entry.kind !== 'message' || revised.has(originText(entry.origin))) continue;
    revised.add(originText(entry.origin));
    await log.append(entry.channel, [voiding(entry, now)]);
    await afterEach();
  }
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
function voiding({ origin, bytes }: Entry, receivedAt: number): EntryDraft {
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
function spoil(directory: string, { fold, picks: [pick = 1] }: Step): void {
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
