import { describe, expect, test } from 'vitest';
import { records, sampleBytes, shippedLayout } from '../../codecs/records/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Codec } from '../contract/codec.ts';
import { memoryLog } from '../log/index.ts';
import type { Desk } from './desk.ts';
import type { Differing, FileDifference, RecordText } from './file-difference.ts';
import { discardQuarantined, listQuarantine, releaseQuarantined, showQuarantined } from './quarantine.ts';
import { type Landing, type LandingOptions, landing } from './testing/files.ts';
import { configurationOf, deskOver, lineChannel } from './testing/fixture.ts';
import { judgedCodec, judgedFile } from './testing/judged-codec.ts';

interface Place extends Landing {
  readonly desk: Desk;
}

async function open(more: Partial<LandingOptions> = {}): Promise<Place> {
  const { codec = judgedCodec() } = more;
  const place = await landing(tempDirectory('difference'), { log: memoryLog(), ...more, codec });
  const channel = lineChannel('files', { codec: codec.id });
  return { ...place, desk: deskOver(place.log, configurationOf(place.root, [channel]), codec) };
}

async function take(place: Place, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    place.drop('day.txt', text);
    await place.look();
  }
}

/** What the oldest file that is held says otherwise. */
async function shown({ desk }: Place): Promise<FileDifference | undefined> {
  const [held] = await listQuarantine(desk);
  return (await showQuarantined(desk, held?.offset ?? -1)).difference;
}

/** `3 T|E2|50 > 3 T|E2|55`, with what is not there left out; behind the first ones, how many there are. */
function told({ count, first }: Differing): readonly string[] {
  const text = (one: RecordText | undefined): string =>
    one === undefined ? '' : `${one.record} ${Buffer.from(one.bytes, 'base64').toString().trimEnd()}`;
  const lines = first.map(({ booked, restated }) => `${text(booked)} > ${text(restated)}`.trim());
  return count === first.length ? lines : [...lines, `${count} in all`];
}

const toldOf = (found: FileDifference | undefined) =>
  found && { added: told(found.added), gone: told(found.gone), changed: told(found.changed) };

type Trades = readonly (readonly [id: string, quantity: number])[];
const fileOf = (trades: Trades): string => judgedFile('POS', '20261110', trades);
const booked: Trades = [
  ['E1', 100],
  ['E2', 50],
  ['E3', 30],
];
const ann = { by: 'ann', reason: 'the clearer confirmed it' };

describe('a held restatement is shown with what it says otherwise', () => {
  test.each<[string, Trades, { added?: string[]; gone?: string[]; changed?: string[] }]>([
    [
      'a record that changed, and not what a redelivery may change',
      [
        ['E1', 100],
        ['E2', 55],
        ['E3', 30],
      ],
      // The digest of this codec leaves the trailer's sum out.
      { changed: ['3 T|E2|50 > 3 T|E2|55'] },
    ],
    [
      'a new one in the middle, and nothing of those that only moved',
      [['E1', 100], ['E9', 1], ...booked.slice(1)],
      { added: ['> 3 T|E9|1'], changed: ['5 A|END|3|180 > 6 A|END|4|181'] },
    ],
    [
      'one that is gone, and one that changed behind it',
      [
        ['E2', 50],
        ['E3', 31],
      ],
      { gone: ['2 T|E1|100 >'], changed: ['4 T|E3|30 > 3 T|E3|31', '5 A|END|3|180 > 4 A|END|2|81'] },
    ],
    ['another order, which is no difference', booked.toReversed(), {}],
  ])('%s', async (_, trades, expected) => {
    const place = await open();
    await take(place, fileOf(booked), fileOf(trades));
    expect(toldOf(await shown(place))).toEqual({ added: [], gone: [], changed: [], ...expected });
  });

  test('many of them: counted, the first ten in full', async () => {
    const place = await open();
    const many = (from: number, to: number): Trades =>
      Array.from({ length: to - from }, (_, at) => [`E${from + at}`, 1] as const);
    await take(place, fileOf(many(0, 1500)), fileOf(many(25, 1540)));
    const { added, gone, changed } = (await shown(place)) ?? {};
    expect([added?.count, gone?.count, changed?.count]).toEqual([40, 25, 1]);
    expect([added?.first.length, gone?.first.length]).toEqual([10, 10]);
    expect(gone && told(gone)[0]).toBe('2 T|E0|1 >');
    expect(added && told(added)[9]).toBe('> 1486 T|E1509|1');
  });

  test('against what stands, also where that superseded another file', async () => {
    const place = await open();
    await take(place, fileOf(booked), fileOf([['E1', 1]]));
    const [held] = await listQuarantine(place.desk);
    await releaseQuarantined(place.desk, held?.offset ?? -1, ann);
    await place.look();
    await take(
      place,
      fileOf([
        ['E1', 2],
        ['E3', 30],
      ]),
    );
    expect(toldOf(await shown(place))).toEqual({
      added: ['> 3 T|E3|30'],
      gone: [],
      changed: ['2 T|E1|1 > 2 T|E1|2', '3 A|END|1|1 > 4 A|END|2|32'],
    });
  });

  test('as long as nobody decided, and where all of it is kept', async () => {
    const place = await open({ limits: { heldFileBytesMax: 40 } });
    await take(place, fileOf(booked), fileOf([...booked, ['E4', 1], ['E5', 1]]));
    expect(await shown(place)).toBeUndefined();
    const other = await open();
    await take(other, fileOf(booked), fileOf([['E1', 1]]));
    const [held] = await listQuarantine(other.desk);
    expect(toldOf(await shown(other))?.gone).toHaveLength(2);
    await discardQuarantined(other.desk, held?.offset ?? -1, ann);
    expect((await showQuarantined(other.desk, held?.offset ?? -1)).difference).toBeUndefined();
  });

  test('and a file that is held for itself is not', async () => {
    const place = await open();
    await take(place, fileOf(booked).replace('E2|50', 'E2|51'));
    expect(await shown(place)).toBeUndefined();
  });

  test('with its accounts masked', async () => {
    const codec = records.open('clearing-positions').codec as Codec;
    const place = await open({ codec });
    const text = codecSample();
    await take(place, text, text.replace('+00000000000100050000', '+00000000000100060000'));
    const { changed, added, gone } = (await shown(place)) ?? {};
    expect([added?.count, gone?.count, changed?.count]).toEqual([0, 0, 1]);
    const [row] = changed?.first ?? [];
    expect(row?.booked?.shown).toMatch(/^POS\*{6}01 .*\+00000000000100050000/);
    expect(row?.restated?.shown).toMatch(/^POS\*{6}01 .*\+00000000000100060000/);
    expect(Buffer.from(row?.booked?.bytes ?? '', 'base64').toString()).toContain('7Q100001');
  });
});

/** The good sample of the positions layout. */
function codecSample(): string {
  const { layout } = shippedLayout('clearing-positions') ?? {};
  const [good] = layout?.data.samples ?? [];
  if (layout === undefined || good === undefined) throw new Error('the layout is not there');
  return Buffer.from(sampleBytes(layout, good.lines)).toString('latin1');
}
