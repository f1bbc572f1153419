import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/contract/entry.ts';
import type { Log } from '../../src/contract/log.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { decodeEvent } from '../../src/events/index.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { openDatabase } from '../../src/log/sqlite.ts';
import { crashChannel } from './configuration.ts';
import { differences, eventLines } from './truth.ts';

/** The last MsgSeqNum(34) of the counterparty that the log holds with everything before it; 0 for a log that is not there. */
export async function committedIn(data: string): Promise<number> {
  if (!existsSync(join(data, 'log.db'))) return 0;
  return withLog(data, async (log) => {
    const { position } = await log.head(crashChannel);
    const nextIn =
      typeof position === 'object' && position !== null && 'nextIn' in position ? position.nextIn : 1;
    return Number(nextIn) - 1;
  });
}

/** What stands in the block files of a log. */
export interface InFiles {
  readonly blocks: number;
  /** Bytes behind the last block that the log names: a kill came between the write of a block and its commit. */
  readonly unnamed: number;
}

/** Of a log that was opened since the kill. */
export function inBlockFiles(data: string): InFiles {
  const path = join(data, 'log.db');
  if (!existsSync(path)) return { blocks: 0, unnamed: 0 };
  const database = openDatabase(path, true);
  try {
    const rows = database
      .prepare(
        'SELECT file, count(*) AS blocks, max(at + meta_size + bytes_size) AS end FROM blocks WHERE file IS NOT NULL GROUP BY file',
      )
      .all();
    const ends = new Map(rows.map((row) => [`log.db-blocks-${row['file']}`, Number(row['end'])]));
    const files = readdirSync(data).filter((name) => name.startsWith('log.db-blocks-'));
    return {
      blocks: rows.reduce((sum, row) => sum + Number(row['blocks']), 0),
      unnamed: files.reduce((sum, name) => sum + statSync(join(data, name)).size - (ends.get(name) ?? 0), 0),
    };
  } finally {
    database.close();
  }
}

/** How many received messages of these types the log holds. */
export async function messagesIn(data: string, types: readonly string[] = ['8']): Promise<number> {
  if (!existsSync(join(data, 'log.db'))) return 0;
  return withLog(data, async (log) => (await received(log, types)).length);
}

/**
 * What is wrong with a log, compared with the messages that a counterparty wrote down as it sent them: each has to be
 * there once, in order, unchanged but for what a resend changes, with the events of its own ExecID(17) or TradeReportID(571).
 */
export async function judgeBusiness(data: string, truth: readonly string[]): Promise<string[]> {
  return withLog(data, async (log) => {
    const entries = await received(log, ['8', 'AE']);
    const told = entries.map((entry) => essence(latin1Text(entry.bytes)));
    const wrongEvents = entries.filter((entry) => !speaksOf(entry));
    const ids = entries.flatMap((entry) => entry.events.map((bytes) => decodeEvent(bytes).id));
    const { ok, findings } = await log.verify();
    return [
      ...differences(truth.map(essence), told),
      ...wrongEvents
        .slice(0, 1)
        .map((entry) => `${wrongEvents.length} without their events: ${entry.offset}`),
      ...(new Set(ids).size === ids.length ? [] : ['an event id stands twice']),
      ...(ok ? [] : [`verify: ${JSON.stringify(findings)}`]),
    ];
  });
}

async function received(log: Log, types: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of log.read({ channel: crashChannel })) {
    const { kind, direction, type } = entry;
    if (kind === 'message' && direction === 'in' && types.includes(type ?? '')) entries.push(entry);
  }
  return entries;
}

/** All of a message but what a resend changes. */
function essence(message: string): string {
  return message
    .split('\u0001')
    .filter((field) => !/^(8|9|10|43|52|122)=/.test(field))
    .join('|');
}

/** The entry has events, and each of them carries the id that its message has. */
function speaksOf(entry: Entry): boolean {
  const text = latin1Text(entry.bytes);
  const id = /\u0001(?:17|571)=([^\u0001]*)/.exec(text)?.[1];
  const events = entry.events.map(decodeEvent);
  return events.length > 0 && id !== undefined && events.every((event) => JSON.stringify(event).includes(id));
}

/** Events that stand in the log more than once: looked at between kills, so that a doubling is found near its cause. */
export async function doubledIn(data: string): Promise<string[]> {
  return withLog(data, async (log) => {
    const entries: Entry[] = [];
    for await (const entry of log.read({ channel: crashChannel })) entries.push(entry);
    const lines = eventLines(entries);
    return differences([...new Set(lines)], lines);
  });
}

/** What is wrong with a log, compared with the truth: events lost, doubled or out of order, numbers missing, a broken chain. */
export async function judge(data: string, truth: readonly string[]): Promise<string[]> {
  return withLog(data, async (log) => {
    const entries: Entry[] = [];
    for await (const entry of log.read({ channel: crashChannel })) entries.push(entry);
    const conflicts = entries.filter(({ kind }) => kind === 'conflict' || kind === 'quarantine');
    const { ok, findings } = await log.verify();
    return [
      ...differences(truth, eventLines(entries)),
      ...conflicts
        .slice(0, 1)
        .map((entry) => `${conflicts.length} held, the first: ${JSON.stringify(entry.issues)}`),
      ...(ok ? [] : [`verify: ${JSON.stringify(findings)}`]),
    ];
  });
}

async function withLog<T>(data: string, use: (log: Log) => Promise<T>): Promise<T> {
  const log = await openAfterKill(data);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** A kill in the moment in which the log is made leaves a file that only its owner can finish. */
async function openAfterKill(data: string): Promise<Log> {
  try {
    return await openSqliteLog(data, { readOnly: true });
  } catch (error) {
    const unfinished =
      error instanceof GatewayError && ['LOG_FOREIGN', 'LOG_PERMISSION'].includes(error.code);
    if (!unfinished) throw error;
    return openSqliteLog(data);
  }
}
