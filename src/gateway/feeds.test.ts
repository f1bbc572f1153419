import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { manualClock } from '../core/clock.ts';
import { instantOf } from '../core/local-time.ts';
import { memoryLog, openProjections } from '../log/index.ts';
import { feedsProjection } from './feeds.ts';
import { type FeedRow, FeedsView } from './feeds-view.ts';
import { listQuarantine, releaseQuarantined } from './quarantine.ts';
import { type Landing, landing } from './testing/files.ts';
import { configurationOf, deskOver, lineChannel } from './testing/fixture.ts';
import { judgedCodec, judgedFile } from './testing/judged-codec.ts';

const zone = 'America/New_York';
const at = (time: string): number => instantOf('2026-11-12', time, zone);
const expectation = {
  pattern: '^POS',
  due: '06:30',
  days: 'trading',
  speaksOf: 'previous-trading-day',
  graceMinutes: 0,
} as const;

interface Morning extends Landing {
  lookAt(time: string): Promise<void>;
  rows(): Promise<readonly FeedRow[]>;
  table(): Promise<string[]>;
}

async function morning(restated: 'hold' | 'supersede' = 'supersede'): Promise<Morning> {
  const clock = manualClock(at('05:00'));
  const log = memoryLog();
  const settings = {
    key: '^(?:pos|cash)-(?<date>\\d{8}).*\\.txt$',
    restated,
    expect: [
      { ...expectation, name: 'positions' },
      { ...expectation, name: 'cash', pattern: '^CASH' },
    ],
  };
  const place = await landing(tempDirectory('feeds'), { log, clock, settings });
  const rows = (): Promise<readonly FeedRow[]> => rowsOf(log, join(place.root, 'live'));
  return {
    ...place,
    rows,
    async lookAt(time) {
      clock.advance(at(time) - clock.now());
      await place.look();
      await rows();
    },
    async table() {
      return (await rows()).map(({ feed, businessDate, dueAt, arrivedAt, verdict, name }) =>
        [feed, businessDate, dueAt?.slice(11, 16), arrivedAt?.slice(11, 16), verdict, name]
          .map((cell) => cell ?? '-')
          .join(' '),
      );
    },
  };
}

async function rowsOf(log: Log, directory: string): Promise<readonly FeedRow[]> {
  const projections = await openProjections(directory, log, { projections: [feedsProjection] });
  try {
    await projections.catchUp();
    return new FeedsView(projections.store).rows();
  } finally {
    await projections.close();
  }
}

const positions = (quantity = 1, date = '20261111'): string =>
  judgedFile(`POS-${date}`, date, [['E1', quantity]]);

/** Everything that the morning of a trade day has. */
async function wholeMorning(): Promise<Morning> {
  const place = await morning();
  await place.lookAt('05:00');
  place.drop('pos-20261111.txt', positions().slice(0, 30));
  await place.lookAt('06:00');
  place.drop('pos-20261111.txt', positions().replace(/1\n$/, '2\n'));
  await place.lookAt('06:10');
  place.drop('pos-20261112.txt', positions(3, '20261110'));
  await place.lookAt('06:20');
  await place.lookAt('06:30');
  place.drop('pos-20261111.txt', positions());
  await place.lookAt('06:52');
  place.drop('pos-20261111-again.txt', positions());
  await place.lookAt('07:00');
  place.drop('pos-20261111.txt', positions(5));
  await place.lookAt('07:10');
  return place;
}

describe('the feeds of a morning', () => {
  test('are one row for each file and each arrival that nothing meets', async () => {
    const place = await wholeMorning();
    expect(await place.table()).toEqual([
      'positions 2026-11-11 - 11:00 refused:JUDGED_CUT pos-20261111.txt',
      'positions 2026-11-11 - 11:10 refused:JUDGED_TOTAL pos-20261111.txt',
      'positions 2026-11-10 - 11:20 refused:FILE_STALE pos-20261112.txt',
      'cash 2026-11-11 11:30 - missing -',
      'positions 2026-11-11 11:30 11:52 superseded pos-20261111.txt',
      'positions 2026-11-11 11:30 12:10 accepted pos-20261111.txt',
      'positions 2026-11-11 - 12:00 duplicate pos-20261111-again.txt',
    ]);
  });

  test('say what was late, what it held, and why it was refused', async () => {
    const place = await morning();
    await place.lookAt('05:00');
    await place.lookAt('06:31');
    place.drop('pos-20261111.txt', positions());
    await place.lookAt('06:52');
    place.drop('cash-20261111.txt', judgedFile('CASH', '20261111', [['E1', 1]]).replace('|1\n', '|2\n'));
    await place.lookAt('06:53');
    const rows = await place.rows();
    expect(rows.find(({ feed }) => feed === 'positions')).toMatchObject({
      verdict: 'late',
      records: 3,
      quarantined: 0,
      totals: ['1 records', 'quantity 1'],
    });
    expect(rows.find(({ name }) => name === 'cash-20261111.txt')).toMatchObject({
      code: 'JUDGED_TOTAL',
      why: 'the trailer says 1, the records make 2',
      held: expect.any(Number),
    });
    expect(rows.find(({ verdict }) => verdict === 'missing')).toMatchObject({ feed: 'cash' });
  });

  test('folded in steps and folded at once are the same', async () => {
    const place = await wholeMorning();
    expect(await rowsOf(place.log, join(place.root, 'anew'))).toEqual(await place.rows());
  });

  test('show a held restatement, and what a person decided about it', async () => {
    const place = await morning('hold');
    await place.lookAt('05:00');
    for (const quantity of [1, 2]) {
      place.drop('pos-20261111.txt', positions(quantity));
      await place.look();
    }
    expect((await place.rows()).map(({ verdict }) => verdict)).toEqual(['restated-held', 'accepted']);
    const codec = judgedCodec();
    const channel = lineChannel('files', { codec: codec.id });
    const desk = deskOver(place.log, configurationOf(place.root, [channel]), codec);
    const [held] = await listQuarantine(desk);
    await releaseQuarantined(desk, held?.offset ?? -1, { by: 'ann', reason: 'corrected by the clearer' });
    await place.look();
    expect(await place.rows()).toMatchObject([
      { verdict: 'restated-held', held: held?.offset, decided: 'released by ann: corrected by the clearer' },
      { verdict: 'superseded' },
      { verdict: 'accepted', why: 'released by ann: corrected by the clearer' },
    ]);
  });

  test('can be asked for one channel, feed and day', async () => {
    const place = await wholeMorning();
    const projections = await openProjections(join(place.root, 'live'), place.log, {
      projections: [feedsProjection],
    });
    await projections.catchUp();
    const view = new FeedsView(projections.store);
    expect(view.rows({ feed: 'cash' })).toHaveLength(1);
    expect(view.rows({ channel: 'other' })).toEqual([]);
    expect(view.rows({ from: at('06:15'), before: at('06:30') }).map(({ code }) => code)).toEqual([
      'FILE_STALE',
    ]);
    await projections.close();
  });
});
