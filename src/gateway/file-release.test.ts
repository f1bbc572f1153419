import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { memoryLog } from '../log/index.ts';
import type { Desk } from './desk.ts';
import type { Person } from './person.ts';
import { discardQuarantined, listQuarantine, releaseQuarantined, showQuarantined } from './quarantine.ts';
import { countedIn } from './testing/counted.ts';
import { Crash, dyingAt } from './testing/dying.ts';
import { type Landing, type LandingOptions, landing } from './testing/files.ts';
import { configurationOf, deskOver, entriesOf, lineChannel, storyOf } from './testing/fixture.ts';
import { judgedCodec, judgedFile } from './testing/judged-codec.ts';

interface Place extends Landing {
  readonly desk: Desk;
}

async function open(more: Partial<LandingOptions> = {}): Promise<Place> {
  const place = await landing(tempDirectory('release'), { log: memoryLog(), ...more });
  const codec = judgedCodec();
  const channel = lineChannel('files', { codec: codec.id });
  return { ...place, desk: deskOver(place.log, configurationOf(place.root, [channel]), codec) };
}

const ann: Person = { by: 'ann', reason: 'the clearer confirmed the total by phone' };
const story = ({ log }: Landing): Promise<string[]> => storyOf(log, 'files');
const held = async ({ desk }: Place): Promise<number> => (await listQuarantine(desk))[0]?.offset ?? -1;

const first = judgedFile('POS', '20261110', [
  ['E1', 100],
  ['E2', 50],
]);
const second = judgedFile('POS', '20261110', [['E1', 101]]);
const outOfBalance = first.replace('E2|50', 'E2|51');

async function take(place: Place, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    place.drop('day.txt', text);
    await place.look();
  }
}

describe('a file that was refused', () => {
  test('is shown with its bytes and its cause', async () => {
    const place = await open();
    await take(place, outOfBalance);
    const shown = await showQuarantined(place.desk, await held(place));
    expect(shown).toMatchObject({
      type: 'file',
      readable: true,
      events: [],
      issues: [{ code: 'JUDGED_TOTAL' }],
    });
    expect(Buffer.from(shown.bytes, 'base64').toString()).toBe(outOfBalance);
  });

  test('is booked when a person believes it, and the log says who and why', async () => {
    const place = await open();
    await take(place, outOfBalance);
    expect(await releaseQuarantined(place.desk, await held(place), ann)).toMatchObject({
      outcome: 'written',
    });
    await place.look();
    expect((await story(place)).slice(2)).toEqual([
      'audit %releases:1 quarantine.release',
      expect.stringMatching(/^revision POS=held-\S+ file$/),
      'signal POS=arrived feed.arrived feed.arrived',
      expect.stringMatching(/^signal %files=/),
      'message POS:1 A',
      'message POS:2 T E1',
      'message POS:3 T E2',
      'message POS:4 A snapshot.closed',
      'signal POS=closed feed.accepted feed.accepted',
    ]);
    const entries = await entriesOf(place.log);
    expect(entries[2]).toMatchObject(ann);
    expect(JSON.parse(Buffer.from(entries[4]?.bytes ?? []).toString())).toMatchObject({ released: ann });
    expect(await listQuarantine(place.desk)).toEqual([]);
  });

  test('is not booked twice: released again, dropped again', async () => {
    const place = await open();
    await take(place, outOfBalance);
    const offset = await held(place);
    await releaseQuarantined(place.desk, offset, ann);
    expect(await releaseQuarantined(place.desk, offset, ann)).toMatchObject({ outcome: 'repeated' });
    await place.look();
    await take(place, outOfBalance);
    const after = await story(place);
    expect(after.filter((line) => line.includes('POS=arrived'))).toHaveLength(1);
    expect(after.at(-1)).toMatch(/^signal POS=duplicate-/);
  });

  test('that is discarded stays out; a release after that is another decision', async () => {
    const place = await open();
    await take(place, outOfBalance);
    const offset = await held(place);
    await discardQuarantined(place.desk, offset, ann);
    await place.look();
    await expect(releaseQuarantined(place.desk, offset, ann)).rejects.toMatchObject({
      code: 'QUARANTINE_DECIDED',
    });
    expect((await story(place)).some((line) => line.includes('arrived'))).toBe(false);
  });

  test('takes the place of the good one that came meanwhile, because a person said so', async () => {
    const place = await open();
    await take(place, outOfBalance, second);
    await releaseQuarantined(place.desk, await held(place), ann);
    await place.look();
    const alone = await open();
    await take(alone, outOfBalance);
    await releaseQuarantined(alone.desk, await held(alone), ann);
    await alone.look();
    const counted = await countedIn(alone.log, join(alone.root, 'views'));
    expect(counted).toHaveLength(3);
    expect(await countedIn(place.log, join(place.root, 'views'))).toEqual(counted);
  });

  test('cannot be released where only its description is held', async () => {
    const place = await open({ limits: { heldFileBytesMax: 10 } });
    await take(place, outOfBalance);
    const release = releaseQuarantined(place.desk, await held(place), ann);
    await expect(release).rejects.toMatchObject({ code: 'QUARANTINE_UNREADABLE' });
  });
});

describe('a held restatement', () => {
  test('supersedes when a person releases it', async () => {
    const place = await open();
    await take(place, first, second);
    expect((await story(place)).at(-2)).toMatch(/^quarantine POS=restated-/);
    await releaseQuarantined(place.desk, await held(place), ann);
    await place.look();
    const alone = await open();
    await take(alone, second);
    const counted = await countedIn(alone.log, join(alone.root, 'views'));
    expect(await countedIn(place.log, join(place.root, 'views'))).toEqual(counted);
    expect((await story(place)).at(-1)).toBe('signal POS=closed-2 feed.accepted feed.accepted');
  });

  test('with a record that cannot be read cannot be released', async () => {
    const place = await open();
    await take(place, first, first.replace('T|E1', 'X|E1'));
    const release = releaseQuarantined(place.desk, await held(place), ann);
    await expect(release).rejects.toMatchObject({ code: 'QUARANTINE_UNREADABLE' });
  });

  test('is carried out once, with a crash before or behind any step', async () => {
    for (let step = 1; step <= 7; step++) {
      for (const when of ['before', 'behind'] as const) {
        const place = await open();
        await take(place, first, second);
        await releaseQuarantined(place.desk, await held(place), ann);
        const dead = place.look({ fault: dyingAt(step, when) });
        await dead.catch((cause) => expect(cause).toBeInstanceOf(Crash));
        await place.look();
        const after = (await story(place)).slice(9);
        expect(after, `${when} ${step}`).toEqual([
          'audit %releases:1 quarantine.release',
          expect.stringMatching(/^revision POS=restated-/),
          'signal POS=arrived-2 feed.arrived feed.arrived',
          expect.stringMatching(/^signal %files=/),
          'revision POS:4',
          'revision POS:2 T E1',
          'revision POS:3 A snapshot.closed',
          'signal POS=closed-2 feed.accepted feed.accepted',
        ]);
      }
    }
  });
});
