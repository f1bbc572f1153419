import assert from 'node:assert/strict';
import {
  type FileId,
  storyZone,
  type TradeDayFile,
  type TradeDayTruth,
} from '../../../certification/simulators/trade-day/index.ts';
import { latin1Text } from '../../core/bytes.ts';
import { microsOfIso } from '../../core/clock.ts';
import type { Event, EventOf } from '../../events/index.ts';
import { type FeedRow, timeInZone } from '../../gateway/index.ts';
import { type Evidence, eventsOf } from './evidence.ts';
import type { Verdict } from './verdict.ts';

/** What the queue did with what nobody could read, as its own side tells it. */
export interface QueueSaid {
  readonly dead: number;
}

/** The planted faults of files and of the queue, judged by the truth, the views and the log. */
export function feedVerdicts(truth: TradeDayTruth, evidence: Evidence, queue: QueueSaid): readonly Verdict[] {
  const told = (name: string, id: FileId, planted: string): Verdict => {
    const row = rowOf(truth, evidence, id);
    return { name, planted, found: row === undefined ? 'not seen' : verdictText(row), ok: row !== undefined };
  };
  return [
    files(truth, evidence),
    told('truncated', 'positions-truncated', 'a file that breaks off in a record'),
    told('out-of-balance', 'cash-unbalanced', 'a trailer that does not add up'),
    told('duplicate', 'activity-duplicate', 'the same file under another name'),
    told('stale', 'activity-stale', "yesterday's file under today's name"),
    told('restated', 'cash-restated', 'other bytes under a booked key'),
    late(truth, evidence),
    corrected(truth, evidence),
    poisoned(truth, evidence, queue),
    statuses(truth, evidence),
  ];
}

/** Rows of files and arrivals that nobody planted, and files that were late by no plan. */
export function strangeFeeds(truth: TradeDayTruth, evidence: Evidence): readonly FeedRow[] {
  const known = new Map(truth.files.map((file) => [rowOf(truth, evidence, file.id), file]));
  return evidence.feeds.filter((row) => {
    const file = known.get(row);
    return file === undefined || (isLate(row) && !file.late);
  });
}

/** Alarms about another feed than the one that is late. */
export function strangeAlarms(truth: TradeDayTruth, evidence: Evidence): readonly Event[] {
  const late = lateRow(truth, evidence)?.feed;
  return alarms(evidence).filter((event) => event.data.feed !== late);
}

/** `refused:RECORDS_CUT_SHORT`, and that it was late, which another verdict may hide. */
export function verdictText(row: FeedRow): string {
  return isLate(row) && row.verdict !== 'late' ? `late, ${row.verdict}` : row.verdict;
}

function files(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const whole = truth.files.filter(({ verdict }) => verdict === 'accepted' || verdict === 'superseded');
  const found = whole.filter((file) => {
    const row = rowOf(truth, evidence, file.id);
    // Header and trailer are records of the file too.
    return row?.records === file.content.rows.length + 2 || row?.verdict === 'superseded';
  });
  return {
    name: 'files',
    planted: `${whole.length} files that count`,
    found: `${found.length} taken in whole`,
    ok: found.length === whole.length,
  };
}

function late(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const row = lateRow(truth, evidence);
  const told = alarms(evidence).filter((event) => event.data.feed === row?.feed);
  const times = [row?.dueAt, row?.arrivedAt].map(timeShown).join(' ');
  const ok = row !== undefined && times === '06:30 06:52' && told.length === 1;
  return {
    name: 'late',
    planted: 'positions due 06:30 come 06:52',
    found: ok ? `missed at 06:30, then ${row.verdict}` : `${told.length} alarms`,
    ok,
  };
}

/** The file that comes late, whatever becomes of it. */
function lateRow({ files }: TradeDayTruth, { feeds }: Evidence): FeedRow | undefined {
  const file = files.find(({ id }) => id === 'positions-second');
  return feeds.find(({ name }) => name === file?.name);
}

function alarms(evidence: Evidence): readonly EventOf<'feed.expected'>[] {
  return eventsOf(evidence, 'feed.expected').filter((event) => event.type === 'feed.expected');
}

/** `06:52`: the time of New York. */
function timeShown(iso: string | undefined): string {
  const micros = iso === undefined ? undefined : microsOfIso(iso);
  return micros === undefined ? '' : timeInZone(micros, storyZone);
}

function corrected(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const first = rowOf(truth, evidence, 'positions-second');
  const second = rowOf(truth, evidence, 'positions-corrected');
  const ok = first?.verdict === 'superseded' && timeShown(second?.arrivedAt) === '07:10';
  return {
    name: 'corrected',
    planted: 'a corrected file at 07:10',
    found: `${first?.verdict ?? 'not seen'}, then ${second?.verdict ?? 'not seen'}`,
    ok,
  };
}

function poisoned(truth: TradeDayTruth, evidence: Evidence, { dead }: QueueSaid): Verdict {
  const held = evidence.held.filter(({ entry }) => entry.channel === 'settlement-status');
  const named = held.filter(({ entry }) => latin1Text(entry.bytes) === truth.poison);
  return {
    name: 'poisoned',
    planted: 'a queue message of no kind',
    found: `${named.length} in quarantine, ${dead} dead letter${dead === 1 ? '' : 's'}`,
    ok: named.length === 1 && held.length === 1 && dead === 1,
  };
}

function statuses(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const told = evidence.events
    .filter(({ told: event }) => event.type.startsWith('settlement.'))
    .map(({ told: event }) => {
      const { instructionId, quantity } =
        'instructionId' in event.data ? { quantity: '', ...event.data } : {};
      return [event.type, instructionId, event.account, quantity].join(' ');
    });
  const wanted = truth.statuses.map(({ type, instructionId, account, quantity }) =>
    [type, instructionId, account, String(quantity)].join(' '),
  );
  const found = wanted.filter((one) => told.filter((other) => other === one).length === 1);
  return {
    name: 'statuses',
    planted: `${wanted.length} settlement statuses`,
    found: `${found.length} understood, each once`,
    ok: found.length === wanted.length && told.length === wanted.length,
  };
}

/** What became of a file: files of one name are told apart by their order. Undefined where it is not as planted. */
function rowOf(truth: TradeDayTruth, { feeds }: Evidence, id: FileId): FeedRow | undefined {
  const file = truth.files.find((one) => one.id === id);
  assert(file !== undefined);
  const rows = feeds.filter(({ name }) => name === file.name);
  return rows.find((row) => isAs(file, row));
}

function isAs({ id, verdict }: TradeDayFile, row: FeedRow): boolean {
  switch (verdict) {
    case 'accepted':
      return row.verdict === 'accepted' || row.verdict === 'late';
    case 'superseded':
      return row.verdict === 'superseded';
    case 'duplicate':
      return row.verdict === 'duplicate';
    case 'held':
      return row.verdict === 'restated-held';
    case 'stale':
      return row.code === 'FILE_STALE';
    case 'refused':
      return row.code === (id === 'positions-truncated' ? 'RECORDS_CUT_SHORT' : 'RECORDS_TOTAL');
  }
}

function isLate({ arrivedAt, dueAt }: FeedRow): boolean {
  return arrivedAt !== undefined && dueAt !== undefined && arrivedAt > dueAt;
}
