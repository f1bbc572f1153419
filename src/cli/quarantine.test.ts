import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { records, sampleBytes, shippedLayout } from '../../codecs/records/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { landing } from '../gateway/testing/files.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';

const configuration = `version: 1
tenant: acme
data: data
firm: { name: Acme, profile: fully-disclosed }
channels:
  files:
    adapter: directory
    codec: records:clearing-positions
    perspective: clearer
    zone: America/New_York
    files: { key: '(?<key>.+)' }
    options: { path: in }
`;

const directory = tempDirectory('cli-quarantine', afterAll);

/** The good sample of the positions layout. */
function positions(): string {
  const { layout } = shippedLayout('clearing-positions') ?? {};
  const [good] = layout?.data.samples ?? [];
  if (layout === undefined || good === undefined) throw new Error('the layout is not there');
  return Buffer.from(sampleBytes(layout, good.lines)).toString('latin1');
}

beforeAll(async () => {
  writeFileSync(join(directory, 'clearport.yaml'), configuration);
  const { codec } = records.open('clearing-positions');
  if (codec === undefined) throw new Error('the codec is not there');
  const log = await openSqliteLog(join(directory, 'data'));
  const place = await landing(directory, { log, codec });
  const booked = positions();
  const settledOtherwise = booked.replace('+00000000000100050000', '+00000000000100060000');
  for (const text of [booked, settledOtherwise]) {
    place.drop('positions.txt', text);
    await place.look();
  }
  await log.close();
});

async function show(...more: readonly string[]): Promise<Spoken> {
  const [held] = jsonLines((await runCli(['quarantine', '--json'], { directory })).stdout);
  return runCli(['quarantine', 'show', String(held?.['offset']), ...more], { directory });
}

describe('quarantine show of a restatement', () => {
  test('says what it says otherwise than the booked file, accounts masked', async () => {
    const { code, stdout, stderr } = await show();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('FILE_RESTATED');
    const lines = stdout.split('\n');
    const at = lines.indexOf('  against the booked file: 1 changed, 0 added, 0 gone');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '    changed: record 2',
      expect.stringMatching(/^ {6}- POS\*{6}01 .*\+00000000000100050000.*USD *$/),
      expect.stringMatching(/^ {6}\+ POS\*{6}01 .*\+00000000000100060000.*USD *$/),
    ]);
    expect(stdout).not.toContain('7Q100001');
  });

  test('shows accounts where they are asked for, and with --json', async () => {
    expect((await show('--unmasked')).stdout).toMatch(/^ {6}- POS7Q100001 .*\+00000000000100050000/m);
    const [detail] = jsonLines((await show('--json')).stdout);
    expect(detail?.['difference']).toEqual({
      added: { count: 0, first: [] },
      gone: { count: 0, first: [] },
      changed: {
        count: 1,
        first: [
          {
            booked: { record: 2, shown: expect.stringMatching(/^POS\*{6}01/), bytes: expect.any(String) },
            restated: { record: 2, shown: expect.stringMatching(/^POS\*{6}01/), bytes: expect.any(String) },
          },
        ],
      },
    });
  });
});
