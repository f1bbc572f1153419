import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initiatorChannel, writeConfiguration } from '../../test/support/configuration.ts';
import { runGatewayChild } from '../../test/support/running-gateway.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';
import { reports } from './testing/messages.ts';

function place(): string {
  const directory = tempDirectory('cli-send');
  mkdirSync(join(directory, 'out'));
  const options = { path: 'out' };
  writeConfiguration(directory, {
    out: { adapter: 'directory', codec: 'fix', direction: 'out', perspective: 'ours', options },
    orders: { ...(initiatorChannel(9) as object), direction: 'both' },
  });
  writeFileSync(join(directory, 'good.fix'), Buffer.concat(reports(2)));
  writeFileSync(join(directory, 'bad.fix'), Buffer.concat(reports(2)).subarray(0, -20));
  return directory;
}

const why = ['--reason', 'asked for by the desk', '--by', 'ann'];

test('a file and a message go out once through the running gateway', async () => {
  const directory = place();
  const gateway = await runGatewayChild(join(directory, 'clearport.yaml'));
  const cli = (...argv: readonly string[]) => runCli(['send', ...argv, ...why, '--json'], { directory });

  const first = await cli('out', '--file', 'good.fix', '--name', 'orders.fix', '--key', 'K1');
  expect(first.code, first.stderr).toBe(0);
  expect(jsonLines(first.stdout)).toEqual([
    { channel: 'out', key: 'K1', outcome: 'accepted', repeated: false, reference: 'orders.fix' },
  ]);
  expect(readFileSync(join(directory, 'out/orders.fix'))).toEqual(readFileSync(join(directory, 'good.fix')));
  const again = await cli('out', '--file', 'good.fix', '--name', 'orders.fix', '--key', 'K1');
  expect(jsonLines(again.stdout)).toMatchObject([{ outcome: 'accepted', repeated: true }]);

  const wrong = await cli('out', '--file', 'bad.fix');
  expect(wrong.code).toBe(2);
  expect(jsonLines(wrong.stderr)).toMatchObject([{ error: { code: 'OUTBOX_REFUSED' } }]);
  const taken = await cli('out', '--file', 'bad.fix', '--as-is', '--name', 'orders.fix');
  expect(taken.code).toBe(1);
  expect(jsonLines(taken.stdout)).toMatchObject([{ outcome: 'rejected' }]);
  expect(readdirSync(join(directory, 'out'))).toEqual(['orders.fix']);

  const said = await cli('orders', '--type', 'AD', '--data', '[[568,"R1"],[569,"0"]]');
  expect(jsonLines(said.stdout)).toMatchObject([{ channel: 'orders', outcome: 'sent', reference: '1' }]);
  const entries = await gateway.entries();
  expect(
    entries.filter(({ kind }) => kind === 'command').map(({ by, reason }) => `${by}: ${reason}`),
  ).toEqual(Array(3).fill('ann: asked for by the desk'));

  expect(await gateway.child.stop()).toBeDefined();
  const quiet = await cli('orders', '--type', 'AD', '--data', '[[568,"R2"],[569,"0"]]');
  expect(quiet.code).toBe(2);
  expect(jsonLines(quiet.stderr)).toMatchObject([{ error: { code: 'GATEWAY_NOT_RUNNING' } }]);
});

test.each([
  [['--file', 'good.fix'], 'a reason is missing'],
  [['--reason', 'why'], 'there is nothing to send, or two things'],
  [['--reason', 'why', '--file', 'good.fix', '--type', 'AD'], 'there is nothing to send, or two things'],
  [['--reason', 'why', '--type', 'AD', '--data', '{'], '--data is no JSON'],
])('%j is no way to send', async (argv, message) => {
  const { code, stderr } = await runCli(['send', 'out', ...argv, '--json'], { directory: place() });
  expect(code).toBe(2);
  expect(stderr).toContain(argv.includes('--reason') ? message : 'reason');
});
