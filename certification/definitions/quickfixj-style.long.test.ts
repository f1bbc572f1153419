import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { FixSessionOptionsInput } from '../../adapters/fix/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Breakage, breakServer, valueIn, withValue } from '../../test/broken-server.ts';
import { openFixAcceptance } from '../simulators/fix-acceptance/index.ts';
import {
  type Definition,
  loadPack,
  type RunReport,
  runDefinitions,
  shippedPack,
  shippedPacks,
} from './index.ts';

const pack = shippedPack('quickfixj-style') ?? '';

type Settings = Partial<FixSessionOptionsInput>;

/** A server that is set, or broken on the way, so that a definition has to fail on it. */
interface Server {
  readonly settings?: Settings;
  readonly breakage?: Breakage;
}

/** By folder: our acceptor as the definitions ask for it, and set the other way. */
const folders: Readonly<Record<string, { readonly asked: Settings; readonly other: Settings }>> = {
  'ref-tag': { asked: {}, other: { enableRefTagId: false } },
  'last-processed': { asked: { lastMsgSeqNumProcessed: true }, other: { lastMsgSeqNumProcessed: false } },
  'next-expected': {
    asked: { nextExpectedMsgSeqNum: true, resetOnLogon: false },
    other: { nextExpectedMsgSeqNum: false, resetOnLogon: false },
  },
  chunks: { asked: { resendRequestChunkSize: 5 }, other: { resendRequestChunkSize: 0 } },
  garbled: { asked: { rejectGarbledMessage: true }, other: { rejectGarbledMessage: false } },
  checksum: { asked: { validateChecksum: false }, other: { validateChecksum: true } },
  nanoseconds: { asked: { timePrecision: 'nanoseconds' }, other: { timePrecision: 'milliseconds' } },
  plain: { asked: {}, other: { nextExpectedMsgSeqNum: true } },
};

/** Definitions that another server than their folder's has to fail. */
const others: Readonly<Record<string, Server>> = {
  'garbled/NoMessageAtAll': {
    settings: { rejectGarbledMessage: true },
    breakage: { hangsUpOn: /^this is no message/ },
  },
  'plain/NoLastProcessed': { settings: { lastMsgSeqNumProcessed: true } },
  'plain/GapInOneRequest': { settings: { resendRequestChunkSize: 5 } },
  'plain/GarbledIsPassedOver': { settings: { rejectGarbledMessage: true } },
  'plain/CompIdProblem': { settings: { checkCompId: false } },
  'plain/SendingTimeProblem': { settings: { checkLatency: false } },
  'plain/TooLow': {
    breakage: {
      says: (message) => [valueIn(message, 58) === '' ? message : withValue(message, 58, 'sequence')],
    },
  },
  'plain/PossDupOnce': {
    breakage: { says: (message) => (valueIn(message, 35) === 'D' ? [message, message] : [message]) },
  },
};

async function play(definitions: readonly Definition[], { settings, breakage }: Server): Promise<RunReport> {
  const acceptor = await openFixAcceptance({
    port: 0,
    clock: systemClock(),
    tell: () => undefined,
    ...(settings !== undefined && { settings }),
  });
  const line = await breakServer(acceptor.port, breakage ?? {});
  const connect = { host: '127.0.0.1', port: line.port };
  try {
    return await runDefinitions({ definitions, profile: 'quickfixj', connect, timeoutMs: 1_500 });
  } finally {
    await line.close();
    await acceptor.close();
  }
}

function definitionsOf(folder: string): readonly Definition[] {
  const { definitions, issues } = loadPack(join(pack, folder), 'quickfixj');
  expect(issues).toEqual([]);
  return definitions;
}

function failures({ results }: RunReport): readonly string[] {
  return results.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${name}:${failure.line}: ${failure.reason}`],
  );
}

describe('the pack quickfixj-style', () => {
  test('comes with the product, has forty definitions or more, and says what each folder asks for', () => {
    expect(shippedPacks()).toContain('quickfixj-style');
    expect(loadPack(pack, 'quickfixj').definitions.length).toBeGreaterThanOrEqual(40);
    const told = parse(readFileSync(join(pack, 'pack.yaml'), 'utf8')) as { readonly folders: object };
    const there = readdirSync(pack, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(told.folders).toSorted()).toEqual(there.map(({ name }) => name).toSorted());
    expect(Object.keys(folders).toSorted()).toEqual(there.map(({ name }) => name).toSorted());
  });

  test.each(Object.keys(folders))('%s: passes on an acceptor that is set as it asks', async (folder) => {
    const report = await play(definitionsOf(folder), { settings: folders[folder]?.asked ?? {} });
    expect(failures(report)).toEqual([]);
    expect(report.passed).toBeGreaterThan(3);
  });

  test.each(Object.keys(folders))('%s: each fails on one that is set the other way', async (folder) => {
    const special = (definition: Definition): Server | undefined => others[`${folder}/${definition.name}`];
    const all = definitionsOf(folder);
    const plain = await play(
      all.filter((definition) => special(definition) === undefined),
      { settings: folders[folder]?.other ?? {} },
    );
    const passed = plain.results.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name);
    for (const definition of all) {
      const server = special(definition);
      if (server === undefined) continue;
      const report = await play([definition], server);
      if (report.failed === 0) passed.push(definition.name);
    }
    expect(passed).toEqual([]);
  });
});
