import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { GatewayError } from '../core/errors.ts';
import { memoryLog } from '../log/index.ts';
import { doneNameOf, ReadinessWatch } from './file-readiness.ts';
import { Crash, dyingAt } from './testing/dying.ts';
import { type Landing, type LandingOptions, landing } from './testing/files.ts';
import { storyOf } from './testing/fixture.ts';
import { judgedFile } from './testing/judged-codec.ts';

const open = (settings: LandingOptions['settings'] = {}): Promise<Landing> =>
  landing(tempDirectory('readiness'), { log: memoryLog(), settings });
const closings = async ({ log }: Landing): Promise<string[]> =>
  (await storyOf(log, 'files')).filter((line) => line.includes('=closed'));
const day = judgedFile('POS', '20261110', [['E1', 100]]);

describe('a file with a done file', () => {
  const settings = { doneFile: '{name}.done' };

  test('waits for it, says so, and goes to the archive with it', async () => {
    const place = await open(settings);
    place.drop('pos.txt', day);
    const channel = await place.look();
    expect(channel.waiting).toEqual([{ name: 'pos.txt', why: 'waits for pos.txt.done' }]);
    expect(await closings(place)).toEqual([]);
    place.drop('pos.txt.done', '');
    await channel.poll();
    expect(await closings(place)).toHaveLength(1);
    expect(channel.waiting).toEqual([]);
    expect(place.left()).toEqual([]);
    expect(place.archived().sort()).toEqual(['pos.txt', 'pos.txt.done']);
  });

  test('is not believed by the done file of the one before it', async () => {
    const place = await open(settings);
    place.drop('pos.txt', day);
    place.drop('pos.txt.done', '');
    await place.look();
    place.drop('pos.txt', judgedFile('NEXT', '20261111', []).slice(0, 9));
    await place.look();
    expect(place.left()).toEqual(['pos.txt']);
  });

  test('is archived whole, with a crash before or behind any step', async () => {
    let crashes = 0;
    for (let step = 1; step <= 7; step++) {
      for (const when of ['before', 'behind'] as const) {
        const place = await open(settings);
        place.drop('pos.txt', day);
        place.drop('pos.txt.done', '');
        await place.look({ fault: dyingAt(step, when) }).catch((cause) => {
          expect(cause).toBeInstanceOf(Crash);
          crashes++;
        });
        await place.look();
        expect(place.left(), `${when} ${step}`).toEqual([]);
        expect(place.archived().sort()).toEqual(['pos.txt', 'pos.txt.done']);
        expect(await closings(place)).toHaveLength(1);
      }
    }
    expect(crashes).toBeGreaterThan(10);
  });

  test('a done file without its file stays where it is, and is no file', async () => {
    const place = await open(settings);
    place.drop('pos.txt.done', '');
    const channel = await place.look();
    expect(place.left()).toEqual(['pos.txt.done']);
    expect(channel.waiting).toEqual([]);
  });

  test.each([
    ['{name}.done', 'pos.txt', 'pos.txt.done'],
    ['{stem}.ok', 'pos.20261110.txt', 'pos.20261110.ok'],
    ['{stem}.ok', '.hidden', '.hidden.ok'],
    ['done-{name}', 'a$&b', 'done-a$&b'],
  ])('%s of %s is %s', (pattern, name, done) => {
    expect(doneNameOf(pattern, name)).toBe(done);
  });
});

describe('a file without one', () => {
  test('is ready when size and time stayed the same over so many looks', () => {
    const watch = new ReadinessWatch({ settlePolls: 2 });
    const look = (size: number, modifiedAt: number): number =>
      watch.look([{ name: 'a', size, modifiedAt }], 0).ready.length;
    expect([look(1, 1), look(1, 1), look(2, 1), look(2, 1), look(2, 2), look(2, 2), look(2, 2)]).toEqual([
      0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  test('is there since it is as it is, and not since it was whole', () => {
    const watch = new ReadinessWatch({ settlePolls: 1 });
    const look = (size: number, now: number) => watch.look([{ name: 'a', size, modifiedAt: 1 }], now);
    expect(look(1, 10)).toMatchObject({ ready: [], settling: [10] });
    expect(look(2, 20)).toMatchObject({ ready: [], settling: [20] });
    expect(look(2, 30)).toMatchObject({ ready: [{ name: 'a', seenAt: 20 }], settling: [] });
  });

  test('that waits is shown with the reason', async () => {
    const place = await open({ settlePolls: 3, key: '^pos' });
    place.drop('pos.txt', day);
    place.drop('readme.md', 'hello');
    const channel = await place.look();
    expect(channel.waiting).toEqual([
      { name: 'pos.txt', why: 'size and time are the same over 2 of 3 looks' },
      { name: 'readme.md', why: 'its name has no key' },
    ]);
  });
});

describe('a place that loses the reply to a rename', () => {
  test.each(['lost', 'not done'] as const)('is asked again; the file is booked once (%s)', async (what) => {
    const place = await open();
    let failures = 0;
    const channel = place.channel({
      fault: (inner) => {
        if (!('archive' in inner)) return inner;
        const archive = async (name: string): Promise<void> => {
          if (failures++ > 0) return inner.archive(name);
          if (what === 'lost') await inner.archive(name);
          throw new GatewayError('SFTP_CLOSED', 'the connection is gone', { retryable: true });
        };
        return new Proxy(inner, {
          get: (target, key) => {
            if (key === 'archive') return archive;
            const value: unknown = Reflect.get(target, key, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      },
    });
    place.drop('pos.txt', day);
    await channel.poll();
    await expect(channel.poll()).rejects.toThrow('gone');
    await channel.poll();
    expect(place.left()).toEqual([]);
    expect(place.archived()).toEqual(['pos.txt']);
    expect(await closings(place)).toHaveLength(1);
    // The next file of that name is another one.
    place.drop('pos.txt', judgedFile('NEXT', '20261111', []));
    for (const _ of [1, 2]) await channel.poll();
    expect(await closings(place)).toHaveLength(2);
  });
});
