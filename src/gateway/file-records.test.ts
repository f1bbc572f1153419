import { describe, expect, test } from 'vitest';
import { records, shippedLayout, writeRecordFile } from '../../codecs/records/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Codec } from '../contract/codec.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog } from '../log/index.ts';
import { listQuarantine, showQuarantined } from './quarantine.ts';
import { countedIn } from './testing/counted.ts';
import { type Landing, landing } from './testing/files.ts';
import { configurationOf, deskOver, entriesOf, lineChannel, storyOf } from './testing/fixture.ts';

const { layout } = shippedLayout('clearing-positions') ?? {};
const { codec } = records.open('clearing-positions');

interface Held {
  readonly account: string;
  readonly quantity: string;
}

/** A positions file of the clearing firm, as our own layout has it. */
function positions(date: string, held: readonly Held[], createdAt = `${date}T23:00:00`): string {
  if (layout === undefined) throw new Error('the layout is not there');
  const header = {
    fileId: 'POSITIONS',
    firm: 'QCLR',
    correspondent: 'IBKA',
    businessDate: date,
    cycle: 'end-of-day',
    run: '01',
    createdAt,
    cutAt: `${date}T20:00:00`,
    cutZone: 'America/New_York',
    environment: 'test',
  };
  const rows = held.map(({ account, quantity }) => ({
    type: 'POS',
    values: {
      account,
      accountType: 'margin',
      cusip: '990000108',
      symbol: 'AAAX',
      tradeDateQuantity: quantity,
      settlementDateQuantity: quantity,
      price: '10',
      marketValue: String(Number(quantity) * 10),
      currency: 'USD',
    },
  }));
  return Buffer.from(writeRecordFile(layout, { header, records: rows })).toString('latin1');
}

async function open(): Promise<Landing & { take(name: string, text: string): Promise<void> }> {
  const place = await landing(tempDirectory('records'), {
    log: memoryLog(),
    codec: codec as Codec,
    settings: { key: '^pos_(?<key>(?<date>\\d{8}).*)\\.txt$', restated: 'supersede' },
  });
  return {
    ...place,
    async take(name, text) {
      place.drop(name, text);
      await place.look();
    },
  };
}

const first: readonly Held[] = [
  { account: '7Q100001', quantity: '125' },
  { account: '7Q100002', quantity: '300' },
];
const corrected: readonly Held[] = [
  { account: '7Q100001', quantity: '125' },
  { account: '7Q100002', quantity: '250' },
];
const key = 'POSITIONS/2026-11-11/EOD/01';

describe('files of a record layout', () => {
  test('are booked under the key of their header, with the controls that held', async () => {
    const place = await open();
    await place.take('pos_20261111.txt', positions('2026-11-11', first));
    const story = await storyOf(place.log, 'files');
    expect(story[0]).toMatch(/^signal .*=arrived feed.arrived feed.arrived$/);
    const events = (await entriesOf(place.log)).flatMap(({ events }) =>
      events.map((bytes) => decodeEvent(bytes)),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'feed.arrived',
      ...Array.from({ length: 4 }, () => 'position.reported'),
      'snapshot.closed',
      'feed.accepted',
    ]);
    expect(events.at(-1)).toMatchObject({ businessDate: '2026-11-11', data: { records: 4 } });
    expect(events.find(({ type }) => type === 'snapshot.closed')?.data).toMatchObject({
      snapshot: (await entriesOf(place.log))[0]?.origin.scope.replaceAll('%3D', '='),
    });
  });

  const good = positions('2026-11-11', first);
  test.each([
    ['cut in the middle of a record', good.slice(0, 200)],
    ['cut behind a record', good.slice(0, good.indexOf('TRL'))],
    ['with a record too few', `${good.slice(0, 141)}${good.slice(282)}`],
    ['out of balance', good.replace('+00000000000030000000', '+00000000000030000001')],
    ['with a quantity that is none', good.replace('+00000000000030000000', '+000000000000300000X0')],
    ["under today's name, and yesterday's", positions('2026-11-10', first)],
  ])('%s is refused whole, and the whole one follows', async (_, text) => {
    const place = await open();
    expect(text).not.toBe(good);
    await place.take('pos_20261111.txt', text);
    expect((await entriesOf(place.log)).map(({ kind }) => kind)).toEqual(['quarantine', 'signal']);
    await place.take('pos_20261111.txt', good);
    const story = await storyOf(place.log, 'files');
    expect(story.at(-1)).toMatch(/=closed feed.accepted feed.accepted$/);
    const alone = await open();
    await alone.take('pos_20261111.txt', good);
    expect(await countedIn(place.log, place.root)).toEqual(await countedIn(alone.log, alone.root));
  });

  test('that is held is shown with its accounts masked, and lines that cannot be read are not shown', async () => {
    const place = await open();
    await place.take('pos_20261111.txt', good.replace('+00000000000030000000', '+00000000000030000001'));
    await place.take('pos_20261111.txt', good.replace('POS7Q100002', 'PXS7Q100002'));
    const channel = lineChannel('files', { codec: (codec as Codec).id });
    const desk = deskOver(place.log, configurationOf(place.root, [channel]), codec);
    const held = await listQuarantine(desk);
    const shown = await Promise.all(
      held.map(async ({ offset }) => (await showQuarantined(desk, offset)).shown),
    );
    expect(shown).toHaveLength(2);
    for (const text of shown) {
      expect(text).toContain('HDRPOSITIONS');
      expect(text).toContain('POS******01');
      expect(text).not.toMatch(/7Q10000[12]/);
    }
    expect(shown[1]).toContain('[141 bytes that cannot be read]');
  });

  test('a corrected one revises the row that differs and closes the snapshot anew, whatever its header says of its making', async () => {
    const place = await open();
    await place.take('pos_20261111.txt', positions('2026-11-11', first));
    await place.take('pos_20261111.txt', positions('2026-11-11', corrected, '2026-11-12T07:05:00'));
    const revised = (await entriesOf(place.log)).filter(({ kind }) => kind === 'revision');
    expect(revised.map(({ type }) => type)).toEqual(['HDR', 'POS', 'TRL']);
    const alone = await open();
    await alone.take('pos_20261111.txt', positions('2026-11-11', corrected, '2026-11-12T07:05:00'));
    expect(await countedIn(place.log, place.root)).toEqual(await countedIn(alone.log, alone.root));
    expect(key).toBe(revised[0]?.origin.scope);
  });
});
