import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog } from '../log/index.ts';
import { type Landing, type LandingOptions, landing } from './testing/files.ts';
import { entriesOf, storyOf } from './testing/fixture.ts';
import { judgedCodec, judgedFile } from './testing/judged-codec.ts';

const open = (more: Partial<LandingOptions> = {}): Promise<Landing> =>
  landing(tempDirectory('judging'), { log: memoryLog(), ...more });
const story = ({ log }: Landing): Promise<string[]> => storyOf(log, 'files');

const day = judgedFile('POS/20261110/EOD', '20261110', [
  ['E1', 100],
  ['E2', 50],
]);
const dayStory = [
  'signal POS/20261110/EOD=arrived feed.arrived feed.arrived',
  expect.stringMatching(/^signal %files=[0-9a-f]{64} feed.bytes$/),
  'message POS/20261110/EOD:1 A',
  'message POS/20261110/EOD:2 T E1',
  'message POS/20261110/EOD:3 T E2',
  'message POS/20261110/EOD:4 A snapshot.closed',
  'signal POS/20261110/EOD=closed feed.accepted feed.accepted',
];

/** Each is wrong as a whole, although every line of it can be read. */
const wrongs: readonly (readonly [what: string, text: string, code: string])[] = [
  ['cut behind a record', day.slice(0, day.indexOf('A|END')), 'JUDGED_CUT'],
  ['cut in the middle of a record', day.slice(0, day.indexOf('E2') + 1), 'JUDGED_CUT'],
  ['with a record too few', day.replace('T|E2|50\n', ''), 'JUDGED_COUNT'],
  ['with a record twice', day.replace('T|E2|50\n', 'T|E2|50\nT|E2|50\n'), 'JUDGED_COUNT'],
  ['out of balance', day.replace('E2|50', 'E2|51'), 'JUDGED_TOTAL'],
  ['without its header', day.replace(/^.*\n/, ''), 'JUDGED_HEADER'],
  ['that is empty', '', 'JUDGED_HEADER'],
];

describe('a file that is judged whole', () => {
  test('is booked under the key that it says itself, whatever it is called', async () => {
    const place = await open();
    place.drop('whatever.txt', day);
    await place.look();
    expect(await story(place)).toEqual(dayStory);
    expect(place.archived()).toEqual(['whatever.txt']);
  });

  test('tells its business date and its controls', async () => {
    const place = await open();
    place.drop('day.txt', day);
    await place.look();
    const events = (await entriesOf(place.log)).flatMap(({ events }) =>
      events.map((bytes) => decodeEvent(bytes)),
    );
    expect(events[0]).toMatchObject({ type: 'feed.arrived', businessDate: '2026-11-10' });
    expect(events.at(-1)).toMatchObject({
      type: 'feed.accepted',
      businessDate: '2026-11-10',
      data: { feed: 'files', records: 4, totals: ['2 records', 'quantity 150'] },
    });
  });

  test.each(wrongs)('%s is one quarantined entry, and nothing of it is booked', async (_, text, code) => {
    const place = await open();
    place.drop('day.txt', text);
    await place.look();
    const entries = await entriesOf(place.log);
    expect(entries.map(({ kind, type }) => `${kind} ${type}`)).toEqual([
      'quarantine file',
      'signal feed.refused',
    ]);
    expect(entries[0]?.issues[0]).toMatchObject({ code, severity: 'error' });
    expect(Buffer.from(entries[0]?.bytes ?? []).toString()).toBe(text);
    expect(entries[0]?.context).toMatchObject({ file: 'day.txt', size: String(text.length) });
    const [refused] = (entries[1]?.events ?? []).map((bytes) => decodeEvent(bytes));
    expect(refused).toMatchObject({ type: 'feed.refused', data: { name: 'day.txt', code } });
    expect(refused).toMatchObject({ data: { reason: entries[0]?.issues[0]?.message } });
    expect(place.archived()).toEqual(['day.txt']);
    expect(place.lines.join()).toContain(code);
  });

  test.each(wrongs)('%s does not take the key: the whole file that follows is booked', async (_, text) => {
    const place = await open();
    place.drop('day.txt', text);
    await place.look();
    place.drop('day.txt', day);
    await place.look();
    expect((await story(place)).slice(2)).toEqual(dayStory);
  });

  test('comes again refused: the entry is repeated, the refusal told again', async () => {
    const place = await open();
    for (const _ of [1, 2]) {
      place.drop('day.txt', day.slice(0, 30));
      await place.look();
    }
    const kinds = (await entriesOf(place.log)).map(({ kind }) => kind);
    expect(kinds).toEqual(['quarantine', 'signal', 'signal']);
    expect((await place.log.repeats('files')).map(({ count }) => count)).toEqual([1]);
  });

  test('above what is held is described, and kept whole in the archive', async () => {
    const place = await open({ limits: { heldFileBytesMax: 1000 } });
    const long = 'T|E1|1\n'.repeat(200);
    place.drop('day.txt', long);
    await place.look();
    const [held] = await entriesOf(place.log);
    expect(JSON.parse(Buffer.from(held?.bytes ?? []).toString())).toMatchObject({
      name: 'day.txt',
      size: long.length,
    });
    expect(held?.issues[0]?.code).toBe('JUDGED_HEADER');
  });
});

describe("yesterday's file under today's name", () => {
  const settings = { key: '^pos-(?<key>(?<date>\\d{8}))\\.txt$' };

  test('is held where its name and its content say different days', async () => {
    const place = await open({ settings });
    place.drop('pos-20261110.txt', day);
    await place.look();
    place.drop('pos-20261111.txt', day);
    await place.look();
    const after = (await story(place)).slice(dayStory.length);
    expect(after).toEqual([
      expect.stringMatching(/^quarantine POS.*=held-/),
      expect.stringContaining('feed.refused'),
    ]);
    const held = (await entriesOf(place.log)).at(-2);
    expect(held?.issues).toEqual([
      {
        code: 'FILE_STALE',
        severity: 'error',
        message: 'the name says 2026-11-11, the file itself 2026-11-10',
      },
    ]);
  });

  test('is held where its bytes were booked under another key', async () => {
    const place = await open({ codec: judgedCodec({ keyed: false }), settings: { key: '^pos-(.+)\\.txt$' } });
    place.drop('pos-20261110.txt', day);
    await place.look();
    place.drop('pos-20261111.txt', day);
    await place.look();
    const held = (await entriesOf(place.log)).at(-2);
    expect(held?.issues).toMatchObject([
      { code: 'FILE_STALE', message: 'the same bytes were booked as 20261110' },
    ]);
  });
});

describe('a file without a key that a scope can hold', () => {
  test('is booked under a key that can', async () => {
    const place = await open();
    place.drop('day.txt', judgedFile('A=B%C\0\u0007', '20261110', [['E1', 1]]));
    await place.look();
    expect((await story(place))[0]).toBe('signal A%3DB%25C%00%07=arrived feed.arrived feed.arrived');
  });

  test('that is too long is cut, and still its own', async () => {
    const place = await open();
    for (const end of ['x', 'y'])
      place.drop(`${end}.txt`, judgedFile(`${'k'.repeat(5000)}${end}`, '20261110', [[end, 1]]));
    await place.look();
    const arrived = (await story(place)).filter((line) => line.endsWith('feed.arrived'));
    expect(new Set(arrived).size).toBe(2);
    for (const line of arrived) expect(line.length).toBeLessThan(300);
  });
});
