import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Appended, AppendOptions, Log } from '../contract/log.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { type Limits, limits } from '../core/limits.ts';
import { memoryLog } from './memory.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { all, bytesOf } from './suite-drafts.ts';

/** Small limits: a few entries need several blocks, a blob several chunks, and half of the blocks stand in files. */
const small: Limits = {
  ...limits,
  blockBytesMax: 4096,
  blockInlineBytesMax: 300,
  blockFileBytesMax: 6000,
  entryBytesInlineMax: 3000,
  blobChunkBytes: 1000,
  appendPendingBytesMax: 8192,
};

const channels = ['a', 'b'];
const scopes = ['one/1/in', 'two'];

/** One draft: few origins and few bodies, so that repeats, conflicts, late holes and revisions are common. */
const drafts: fc.Arbitrary<EntryDraft> = fc
  .record({
    scope: fc.constantFrom(...scopes),
    place: fc.nat(12),
    keyed: fc.boolean(),
    body: fc.constantFrom('x', 'y', 'z'.repeat(50), 'w'.repeat(1500), 'v'.repeat(3500)),
    revision: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
    out: fc.boolean(),
    events: fc.array(fc.constantFrom('', 'e1', 'event two'), { maxLength: 2 }),
    receivedAt: fc.nat(1_000),
  })
  .map(({ scope, place, keyed, body, revision, out, events, receivedAt }) => ({
    kind: revision > 0 ? 'revision' : 'message',
    direction: out ? 'out' : 'in',
    origin: keyed ? { scope, key: `k${place}` } : { scope, ordinal: place },
    bytes: bytesOf(body),
    events: events.map(bytesOf),
    receivedAt,
    ...(revision > 0 && { revision, by: 'somebody' }),
  }));

interface Step {
  readonly channel: string;
  readonly batch: readonly EntryDraft[];
  readonly options: AppendOptions;
}

const steps: fc.Arbitrary<Step> = fc
  .record({
    channel: fc.constantFrom(...channels),
    batch: fc.array(drafts, { maxLength: 8 }),
    position: fc.option(fc.constantFrom<JsonValue>(1, 'two', { three: 3 })),
    epoch: fc.constantFrom(0, 0, 0, 1, 2),
  })
  .map(({ channel, batch, position, epoch }) => ({
    channel,
    batch,
    options: { ...(position !== null && { position }), ...(epoch > 0 && { epoch }) },
  }));

/** What a log says of itself, without what the engines may cut differently: blocks, offsets, chain values. */
async function told(log: Log, order: (left: Entry, right: Entry) => number = () => 0): Promise<unknown> {
  const entries = (await all(log.read())).sort(order);
  const sequenceAt = new Map(entries.map((entry) => [entry.offset, `${entry.channel}${entry.sequence}`]));
  const plain = entries.map(({ offset: _offset, chain: _chain, voids, bytes, events, ...rest }) => ({
    ...rest,
    bytes: Buffer.from(bytes).toString('latin1'),
    events: events.map((event) => Buffer.from(event).toString('latin1')),
    ...(voids !== undefined && { voids: sequenceAt.get(voids) }),
  }));
  const heads = (await log.heads()).map(({ channel, sequence, epoch, position }) => [
    channel,
    sequence,
    epoch,
    position,
  ]);
  const repeats = (await log.repeats()).map(({ offset, ...rest }) => ({
    ...rest,
    of: sequenceAt.get(offset),
  }));
  const { ok, entries: count, bytes, findings } = await log.verify();
  const blobs = await blobsOf(log, entries);
  return {
    plain,
    heads,
    repeats: repeats.map((one) => JSON.stringify(one)).sort(),
    ok,
    count,
    bytes,
    findings,
    blobs,
  };
}

async function blobsOf(log: Log, entries: readonly Entry[]): Promise<string[]> {
  const blobs: string[] = [];
  for (const entry of entries) {
    if (entry.storage === 'blob') blobs.push(Buffer.concat(await all(log.blob(entry))).toString('latin1'));
  }
  return blobs;
}

/** What became of a step, or the code that refused it; offsets as the entries they name. */
async function outcome(log: Log, { channel, batch, options }: Step): Promise<unknown> {
  let appended: readonly Appended[];
  try {
    appended = await log.append(channel, batch, options);
  } catch (error) {
    return error instanceof GatewayError ? error.code : error;
  }
  const named = async (offset: number): Promise<number | undefined> => (await log.get(offset))?.sequence;
  return Promise.all(
    appended.map(async (one) => ({
      ...one,
      offset: await named(one.offset),
      ...('first' in one && { first: await named(one.first) }),
    })),
  );
}

test('any appends leave SQLite and the model with the same log, and say the same of each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (run) => {
      const model = memoryLog({ limits: small });
      const log = await openSqliteLog(tempDirectory('law'), { limits: small, durability: 'off' });
      try {
        for (const step of run) expect(await outcome(log, step)).toEqual(await outcome(model, step));
        expect(await told(log)).toEqual(await told(model));
        await sameFinds(log, model);
      } finally {
        await log.close();
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

async function sameFinds(log: Log, model: Log): Promise<void> {
  for (const channel of channels) {
    for (const scope of scopes) {
      for (let place = 0; place <= 12; place++) {
        for (const origin of [
          { scope, ordinal: place },
          { scope, key: `k${place}` },
        ]) {
          const [found, expected] = [await log.find(channel, origin), await model.find(channel, origin)];
          expect(found?.sequence).toBe(expected?.sequence);
          expect(found?.revision).toBe(expected?.revision);
        }
      }
    }
  }
}

test('appends that are made all at once are committed as if one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 25 }), async (run) => {
      const model = memoryLog({ limits: small });
      const log = await openSqliteLog(tempDirectory('law'), { limits: small, durability: 'off' });
      try {
        const made = run.map(({ channel, batch, options }) => log.append(channel, batch, options));
        const results = await Promise.allSettled(made);
        for (const [at, step] of run.entries()) {
          const expected = await outcome(model, step);
          const code =
            results[at]?.status === 'rejected' ? (results[at].reason as GatewayError).code : undefined;
          expect(code).toBe(typeof expected === 'string' ? expected : undefined);
        }
        // Channels know no order among each other, but the one in which their calls were awaited.
        expect(await told(log, byChannel)).toEqual(await told(model, byChannel));
      } finally {
        await log.close();
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

const byChannel = (left: Entry, right: Entry): number =>
  left.channel === right.channel ? left.sequence - right.sequence : left.channel < right.channel ? -1 : 1;

test('what was acknowledged is there when another process opens the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 8 }), async (run) => {
      const directory = tempDirectory('law');
      let log: SqliteLog = await openSqliteLog(directory, { limits: small });
      for (const { channel, batch, options } of run) {
        const appended = await log.append(channel, batch, options).catch(() => []);
        const beside = await openSqliteLog(directory, { readOnly: true });
        for (const { offset } of appended) expect(await beside.get(offset)).toBeDefined();
        expect(await beside.heads()).toEqual(await log.heads());
        await beside.close();
      }
      const before = await told(log);
      await log.close();
      log = await openSqliteLog(directory);
      expect(await told(log)).toEqual(before);
      await log.close();
    }),
    { numRuns: 8 },
  );
}, 120_000);
