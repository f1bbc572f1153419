import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Codec } from '../contract/codec.ts';
import type { Log } from '../contract/log.ts';
import { isoOfMicros, manualClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { instantOf } from '../core/local-time.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog, openSqliteLog } from '../log/index.ts';
import { dueOf, duesBetween } from './expected.ts';
import type { Expectation } from './schema-files.ts';
import { type Landing, landing } from './testing/files.ts';
import { entriesOf, storyOf } from './testing/fixture.ts';
import { judgedCodec, judgedFile } from './testing/judged-codec.ts';
import { lineCodec } from './testing/line-codec.ts';

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

async function morning(
  expect: readonly Expectation[],
  log: Log = memoryLog(),
  codec: Codec = judgedCodec(),
): Promise<Morning> {
  const clock = manualClock(at('2026-11-11', '20:00'));
  const place = await landing(tempDirectory('expected'), {
    log,
    clock,
    codec,
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

describe('the arrival that a file without a business date meets', () => {
  const nightly: Expectation = {
    ...endOfDay,
    name: 'trades',
    pattern: '^trades',
    due: '22:00',
    speaksOf: 'same-day',
  };
  const met = (date: string, time: string, dates: readonly string[] = []): string | undefined =>
    dueOf(nightly, { arrivedAt: at(date, time) }, dates, zone)?.date;

  test.each([
    ['in time', '2026-11-12', '21:55', ['2026-11-10', '2026-11-11'], '2026-11-12'],
    ['late, behind midnight', '2026-11-13', '00:30', ['2026-11-11'], '2026-11-12'],
    ['late, behind midnight and before a weekend', '2026-11-14', '00:30', ['2026-11-12'], '2026-11-13'],
    ['early, though the one before never came', '2026-11-12', '20:00', ['2026-11-10'], '2026-11-12'],
    ['a second one on the evening', '2026-11-12', '22:30', ['2026-11-11', '2026-11-12'], '2026-11-13'],
    ['over the end of daylight saving', '2026-10-31', '00:30', ['2026-10-29'], '2026-10-30'],
    ['over the beginning of daylight saving', '2027-03-13', '03:30', ['2027-03-11'], '2027-03-12'],
  ])('%s', (_, date, time, dates, due) => {
    expect(met(date, time, dates)).toBe(due);
  });

  test('is that of the day before also behind midnight, and a corrected one does not take the next', async () => {
    const place = await morning([nightly], memoryLog(), lineCodec());
    await place.lookAt('2026-11-12', '21:00');
    await place.lookAt('2026-11-12', '22:00');
    place.drop('trades.txt', 'T|E1|1\n');
    await place.lookAt('2026-11-13', '00:30');
    place.drop('trades.txt', 'T|E1|2\n');
    await place.lookAt('2026-11-13', '07:00');
    const arrived = (await entriesOf(place.log)).filter(({ type }) => type === 'feed.arrived');
    const dueAt = '2026-11-13T03:00:00.000000Z';
    expect(arrived.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()))).toMatchObject([
      { feed: 'trades', dueAt, late: true },
      { feed: 'trades', dueAt, late: false, supersedes: true },
    ]);
    await place.lookAt('2026-11-13', '22:00');
    expect(await place.told()).toEqual([
      'signal %expected=trades/2026-11-12 feed.expected feed.expected',
      'signal %expected=trades/2026-11-13 feed.expected feed.expected',
    ]);
  });
});

describe('a file that has to settle', () => {
  const settings = { expect: [endOfDay], settlePolls: 2 };
  const lateOf = async (log: Log) =>
    (await entriesOf(log))
      .filter(({ type }) => type === 'feed.arrived')
      .map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).late);

  /** Looks once at each of these times of 12 November, by one channel. */
  async function looks(place: Morning, begun: string, times: readonly string[]): Promise<void> {
    const clock = manualClock(at('2026-11-12', begun));
    const channel = place.channel({ clock, settings });
    for (const time of times) {
      clock.advance(at('2026-11-12', time) - clock.now());
      await channel.poll();
    }
  }

  test('and was there in time is in time: no alarm, and not late', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    place.drop('pos.txt', positions('2026-11-11'));
    await looks(place, '06:29', ['06:29', '06:30', '06:31']);
    expect(await lateOf(place.log)).toEqual([false]);
    expect(await place.told()).toEqual([]);
  });

  test.each([
    ['before', '06:29:57', '06:30:01', false, 0],
    ['after', '06:30:00', '06:30:04', true, 1],
  ])('and came just %s its due time is told apart by the look at it', async (_, looked, seen, late, told) => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    const clock = manualClock(at('2026-11-12', '06:29'));
    const channel = place.channel({ clock, settings: { ...settings, pollMs: 5000 } });
    const lookAt = async (time: string): Promise<void> => {
      clock.advance(at('2026-11-12', time.slice(0, 5)) + Number(time.slice(6)) * 1_000_000 - clock.now());
      await channel.poll();
    };
    await lookAt(looked);
    place.drop('pos.txt', positions('2026-11-11'));
    for (const time of [seen, '06:30:06', '06:30:11']) await lookAt(time);
    expect(await lateOf(place.log)).toEqual([late]);
    expect(await place.told()).toHaveLength(told);
  });

  test('and was there when the gateway started is late, and was never missing', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    place.drop('pos.txt', positions('2026-11-11'));
    await looks(place, '09:00', ['09:00', '09:01', '09:02']);
    expect(await lateOf(place.log)).toEqual([true]);
    expect(await place.told()).toEqual([]);
  });

  test('and grows over its due time is missing until it is whole', async () => {
    const place = await morning([endOfDay]);
    await place.lookAt('2026-11-11', '20:00');
    const clock = manualClock(at('2026-11-12', '06:29'));
    const channel = place.channel({ clock, settings });
    place.drop('pos.txt', positions('2026-11-11').slice(0, 20));
    await channel.poll();
    clock.advance(2 * 60_000_000);
    place.drop('pos.txt', positions('2026-11-11').slice(0, 30));
    await channel.poll();
    expect(await place.told()).toHaveLength(1);
  });
});

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
