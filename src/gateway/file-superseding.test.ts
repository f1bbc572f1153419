import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { systemClock } from '../core/clock.ts';
import { memoryLog, openSqliteLog } from '../log/index.ts';
import { countedIn } from './testing/counted.ts';
import { Crash, dyingAt } from './testing/dying.ts';
import { type Landing, type LandingOptions, landing } from './testing/files.ts';
import { entriesOf, storyOf } from './testing/fixture.ts';
import { judgedFile } from './testing/judged-codec.ts';

const settings = { restated: 'supersede' as const };
const open = (more: Partial<LandingOptions> = {}): Promise<Landing> =>
  landing(tempDirectory('superseding'), { log: memoryLog(), settings, ...more });

type Trades = readonly (readonly [id: string, quantity: number])[];

const fileOf = (trades: Trades): string => judgedFile('POS', '20261110', trades);
const first: Trades = [
  ['E1', 100],
  ['E2', 50],
  ['E3', 30],
];

async function storyAfter(place: Landing, ...texts: readonly string[]): Promise<string[]> {
  for (const text of texts) {
    place.drop('day.txt', text);
    await place.look();
  }
  return storyOf(place.log, 'files');
}

describe('a restated file that supersedes', () => {
  test('revises what differs, adds what is new, and closes anew', async () => {
    const place = await open();
    const story = await storyAfter(
      place,
      fileOf(first),
      fileOf([
        ['E1', 100],
        ['E2', 55],
        ['E3', 30],
        ['E4', 1],
      ]),
    );
    expect(story.slice(8)).toEqual([
      'signal POS=arrived-2 feed.arrived feed.arrived',
      expect.stringMatching(/^signal %files=/),
      'revision POS:3 T E2',
      'revision POS:5 T E4',
      'message POS:6 A snapshot.closed',
      'signal POS=closed-2 feed.accepted feed.accepted',
    ]);
  });

  test('takes back what vanished, before it says anything else', async () => {
    const place = await open();
    const story = await storyAfter(place, fileOf(first), fileOf([['E1', 100]]));
    expect(story.slice(10)).toEqual([
      'revision POS:4',
      'revision POS:5',
      'revision POS:3 A snapshot.closed',
      'signal POS=closed-2 feed.accepted feed.accepted',
    ]);
  });

  test('closes its snapshot behind the rows that changed, although the trailer is the same', async () => {
    const place = await open();
    const story = await storyAfter(
      place,
      fileOf(first),
      fileOf([
        ['E1', 99],
        ['E2', 51],
        ['E3', 30],
      ]),
    );
    expect(story.slice(10)).toEqual([
      'revision POS:2 T E1',
      'revision POS:3 T E2',
      'revision POS:5 A snapshot.closed',
      'signal POS=closed-2 feed.accepted feed.accepted',
    ]);
  });

  test('does so again and again, and an earlier one that comes again is a duplicate', async () => {
    const place = await open();
    const texts = [
      fileOf(first),
      fileOf([['E1', 1]]),
      fileOf([
        ['E1', 2],
        ['E9', 9],
        ['E8', 8],
        ['E7', 7],
      ]),
    ];
    await storyAfter(place, ...texts);
    const before = await countedIn(place.log, join(place.root, 'a'));
    const story = await storyAfter(place, ...texts);
    expect(story.filter((line) => line.includes('=closed'))).toHaveLength(3);
    expect(story.slice(-3).every((line) => line.includes('=duplicate-'))).toBe(true);
    expect(await countedIn(place.log, join(place.root, 'b'))).toEqual(before);
  });

  test('is held where a record of it cannot be read: no row is lost for a bad one', async () => {
    const place = await open();
    const story = await storyAfter(place, fileOf(first), fileOf(first).replace('T|E2|50', 'X|E2|50'));
    expect(story.slice(8)).toEqual([
      expect.stringMatching(/^quarantine POS=restated-/),
      expect.stringMatching(/^signal POS=refused-/),
    ]);
    const held = (await entriesOf(place.log)).at(-2);
    expect(held?.issues[0]?.message).toContain('record 3 cannot be read (LINE_TYPE)');
  });

  test('that is wrong as a whole is refused as any other', async () => {
    const place = await open();
    const story = await storyAfter(place, fileOf(first), fileOf(first).replace('E2|50', 'E2|51'));
    expect(story.slice(8)).toEqual([
      expect.stringMatching(/^quarantine POS=held-/),
      expect.stringMatching(/^signal POS=refused-/),
    ]);
  });
});

/** Files whose records tell different facts; small ids and quantities, so that two files share some. */
const trades = fc.uniqueArray(
  fc.tuple(
    fc.integer({ min: 0, max: 12 }).map((id) => `E${id}`),
    fc.integer({ min: 0, max: 3 }),
  ),
  {
    selector: ([id]) => id,
    maxLength: 10,
  },
);

describe('book A, then B in its place', () => {
  test('counts what booking B alone counts', async () => {
    const root = tempDirectory('superseding');
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(trades, { minLength: 2, maxLength: 4 }), async (files) => {
        run++;
        const both = await landing(join(root, `both-${run}`), { log: memoryLog(), settings });
        await storyAfter(both, ...files.map(fileOf));
        const alone = await landing(join(root, `alone-${run}`), { log: memoryLog(), settings });
        // An earlier file that comes again is a duplicate: the last one that was new holds.
        const seen = files.map(fileOf).filter((text, at, all) => all.indexOf(text) === at);
        await storyAfter(alone, seen.at(-1) ?? '');
        expect(await countedIn(both.log, both.root)).toEqual(await countedIn(alone.log, alone.root));
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    'memory',
    'sqlite',
  ] as const)('and a crash at any point changes nothing (%s log)', async (engine) => {
    const root = tempDirectory('superseding');
    let run = 0;
    let crashes = 0;
    const logOf = (directory: string): Log | Promise<Log> =>
      engine === 'memory' ? memoryLog() : openSqliteLog(directory, { clock: systemClock() });
    await fc.assert(
      fc.asyncProperty(
        trades,
        trades,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('before' as const, 'behind' as const),
        async (a, b, step, when) => {
          fc.pre(fileOf(a) !== fileOf(b));
          run++;
          const directory = join(root, `${run}`);
          const log = await logOf(join(directory, 'log'));
          const place = await landing(directory, { log, settings });
          await storyAfter(place, fileOf(a));
          place.drop('day.txt', fileOf(b));
          await place.look({ fault: dyingAt(step, when) }).catch((cause) => {
            if (!(cause instanceof Crash)) throw cause;
            crashes++;
          });
          await place.look();
          expect(place.left()).toEqual([]);
          const fresh = await landing(join(directory, 'fresh'), { log: memoryLog(), settings });
          await storyAfter(fresh, fileOf(b));
          expect(await countedIn(log, join(directory, 'views'))).toEqual(
            await countedIn(fresh.log, fresh.root),
          );
          const story = await storyOf(log, 'files');
          expect(story.filter((line) => line.includes('POS=closed-2'))).toHaveLength(1);
          expect(await log.repeats('files')).toEqual([]);
          await log.close();
        },
      ),
      { numRuns: engine === 'memory' ? 30 : 8 },
    );
    expect(crashes).toBeGreaterThan(0);
  });
});
