import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { isoOfMicros, manualClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog, openSqliteLog } from '../log/index.ts';
import { duesBetween } from './expected.ts';
import { instantOf } from './local-time.ts';
import type { Expectation } from './schema-files.ts';
import { type Landing, landing } from './testing/files.ts';
import { entriesOf, storyOf } from './testing/fixture.ts';
import { judgedFile } from './testing/judged-codec.ts';

const zone = 'America/New_York';
const endOfDay: Expectation = {
  name: 'positions-eod',
  pattern: '^POS/.*/EOD$',
  cycle: 'EOD',
  due: '06:30',
  days: 'trading',
  speaksOf: 'previous-trading-day',
  graceMinutes: 0,
};
const settlement: Expectation = {
  ...endOfDay,
  name: 'settlement',
  pattern: '^SET',
  days: 'settlement',
  speaksOf: 'same-day',
};

const shown = (expectations: readonly Expectation[], from: string, to: string): string[] =>
  duesBetween(expectations, from, to, zone).map(
    ({ feed, businessDate, dueAt }) => `${isoOfMicros(dueAt).slice(0, 16)} ${feed} of ${businessDate}`,
  );

describe('what is due', () => {
  test('over a day that trades and does not settle, and over a weekend', () => {
    expect(shown([endOfDay, settlement], '2026-11-10', '2026-11-16')).toEqual([
      '2026-11-10T11:30 positions-eod of 2026-11-09',
      '2026-11-10T11:30 settlement of 2026-11-10',
      '2026-11-11T11:30 positions-eod of 2026-11-10',
      '2026-11-12T11:30 positions-eod of 2026-11-11',
      '2026-11-12T11:30 settlement of 2026-11-12',
      '2026-11-13T11:30 positions-eod of 2026-11-12',
      '2026-11-13T11:30 settlement of 2026-11-13',
      '2026-11-16T11:30 positions-eod of 2026-11-13',
      '2026-11-16T11:30 settlement of 2026-11-16',
    ]);
  });

  test('every day, where it is said so', () => {
    const daily = { ...endOfDay, days: 'every' as const, speaksOf: 'same-day' as const };
    expect(shown([daily], '2026-11-14', '2026-11-15')).toEqual([
      '2026-11-14T11:30 positions-eod of 2026-11-14',
      '2026-11-15T11:30 positions-eod of 2026-11-15',
    ]);
  });
});

const at = (date: string, time: string): number => instantOf(date, time, zone);
const positions = (date: string, quantity = 1): string =>
  judgedFile(`POS/${date}/EOD`, date.replaceAll('-', ''), [['E1', quantity]]);

interface Morning extends Landing {
  readonly log: Log;
  /** A look at this time, by a channel that may have been started anew. */
  lookAt(date: string, time: string): Promise<void>;
  told(): Promise<string[]>;
}

async function morning(expect: readonly Expectation[], log: Log = memoryLog()): Promise<Morning> {
  const clock = manualClock(at('2026-11-11', '20:00'));
  const place = await landing(tempDirectory('expected'), {
    log,
    clock,
    settings: { expect, restated: 'supersede' },
  });
  return {
    ...place,
    async lookAt(date, time) {
      clock.advance(at(date, time) - clock.now());
      await place.look();
    },
    told: async () => (await storyOf(log, 'files')).filter((line) => line.includes('%expected')),
  };
}

const lastEvents = async (log: Log, type: string) =>
  (await entriesOf(log))
    .flatMap(({ events }) => events.map((bytes) => decodeEvent(bytes)))
    .filter((event) => event.type === type);

describe('an expected arrival', () => {
  test('that does not come is told at its due time: once, over every restart', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    await place.lookAt('2026-11-12', '06:29');
    expect(await place.told()).toEqual([]);
    for (const time of ['06:30', '06:31', '09:00']) await place.lookAt('2026-11-12', time);
    expect(await place.told()).toEqual([
      'signal %expected=positions-eod/2026-11-12 feed.expected feed.expected',
    ]);
    expect(await lastEvents(place.log, 'feed.expected')).toMatchObject([
      { businessDate: '2026-11-11', data: { feed: 'positions-eod', dueAt: '2026-11-12T11:30:00.000000Z' } },
    ]);
    expect(place.lines.filter((line) => line.includes('FEED_LATE')).length).toBeGreaterThan(0);
    expect(await place.log.repeats()).toEqual([]);
  });

  test('that comes late carries its due time; a corrected file does too, and is not late', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    await place.lookAt('2026-11-12', '06:30');
    const before = await place.look();
    expect(before.late).toEqual([
      { feed: 'positions-eod', businessDate: '2026-11-11', dueAt: '2026-11-12T11:30:00.000000Z' },
    ]);
    place.drop('pos.txt', positions('2026-11-11'));
    await place.lookAt('2026-11-12', '06:52');
    place.drop('pos.txt', positions('2026-11-11', 2));
    await place.lookAt('2026-11-12', '07:10');
    const arrived = (await entriesOf(place.log)).filter(({ type }) => type === 'feed.arrived');
    const about = arrived.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));
    const dueAt = '2026-11-12T11:30:00.000000Z';
    expect(about).toMatchObject([
      { feed: 'positions-eod', dueAt, late: true },
      { feed: 'positions-eod', dueAt, late: false, supersedes: true },
    ]);
    expect(await lastEvents(place.log, 'feed.arrived')).toMatchObject([
      { data: { dueAt } },
      { data: { dueAt } },
    ]);
    expect((await place.look()).late).toEqual([]);
  });

  test('that comes in time is not told, nor within its grace', async () => {
    const place = await morning([{ ...endOfDay, graceMinutes: 30 }]);
    await place.lookAt('2026-11-11', '20:00');
    await place.lookAt('2026-11-12', '06:58');
    place.drop('pos.txt', positions('2026-11-11'));
    await place.lookAt('2026-11-12', '06:59');
    await place.lookAt('2026-11-12', '12:00');
    expect(await place.told()).toEqual([]);
  });

  test('is not met by a file that is refused, or that speaks of another day', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    place.drop('cut.txt', positions('2026-11-11').slice(0, 40));
    place.drop('old.txt', positions('2026-11-10'));
    await place.lookAt('2026-11-12', '06:30');
    expect(await place.told()).toHaveLength(1);
  });

  test('is told although the place of the files cannot be reached', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    const gone = place.channel({
      clock: manualClock(at('2026-11-12', '06:30')),
      fault: (inner) =>
        'list' in inner
          ? {
              ...inner,
              list: () => Promise.reject(new GatewayError('SFTP_CLOSED', 'gone', { retryable: true })),
            }
          : inner,
    });
    await expect(gone.poll()).rejects.toThrow('gone');
    expect(await place.told()).toHaveLength(1);
  });

  test('was not missed before the channel was there, and is after a gateway that was down', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    await place.lookAt('2026-11-16', '09:00');
    expect(await place.told()).toEqual([
      'signal %expected=positions-eod/2026-11-12 feed.expected feed.expected',
      'signal %expected=positions-eod/2026-11-13 feed.expected feed.expected',
      'signal %expected=positions-eod/2026-11-16 feed.expected feed.expected',
    ]);
  });

  test('holds over a restart of the log too', async () => {
    const directory = join(tempDirectory('expected'), 'log');
    let told: string[] = [];
    for (const time of ['06:29', '06:31', '06:32']) {
      const log = await openSqliteLog(directory);
      const place = await morning([endOfDay], log);
      await place.lookAt('2026-11-12', time);
      told = await place.told();
      await log.close();
    }
    expect(told).toHaveLength(1);
  });
});
