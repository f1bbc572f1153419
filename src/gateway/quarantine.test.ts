import { beforeEach, describe, expect, test } from 'vitest';
import type { EntryDraft } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { memoryLog } from '../log/index.ts';
import type { Desk } from './desk.ts';
import {
  discardQuarantined,
  listQuarantine,
  releaseQuarantined,
  repairQuarantined,
  showQuarantined,
} from './quarantine.ts';
import { replay } from './replay.ts';
import { entryOf, makingFor } from './testing/entries.ts';
import { configurationOf, deskOver, entriesOf, lineChannel, storyOf } from './testing/fixture.ts';
import { lineCodec } from './testing/line-codec.ts';

const ann = { by: 'ann', reason: 'checked with the counterparty' };
const configuration = configurationOf('/nowhere', [lineChannel('files'), lineChannel('others')]);

let log: Log;
let desk: Desk;

beforeEach(async () => {
  log = memoryLog();
  desk = deskOver(log, configuration);
  const texts = ['T|E1|100\n', 'T|E2|many\n', 'U|E3|300\n', 'T|THROW|1\n'];
  await log.append(
    'files',
    texts.map((text, at) => entryOf(makingFor('files'), text, at + 1)),
  );
});

/** Offset of the entry with this ordinal. */
async function at(ordinal: number): Promise<number> {
  return (await log.find('files', { scope: 'day', ordinal }, 0))?.offset ?? -1;
}

describe('quarantine', () => {
  test('lists what nobody has decided about, oldest first, by channel', async () => {
    await log.append('others', [entryOf(makingFor('others'), 'X|E1|1\n', 1)]);
    const listed = await listQuarantine(desk);
    expect(
      listed.map(({ channel, origin, readable, issues }) => [channel, origin, readable, issues[0]?.code]),
    ).toEqual([
      ['files', 'day:2', true, 'LINE_QUANTITY'],
      ['files', 'day:3', false, 'LINE_TYPE'],
      ['files', 'day:4', false, 'CODEC_THREW'],
      ['others', 'day:1', false, 'LINE_TYPE'],
    ]);
    expect(await listQuarantine(desk, { channel: 'others' })).toHaveLength(1);
    expect(await listQuarantine(desk, { limit: 2 })).toHaveLength(2);
  });

  test('follows the log', async () => {
    expect(await listQuarantine(desk)).toHaveLength(3);
    await log.append('files', [entryOf(makingFor('files'), 'X|E5|1\n', 5)]);
    expect(await listQuarantine(desk)).toHaveLength(4);
    await discardQuarantined(desk, await at(5), ann);
    expect(await listQuarantine(desk)).toHaveLength(3);
  });

  test('shows one with its bytes and with what a release would book, masked', async () => {
    const detail = await showQuarantined(desk, await at(2));
    expect(detail).toMatchObject({ shown: 'T|E2|many\\x0a', events: [{ type: 'trade.executed' }] });
    expect(Buffer.from(detail.bytes, 'base64').toString()).toBe('T|E2|many\n');
    expect(JSON.stringify(detail)).not.toContain('ACCT-CANARY-1');
    expect((await showQuarantined(desk, await at(3))).events).toEqual([]);
  });

  test('release takes a message as it stands, in one commit with who and why', async () => {
    const decision = await releaseQuarantined(desk, await at(2), ann);
    expect(decision).toMatchObject({ outcome: 'written', revision: 1, origin: 'day:2' });
    expect((await storyOf(log, 'files')).slice(4)).toEqual([
      expect.stringMatching(/^audit audit=.* quarantine.release$/),
      'revision day:2 T E2',
    ]);
    const [audit, revision] = (await entriesOf(log, 'files')).slice(4);
    expect(audit).toMatchObject(ann);
    expect(revision).toMatchObject({ ...ann, revision: 1, issues: [{ code: 'LINE_QUANTITY' }] });
  });

  test('what is no message cannot be released', async () => {
    await expect(releaseQuarantined(desk, await at(3), ann)).rejects.toMatchObject({
      code: 'QUARANTINE_UNREADABLE',
      exitCode: 2,
    });
    await expect(releaseQuarantined(desk, await at(4), ann)).rejects.toMatchObject({
      code: 'QUARANTINE_UNREADABLE',
    });
    expect(await entriesOf(log)).toHaveLength(4);
  });

  test('repair reads other bytes and keeps the original', async () => {
    await repairQuarantined(desk, await at(2), Buffer.from('T|E2|200\n'), ann);
    expect((await storyOf(log, 'files')).at(-1)).toBe('revision day:2 T E2');
    const original = await log.get(await at(2));
    expect(Buffer.from(original?.bytes ?? []).toString()).toBe('T|E2|many\n');
    expect((await showQuarantined(desk, await at(2))).decided).toEqual(ann);
  });

  test('what came under a number that was taken waits too, and can be booked beside it', async () => {
    const other = entryOf(makingFor('files'), 'T|E9|900\n', 1);
    const [appended] = await log.append('files', [other]);
    expect(appended?.outcome).toBe('conflict');
    const offset = appended?.offset ?? -1;
    const listed = await listQuarantine(desk);
    expect(listed.at(-1)).toMatchObject({ offset, issues: [{ code: 'LOG_CONFLICT' }] });
    const decision = await releaseQuarantined(desk, offset, ann);
    expect(decision).toMatchObject({ outcome: 'written', revision: 1 });
    expect((await storyOf(log, 'files')).at(-1)).toMatch(/^revision day=1![0-9a-f]{64} T E9$/);
    expect((await listQuarantine(desk)).map((entry) => entry.offset)).not.toContain(offset);
    expect((await log.verify()).findings).toEqual([]);
  });

  test('a repair that is wrong too writes nothing', async () => {
    const bytes = Buffer.from('T|E2|more\n');
    await expect(repairQuarantined(desk, await at(2), bytes, ann)).rejects.toMatchObject({
      code: 'QUARANTINE_STILL_WRONG',
    });
    expect(await entriesOf(log)).toHaveLength(4);
  });

  test.each([
    ['release', (offset: number) => releaseQuarantined(desk, offset, ann)],
    ['discard', (offset: number) => discardQuarantined(desk, offset, ann)],
    ['repair', (offset: number) => repairQuarantined(desk, offset, Buffer.from('T|E2|2\n'), ann)],
  ])('%s twice is once, and nobody else decides otherwise', async (_, decide) => {
    const offset = await at(2);
    expect(await decide(offset)).toMatchObject({ outcome: 'written', revision: 1 });
    const after = await entriesOf(log);
    expect(await decide(offset)).toMatchObject({ outcome: 'repeated', revision: 1 });
    await expect(repairQuarantined(desk, offset, Buffer.from('T|E2|9\n'), ann)).rejects.toMatchObject({
      code: 'QUARANTINE_DECIDED',
    });
    expect(await entriesOf(log)).toHaveLength(after.length);
  });

  test('needs somebody with a reason', async () => {
    for (const person of [
      { by: '', reason: 'x' },
      { by: 'ann', reason: '  ' },
      { by: 'ann', reason: 'x'.repeat(501) },
    ]) {
      await expect(discardQuarantined(desk, await at(2), person)).rejects.toMatchObject({
        code: 'REASON_MISSING',
      });
    }
    expect(await entriesOf(log)).toHaveLength(4);
  });

  test('knows only quarantined entries', async () => {
    await expect(discardQuarantined(desk, await at(1), ann)).rejects.toMatchObject({
      code: 'QUARANTINE_UNKNOWN',
    });
    await expect(showQuarantined(desk, 7)).rejects.toMatchObject({ code: 'QUARANTINE_UNKNOWN' });
  });
});

describe('replay', () => {
  const dry = { dryRun: true };
  const real = { dryRun: false };
  /** The same log under the next version of the codec. */
  const later = (): Desk => deskOver(log, configuration, lineCodec({ version: '2' }));

  test('with the same codec finds nothing', async () => {
    const report = await replay(desk, real, ann);
    expect(report).toMatchObject({
      read: 4,
      unchanged: 1,
      stillHeld: 3,
      changed: 0,
      committed: 0,
      differences: [],
    });
    expect(await entriesOf(log)).toHaveLength(4);
  });

  test('shows the difference in events before anything is committed', async () => {
    const report = await replay(later(), dry, ann);
    expect(report).toMatchObject({
      changed: 1,
      understood: 1,
      stillHeld: 2,
      eventsAdded: 2,
      eventsVoided: 1,
      committed: 0,
    });
    expect(
      report.differences.map(({ kind, origin, added, voided }) => [
        kind,
        origin,
        added.length,
        voided.length,
      ]),
    ).toEqual([
      ['changed', 'day:1', 1, 1],
      ['understood', 'day:3', 1, 0],
    ]);
    expect(JSON.stringify(report)).not.toContain('ACCT-CANARY-1');
    expect(await entriesOf(log)).toHaveLength(4);
  });

  test('commits revisions that void the old events, and doing it twice is doing it once', async () => {
    expect(await replay(later(), real, ann)).toMatchObject({ changed: 1, understood: 1, committed: 2 });
    expect((await storyOf(log, 'files')).slice(5)).toEqual(['revision day:1 T E1', 'revision day:3 U E3']);
    const [first] = (await entriesOf(log, 'files')).slice(5);
    expect(first).toMatchObject({ revision: 1, voids: await at(1), codec: { version: '2' }, ...ann });
    expect(await replay(later(), real, ann)).toMatchObject({ unchanged: 2, stillHeld: 2, committed: 0 });
    expect(await entriesOf(log)).toHaveLength(7);
    expect(await listQuarantine(later())).toHaveLength(2);
  });

  test('and back again makes the next revision', async () => {
    await replay(later(), real, ann);
    const report = await replay(desk, real, ann);
    // The newer type is not understood by the older codec: told, and left as it is.
    expect(report).toMatchObject({ changed: 1, fails: 1, committed: 1 });
    const newest = await log.find('files', { scope: 'day', ordinal: 1 });
    expect(newest?.revision).toBe(2);
  });

  test('undoes nothing that a person decided', async () => {
    await discardQuarantined(desk, await at(3), ann);
    await releaseQuarantined(desk, await at(2), ann);
    const before = await entriesOf(log);
    expect(await replay(desk, real, ann)).toMatchObject({ committed: 0, fails: 0 });
    expect(await entriesOf(log)).toHaveLength(before.length);
    expect(await replay(later(), real, ann)).toMatchObject({ understood: 0, changed: 2 });
    expect((await log.find('files', { scope: 'day', ordinal: 3 }))?.revision).toBe(1);
    const released = await log.find('files', { scope: 'day', ordinal: 2 });
    expect(released).toMatchObject({ revision: 2, issues: [{ code: 'LINE_QUANTITY' }] });
    expect(released?.events).toHaveLength(1);
  });

  test('leaves alone what a session or a file holds, and what no codec was asked about', async () => {
    const held: EntryDraft = {
      ...entryOf(makingFor('files'), 'T|E6|1\n', 6),
      kind: 'quarantine',
      events: [],
      issues: [{ code: 'FIX_SEQUENCE_TOO_LOW', severity: 'error', message: 'too low' }],
    };
    const { codec: _, ...admin } = entryOf(makingFor('files'), 'T|E7|1\n', 7);
    await log.append('files', [held, { ...admin, events: [] }]);
    const report = await replay(later(), { ...real, from: await at(6) }, ann);
    expect(report).toMatchObject({ read: 1, stillHeld: 1, committed: 0 });
  });

  test('takes a channel, a range of offsets, and quarantined ones only', async () => {
    await log.append('others', [entryOf(makingFor('others'), 'U|E1|1\n', 1)]);
    expect(await replay(later(), { ...dry, channel: 'others' }, ann)).toMatchObject({
      read: 1,
      understood: 1,
    });
    expect(await replay(later(), { ...dry, from: await at(2), to: await at(3) }, ann)).toMatchObject({
      read: 2,
    });
    expect(await replay(later(), { ...dry, quarantinedOnly: true }, ann)).toMatchObject({
      read: 4,
      understood: 2,
    });
    expect(await replay(later(), { ...dry, limit: 1 }, ann)).toMatchObject({
      understood: 2,
      differences: [{}],
    });
    await expect(replay(later(), { ...dry, from: 9, to: 3 }, ann)).rejects.toMatchObject({
      code: 'REPLAY_RANGE',
    });
    await expect(replay(later(), { ...dry, channel: 'other' }, ann)).rejects.toMatchObject({
      code: 'CHANNEL_UNKNOWN',
      remedy: 'Did you mean "others"?',
    });
  });

  test('of many entries commits in batches', async () => {
    const drafts = Array.from({ length: 700 }, (_, n) => entryOf(makingFor('others'), `T|N${n}|1\n`, n + 1));
    await log.append('others', drafts);
    const report = await replay(later(), { ...real, channel: 'others' }, ann);
    expect(report).toMatchObject({ read: 700, changed: 700, committed: 700 });
    expect(report.differences).toHaveLength(100);
    expect((await entriesOf(log, 'others')).filter(({ kind }) => kind === 'audit')).toHaveLength(3);
  });
});
