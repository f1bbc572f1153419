import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directory as adapter } from '../../adapters/index.ts';
import type { Log } from '../contract/log.ts';
import type { FileSource } from '../contract/source.ts';
import { systemClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog } from '../log/index.ts';
import { FileChannel } from './file-channel.ts';
import { openMeter } from './meter.ts';
import { Staging } from './staging.ts';
import { makingFor } from './testing/entries.ts';
import { entriesOf, listening, storyOf } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let root: string;
let log: Log;
let source: FileSource;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-files-'));
  await mkdir(join(root, 'in'));
  log = memoryLog();
  source = await adapter.open({ path: join(root, 'in'), archive: 'archive', pattern: '*' });
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

interface Made {
  readonly channel: FileChannel;
  readonly meter: ReturnType<typeof openMeter>;
  readonly lines: string[];
}

function open(more: { readonly log?: Log; readonly source?: FileSource; readonly key?: string } = {}): Made {
  const making = makingFor('files');
  const meter = openMeter();
  const { logger, lines } = listening();
  const channel = new FileChannel({
    log: more.log ?? log,
    source: more.source ?? source,
    making,
    framer: making.codec.framer,
    staging: new Staging(join(root, 'staging')),
    meter,
    clock: systemClock(),
    limits,
    logger,
    settings: { key: more.key ?? '^(.+)\\.txt$', pollMs: 10, settlePolls: 1 },
  });
  return { channel, meter, lines };
}

/** As often as it takes for everything in the directory to settle and be taken in. */
async function look(made = open()): Promise<Made> {
  for (let times = 0; times < 3; times++) await made.channel.poll();
  return made;
}

const drop = (name: string, text: string): Promise<void> => writeFile(join(root, 'in', name), text);
const story = (): Promise<string[]> => storyOf(log, 'files');
const left = async (): Promise<string[]> =>
  (await readdir(join(root, 'in'))).filter((name) => name !== 'archive');
const archived = (): Promise<string[]> => readdir(join(root, 'in', 'archive'));

const day = 'T|E1|100\n\nT|E2|many\n?garbage\nT|E3|300\n';
const dayStory = [
  'signal day=arrived feed.arrived feed.arrived',
  'message day:1 T E1',
  'quarantine day:3 T',
  'quarantine day:4',
  'message day:5 T E3',
  'signal day=closed feed.accepted feed.accepted',
];

describe('a file', () => {
  test('is taken in whole: arrived, its records, accepted, archived', async () => {
    await drop('day.txt', day);
    const { meter } = await look();
    expect(await story()).toEqual(dayStory);
    expect(await left()).toEqual([]);
    expect(await archived()).toEqual(['day.txt']);
    expect(await readdir(join(root, 'staging'))).toEqual([]);
    expect(meter).toMatchObject({ entries: 6, quarantined: 2, filesAccepted: 1, filesRefused: 0 });
  });

  test('tells what it held: digest, records, quarantined, and what was no message', async () => {
    await drop('day.txt', day);
    await look();
    const events = (await entriesOf(log)).flatMap((entry) => entry.events.map((bytes) => decodeEvent(bytes)));
    expect(events[0]).toMatchObject({
      type: 'feed.arrived',
      data: {
        feed: 'files',
        fileKey: 'day',
        name: 'day.txt',
        size: day.length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'feed.accepted',
      data: { records: 3, quarantined: 2, totals: ['1 pieces without a message'] },
    });
  });

  test('waits until it is whole', async () => {
    await drop('day.txt', 'T|E1|1\n');
    const { channel } = open();
    await channel.poll();
    await drop('day.txt', 'T|E1|1\nT|E2|2\n');
    await channel.poll();
    expect(await story()).toEqual([]);
    await channel.poll();
    expect((await story()).slice(1, 3)).toEqual(['message day:1 T E1', 'message day:2 T E2']);
  });

  test('of many records is committed in pieces, in order', async () => {
    const text = Array.from({ length: 3000 }, (_, at) => `T|E${at + 1}|1\n`).join('');
    await drop('day.txt', text);
    await look();
    const entries = (await entriesOf(log)).slice(1, -1);
    expect(entries.map(({ origin }) => 'ordinal' in origin && origin.ordinal)).toEqual(
      Array.from({ length: 3000 }, (_, at) => at + 1),
    );
  });

  test('that is empty is accepted with no records', async () => {
    await drop('day.txt', '');
    await look();
    expect((await story()).at(-1)).toBe('signal day=closed feed.accepted feed.accepted');
  });

  test('without a single message is refused, its bytes in quarantine', async () => {
    await drop('day.txt', '{"json": true}\n');
    const { meter, lines } = await look();
    expect(await story()).toEqual([
      'signal day=arrived feed.arrived feed.arrived',
      'quarantine day:1',
      'signal day=closed feed.refused feed.refused',
    ]);
    expect(meter.filesRefused).toBe(1);
    expect(lines.join()).toContain('FILE_UNREADABLE');
    expect(await archived()).toEqual(['day.txt']);
  });

  test('whose name has no key stays where it is, and is told of once', async () => {
    await drop('readme.md', 'T|E1|1\n');
    const { lines } = await look();
    expect(await left()).toEqual(['readme.md']);
    expect(await story()).toEqual([]);
    expect(lines.filter((line) => line.includes('FILE_NO_KEY'))).toHaveLength(1);
  });

  test('gets its key from the group, without what a scope may not hold', async () => {
    await drop('fills-2026=11.txt', 'T|E1|1\n');
    await look(open({ key: 'fills-(?<key>.+)\\.txt' }));
    expect((await story())[1]).toBe('message 2026%3D11:1 T E1');
  });
});

describe('a file that comes again', () => {
  test('with the same bytes is a duplicate: one refusal, nothing booked', async () => {
    await drop('day.txt', day);
    await look();
    await drop('day.txt', day);
    const { meter } = await look();
    const after = await story();
    expect(after.slice(0, 6)).toEqual(dayStory);
    expect(after.slice(6)).toEqual([
      expect.stringMatching(/^signal day=duplicate-.* feed\.refused feed\.refused$/),
    ]);
    expect(meter).toMatchObject({ entries: 1, filesRefused: 1 });
    expect(await archived()).toEqual(['day.txt', 'day.txt.2']);
  });

  test('with the same bytes, name and times, as a copy out of the archive has them, is a duplicate too', async () => {
    await drop('day.txt', day);
    await look();
    await cp(join(root, 'in', 'archive', 'day.txt'), join(root, 'in', 'day.txt'), {
      preserveTimestamps: true,
    });
    await look();
    expect((await story()).slice(6)).toEqual([expect.stringContaining('feed.refused')]);
  });

  test('under another name with the same key is the same file', async () => {
    await drop('day.txt', day);
    await look();
    await drop('day2.txt', day);
    await look(open({ key: '^(day)2?\\.txt$' }));
    expect((await story()).slice(6)).toEqual([expect.stringContaining('feed.refused')]);
  });

  test('with other bytes is held as one quarantined entry, and nothing of it is booked', async () => {
    await drop('day.txt', day);
    await look();
    await drop('day.txt', `${day}T|E4|400\n`);
    const { lines, meter } = await look();
    expect((await story()).slice(6)).toEqual([
      expect.stringMatching(/^quarantine day=restated-[0-9a-f]{64} file$/),
      expect.stringMatching(/^signal day=refused-.* feed\.refused feed\.refused$/),
    ]);
    const held = (await entriesOf(log))[6];
    expect(held?.issues).toMatchObject([{ code: 'FILE_RESTATED', severity: 'error' }]);
    expect(Buffer.from(held?.bytes ?? []).toString()).toBe(`${day}T|E4|400\n`);
    expect(lines.join()).toContain('FILE_RESTATED');
    expect(meter.filesRefused).toBe(1);
    expect(await archived()).toEqual(['day.txt', 'day.txt.2']);
  });
});

/** What a process that dies leaves: nothing after the fault happens. */
class Crash extends Error {}

/** Counts steps that change the world, and dies before or after the chosen one. */
function dying(step: number, when: 'before' | 'after'): { log: Log; source: FileSource } {
  let steps = 0;
  const guard = async <T>(act: () => Promise<T>): Promise<T> => {
    steps++;
    if (steps > step || (steps === step && when === 'before')) throw new Crash();
    const result = await act();
    if (steps === step) throw new Crash();
    return result;
  };
  return {
    log: new Proxy(log, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key !== 'append') return value.bind(target);
        return (...args: unknown[]) => guard(() => value.apply(target, args));
      },
    }),
    source: {
      list: () => source.list(),
      fetch: (name, from, signal) => source.fetch(name, from, signal),
      put: (name, bytes) => source.put(name, bytes),
      archive: (name) => guard(() => source.archive(name)),
      close: async () => undefined,
    },
  };
}

describe('a crash', () => {
  const long = Array.from({ length: 1200 }, (_, at) => `T|E${at}|1\n`).join('');

  async function drops(): Promise<void> {
    await drop('a.txt', long);
    await look0();
    await drop('b.txt', day);
    await look0();
    await drop('a.txt', long);
    await utimes(join(root, 'in', 'a.txt'), 1_800_000_000, 1_800_000_000);
    await look0();
    await drop('b.txt', `${day}T|E9|9\n`);
    await look0();
  }
  let look0: () => Promise<void> = async () => undefined;

  test('before or after any commit or rename changes nothing in the end', async () => {
    look0 = async () => void (await look());
    await drops();
    const expected = (await story()).map(withoutTimes);
    expect(expected).toHaveLength(1200 + 2 + 6 + 1 + 2);
    let crashes = 0;
    for (let step = 1; step <= 16; step++) {
      for (const when of ['before', 'after'] as const) {
        await rm(join(root, 'in'), { recursive: true });
        await mkdir(join(root, 'in'));
        log = memoryLog();
        let faults = dying(step, when);
        look0 = async () => {
          try {
            await look(open(faults));
          } catch (cause) {
            if (!(cause instanceof Crash)) throw cause;
            crashes++;
            faults = { log, source };
            await look();
          }
        };
        await drops();
        expect((await story()).map(withoutTimes), `${when} step ${step}`).toEqual(expected);
        expect(await left(), `${when} step ${step}`).toEqual([]);
        expect(await archived()).toHaveLength(4);
      }
    }
    expect(crashes).toBeGreaterThan(24);
  });

  test('in the middle goes on from our copy, also when the original is gone', async () => {
    await drop('a.txt', long);
    await expect(look(open(dying(3, 'before')))).rejects.toThrow(Crash);
    await rm(join(root, 'in', 'a.txt'));
    await look();
    expect((await story()).at(-1)).toBe('signal a=closed feed.accepted feed.accepted');
    expect(await entriesOf(log)).toHaveLength(1202);
  });

  test('goes on from the original where our copy is gone, before any other file', async () => {
    await drop('b.txt', long);
    await expect(look(open(dying(3, 'before')))).rejects.toThrow(Crash);
    await rm(join(root, 'staging'), { recursive: true });
    await drop('a.txt', 'T|OTHER|1\n');
    await look();
    const keys = (await entriesOf(log))
      .map(({ origin }) => origin.scope)
      .filter((scope) => !scope.startsWith('%'));
    expect(keys).toEqual([...Array(1202).fill('b'), ...Array(3).fill('a')]);
  });

  test('is told where neither our copy nor the original is there, until the file comes back', async () => {
    await drop('b.txt', long);
    await expect(look(open(dying(3, 'before')))).rejects.toThrow(Crash);
    await rm(join(root, 'staging'), { recursive: true });
    await rename(join(root, 'in', 'b.txt'), join(root, 'b.txt'));
    const { lines } = await look();
    expect(lines.filter((line) => line.includes('FILE_COPY_LOST'))).toHaveLength(1);
    await drop('a.txt', 'T|OTHER|1\n');
    await look();
    await cp(join(root, 'b.txt'), join(root, 'in', 'b.txt'));
    await look();
    const story = await storyOf(log, 'files');
    expect(story.filter((line) => line.startsWith('message b:'))).toHaveLength(1200);
    expect(story.at(-1)).toBe('signal b=closed feed.accepted feed.accepted');
    expect(await left()).toEqual([]);
  });

  test('does not archive a file that took the place of the one that was read', async () => {
    await drop('a.txt', long);
    await expect(look(open(dying(3, 'before')))).rejects.toThrow(Crash);
    await drop('a.txt.new', 'T|OTHER|1\n');
    await rename(join(root, 'in', 'a.txt.new'), join(root, 'in', 'a.txt'));
    await look();
    expect((await story()).at(-2)).toMatch(/^quarantine a=restated-/);
    expect(await readFile(join(root, 'in', 'archive', 'a.txt'), 'utf8')).toBe('T|OTHER|1\n');
  });
});

function withoutTimes(line: string): string {
  return line.replace(/duplicate-\d+/, 'duplicate').replace(/(refused-[0-9a-f]+)-\d+/, '$1');
}

describe('the running channel', () => {
  test('picks files up, says when the place fails, and goes on by itself', async () => {
    const { channel, lines, meter } = open();
    channel.start();
    await drop('one.txt', 'T|E1|1\n');
    await waitUntil(() => meter.filesAccepted === 1);
    // Archiving would make the folder again.
    await waitUntil(async () => (await readdir(join(root, 'staging'))).length === 0);
    await rename(join(root, 'in'), join(root, 'away'));
    await waitUntil(() => channel.retrying);
    expect(meter.trouble?.code).toBe('DIRECTORY_MISSING');
    await rename(join(root, 'away'), join(root, 'in'));
    await drop('two.txt', 'T|E2|1\n');
    await waitUntil(() => meter.filesAccepted === 2);
    await channel.close();
    expect(meter.trouble).toBeUndefined();
    expect(lines.filter((line) => line.includes('trying again'))).toHaveLength(1);
  });

  test('closes between two commits, and the next one goes on', async () => {
    const long = Array.from({ length: 20_000 }, (_, at) => `T|E${at}|1\n`).join('');
    await drop('a.txt', long);
    const first = open();
    first.channel.start();
    await waitUntil(() => first.meter.entries > 600);
    await first.channel.close();
    const half = (await entriesOf(log)).length;
    expect(half).toBeLessThan(20_000);
    await look();
    expect(await entriesOf(log)).toHaveLength(20_002);
  });
});
