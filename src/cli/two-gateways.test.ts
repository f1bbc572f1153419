import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fix, writeFix } from '../../codecs/fix/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { NormalizeContext } from '../contract/codec.ts';
import type { EntryDraft } from '../contract/entry.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';

/**
 * One firm sends its drop copy over two active gateways: sessions of their own, sequence numbers of their own, and the same
 * executions under the same ExecID(17). Each message is an entry; which fact it tells is for the facts to say.
 */
let directory = '';

beforeAll(async () => {
  directory = tempDirectory('cli-two-gateways', afterAll);
  const log = await openSqliteLog(join(directory, 'data'));
  await log.append('gateway-a', [
    told('gateway-a', 2, 'EX-1', '25.10'),
    told('gateway-a', 3, 'EX-2', '25.20'),
  ]);
  await log.append('gateway-b', [
    told('gateway-b', 41, 'EX-1', '25.10'),
    told('gateway-b', 42, 'EX-2', '25.21'),
  ]);
  await log.close();
});

/** A fill as one gateway tells it. */
function told(channel: string, ordinal: number, id: string, price: string): EntryDraft {
  const bytes = writeFix('FIX.4.4', [
    [35, '8'],
    [49, channel === 'gateway-a' ? 'CDEGWA' : 'CDEGWB'],
    [56, 'BRKOPS'],
    [34, String(ordinal)],
    [52, '20261110-14:30:00.123'],
    [37, 'ORD-1'],
    [17, id],
    [150, 'F'],
    [39, '1'],
    [55, 'ACME'],
    [54, '1'],
    [38, '500'],
    [32, '100'],
    [31, price],
    [151, '400'],
    [14, '100'],
    [6, price],
    [75, '20261110'],
    [60, '20261110-14:30:00'],
  ]);
  const { message } = fix.decode({ bytes });
  if (message === undefined) throw new Error('no message');
  const origin = { scope: `${channel}/1/in`, ordinal };
  const receivedAt = 1_794_321_000_000_000 + ordinal;
  const context: NormalizeContext = {
    ...{ channel, origin, receivedAt, reportedBy: 'CDE', keyScope: 'cde-derivatives' },
    ...{ perspective: 'clearer', tenant: 'demo', direction: 'in', revision: 0, zone: 'America/Chicago' },
  };
  return {
    kind: 'message',
    direction: 'in',
    origin,
    receivedAt,
    bytes,
    digest: fix.digest(message),
    type: message.type,
    codec: { id: fix.id, version: fix.version, fingerprint: fix.fingerprint },
    events: fix.transcode?.(message, context) ?? [],
  };
}

function say(...argv: readonly string[]): Promise<Spoken> {
  return runCli([...argv, '--data', join(directory, 'data'), '--json'], { directory });
}

async function events(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await say('events', ...argv);
  return jsonLines(stdout).map((line) => {
    const event = line['event'] as { readonly channel: string; readonly type: string };
    return `${event.channel} ${event.type} ${line['standing']}`;
  });
}

describe('two gateways of one firm', () => {
  test('tell one fact twice: both tellings are kept and shown, and the second says what it repeats', async () => {
    expect((await events()).slice(0, 3)).toEqual([
      'gateway-a trade.executed first',
      'gateway-a trade.executed first',
      'gateway-b trade.repeated repeated',
    ]);
    const [repeated] = jsonLines((await say('events', '--standing', 'repeated')).stdout);
    expect(repeated?.['first']).toBe('gateway-a/gateway-a/1/in:2#trade@0');
  });

  test('that differ in what they say of one fact are a conflict for a person', async () => {
    expect(await events('--standing', 'conflict')).toEqual(['gateway-b trade.executed conflict']);
  });

  test('are both found by the execution', async () => {
    const found = jsonLines((await say('find', 'EX-1')).stdout);
    const text = JSON.stringify(found);
    expect([text.includes('gateway-a'), text.includes('gateway-b')]).toEqual([true, true]);
  });
});
