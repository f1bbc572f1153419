import { beforeEach, describe, expect, test } from 'vitest';
import type { EntryDraft } from '../contract/entry.ts';
import { eventOf } from '../contract/normalize.ts';
import { decodeEvent, type Event, encodeEvent } from '../events/index.ts';
import { memoryLog } from '../log/index.ts';
import { adoptBaseline } from './baseline.ts';
import type { Desk } from './desk.ts';
import { configurationOf, deskOver, entriesOf, lineChannel, start } from './testing/fixture.ts';

const ann = { by: 'ann', reason: 'the book opens with their close of the 9th' };
const file = 'POS/2026-11-10/SOD/01';
const positions = { channel: 'positions', snapshot: file };
let log = memoryLog();
let desk: Desk;

beforeEach(() => {
  log = memoryLog();
  const channels = ['positions', 'cash'].map((name) => lineChannel(name));
  desk = deskOver(log, configurationOf('/nowhere', channels));
});

interface Row {
  readonly ordinal: number;
  readonly snapshot?: string;
  readonly date?: string;
}

function contextOf(channel: string, ordinal: number) {
  const origin = { scope: file, ordinal };
  const plain = { perspective: 'clearer', tenant: 'acme', direction: 'in', revision: 0 } as const;
  return { channel, ...plain, origin, receivedAt: start, zone: 'UTC' };
}

function entry(ordinal: number, events: readonly Event[], more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    kind: 'message',
    direction: 'in',
    origin: { scope: file, ordinal },
    receivedAt: start,
    bytes: Buffer.from(`row ${ordinal}`),
    events: events.map(encodeEvent),
    ...more,
  };
}

/** A row tells both bases, as the layouts do. */
function position({ ordinal, snapshot = file }: Row): EntryDraft {
  const context = contextOf('positions', ordinal);
  const told = (basis: string) =>
    eventOf(context, basis, 'position.reported', { account: 'A1' }, { basis, quantity: '100', snapshot });
  return entry(ordinal, [told('trade-date'), told('settlement-date')]);
}

function cash({ ordinal, snapshot = 'CSH/1' }: Row): EntryDraft {
  const context = contextOf('cash', ordinal);
  const data = { basis: 'trade-date', amount: '1', currency: 'USD', snapshot };
  return entry(ordinal, [eventOf(context, 'cash', 'cash.reported', {}, data)]);
}

function end(channel: string, count: number, more: Row & { readonly completeness?: string }): EntryDraft {
  const { ordinal, snapshot = file, date = '2026-11-09', completeness = 'complete' } = more;
  const kind = channel;
  const data = { kind, snapshot, count, completeness };
  const context = contextOf(channel, ordinal);
  return entry(ordinal, [
    eventOf(context, 'end', 'snapshot.closed', { businessDate: date, asOf: date }, data),
  ]);
}

const adopt = (request: Parameters<typeof adoptBaseline>[1] = { positions }) =>
  adoptBaseline(desk, request, ann);

describe('a baseline', () => {
  test('is an event with who, why and which snapshots', async () => {
    await log.append('positions', [
      position({ ordinal: 1 }),
      position({ ordinal: 2 }),
      end('positions', 2, { ordinal: 3 }),
    ]);
    await log.append('cash', [cash({ ordinal: 1 }), end('cash', 1, { ordinal: 2, snapshot: 'CSH/1' })]);
    const adopted = await adopt({ positions, cash: { channel: 'cash', snapshot: 'CSH/1' } });
    expect(adopted).toMatchObject({
      outcome: 'written',
      businessDate: '2026-11-09',
      asOf: '2026-11-09',
      positions: { records: 2 },
      cash: { records: 1 },
    });
    const [audit] = await entriesOf(log, 'gateway');
    expect(audit).toMatchObject({ kind: 'audit', type: 'baseline.adopt', by: 'ann', reason: ann.reason });
    expect(audit?.events.map(decodeEvent)).toMatchObject([
      {
        id: adopted.event,
        type: 'baseline.adopted',
        perspective: 'ours',
        businessDate: '2026-11-09',
        data: {
          snapshot: file,
          sourceChannel: 'positions',
          cashSnapshot: 'CSH/1',
          cashChannel: 'cash',
          approvedBy: 'ann',
          count: 2,
        },
      },
    ]);
    expect((await adopt({ positions, cash: { channel: 'cash', snapshot: 'CSH/1' } })).outcome).toBe(
      'repeated',
    );
    expect(await entriesOf(log, 'gateway')).toHaveLength(1);
  });

  test.each<[string, readonly EntryDraft[], string]>([
    ['is not there', [], 'BASELINE_SNAPSHOT_UNKNOWN'],
    ['has no end', [position({ ordinal: 1 })], 'BASELINE_SNAPSHOT_INCOMPLETE'],
    [
      'lacks a row',
      [position({ ordinal: 1 }), end('positions', 2, { ordinal: 3 })],
      'BASELINE_SNAPSHOT_INCOMPLETE',
    ],
    [
      'is partial',
      [position({ ordinal: 1 }), end('positions', 1, { ordinal: 2, completeness: 'partial' })],
      'BASELINE_SNAPSHOT_INCOMPLETE',
    ],
    ['is of cash', [end('cash', 0, { ordinal: 1 })], 'BASELINE_SNAPSHOT_UNKNOWN'],
  ])('refuses a snapshot that %s', async (_what, drafts, code) => {
    await log.append('positions', drafts);
    await expect(adopt()).rejects.toMatchObject({ code, exitCode: 2 });
    expect(await entriesOf(log, 'gateway')).toEqual([]);
  });

  test('refuses a row that a revision took back', async () => {
    const row = position({ ordinal: 1 });
    await log.append('positions', [row, end('positions', 1, { ordinal: 2 })]);
    await log.append('positions', [
      entry(1, [], { kind: 'revision', revision: 1, revises: row.origin, bytes: Buffer.from('gone') }),
    ]);
    await expect(adopt()).rejects.toMatchObject({ code: 'BASELINE_SNAPSHOT_INCOMPLETE' });
  });

  test('refuses two dates, a channel that is none, and nobody', async () => {
    await log.append('positions', [end('positions', 0, { ordinal: 1 })]);
    await log.append('cash', [end('cash', 0, { ordinal: 1, snapshot: 'CSH/1', date: '2026-11-10' })]);
    const other = adopt({ positions, cash: { channel: 'cash', snapshot: 'CSH/1' } });
    await expect(other).rejects.toMatchObject({ code: 'BASELINE_DATES_DIFFER' });
    await expect(adopt({ positions: { ...positions, channel: 'no' } })).rejects.toMatchObject({
      code: 'CHANNEL_UNKNOWN',
    });
    const nobody = adoptBaseline(desk, { positions }, { by: 'ann', reason: ' ' });
    await expect(nobody).rejects.toMatchObject({ code: 'REASON_MISSING' });
  });
});
