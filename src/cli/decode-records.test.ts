import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { layoutNames } from '../../codecs/records/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

function file(bytes: Uint8Array, name: string): string {
  const path = join(tempDirectory('cli-records'), name);
  writeFileSync(path, bytes);
  return path;
}

describe('record files', () => {
  const sample = (name: string): Uint8Array =>
    readFileSync(new URL(`../../codecs/records/samples/${name}.txt`, import.meta.url));

  test.each(layoutNames)('of layout %s are known by their header', async (name) => {
    const { code, stdout } = await runCli(['decode', '--json', '-'], { input: sample(`${name}/good`) });
    const lines = jsonLines(stdout);
    expect(code).toBe(0);
    expect(new Set(lines.map((line) => line['format']))).toEqual(new Set([`records:${name}`]));
    expect(lines.at(-1)).toMatchObject({ type: 'TRL', events: [{ type: 'snapshot.closed' }] });
  });

  test('are judged as a whole behind their records', async () => {
    const wrong = { input: sample('clearing-positions/one-cent-out') };
    const { code, stdout } = await runCli(['decode', '-'], wrong);
    expect(code).toBe(1);
    expect(stdout).toMatch(/file {2}POSITIONS\/2026-11-10\/EOD\/01 .* refused\n.*\n.*error RECORDS_TOTAL: /);
    const json = await runCli(['decode', '--json', '-'], wrong);
    expect({ code: json.code, lines: jsonLines(json.stdout).length }).toEqual({ code: 1, lines: 5 });
    expect(json.stderr).toContain('RECORDS_TOTAL: TRL in line 5');
  });

  test('show no account in full, unless they are asked to', async () => {
    const input = sample('clearing-cash/good');
    const masked = await runCli(['decode', '-'], { input });
    expect(masked.stdout).toMatch(/2 account +\*{6}01/);
    expect(masked.stdout).not.toContain('7Q100001');
    expect((await runCli(['decode', '--unmasked', '-'], { input })).stdout).toContain('7Q100001');
  });

  test('are read by a layout of the user', async () => {
    const shipped = fileURLToPath(
      new URL('../../codecs/records/layouts/clearing-cash.yaml', import.meta.url),
    );
    const mine = readFileSync(shipped, 'utf8').replace('layout: clearing-cash', 'layout: my-cash');
    const path = file(Buffer.from(mine), 'mine.yaml');
    const input = sample('clearing-cash/good');
    const { code, stdout } = await runCli(['decode', '--json', '--format', `records:${path}`, '-'], {
      input,
    });
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ format: 'records:my-cash', type: 'HDR' });
    const again = await runCli(['rewrite', '--format', `records:${path}`, '-'], { input });
    expect(Buffer.from(again.stdout, 'latin1').equals(input)).toBe(true);
  });

  test.each([
    ['records:no-such-layout', 'LAYOUT_UNKNOWN'],
    ['records:./none.yaml', 'ENOENT'],
  ])('are not read by %s', async (format, said) => {
    const { code, stderr } = await runCli(['decode', '--format', format, '-'], { input: 'HDR\n' });
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  test('are not read by a layout that is wrong, and its place is told', async () => {
    const path = file(Buffer.from('layout: mine\nversion: 1\nrecordz: {}\n'), 'wrong.yaml');
    const { code, stderr } = await runCli(['decode', '--json', '--format', `records:${path}`, '-'], {
      input: 'HDR\n',
    });
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'LAYOUT_UNUSABLE', place: `${path}:3:1` } });
  });
});

describe('layout check', () => {
  test('finds nothing in what comes with the product', async () => {
    const { code, stdout } = await runCli(['layout', 'check', '--json', ...layoutNames]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(layoutNames.length);
    for (const line of jsonLines(stdout)) expect(line).toMatchObject({ ok: true, samples: 2, findings: [] });
  });

  test('tells place, cause and remedy, and ends with 1', async () => {
    const shipped = new URL('../../codecs/records/layouts/clearing-positions.yaml', import.meta.url);
    const text = readFileSync(shipped, 'utf8').replace('from: 17, to: 25', 'from: 16, to: 25');
    const path = file(Buffer.from(text), 'overlap.yaml');
    const { code, stdout } = await runCli(['layout', 'check', path]);
    const line = text.slice(0, text.indexOf('from: 16, to: 25')).split('\n').length;
    expect(code).toBe(1);
    expect(stdout).toContain('error LAYOUT_OVERLAP: cols 16-25 cusip overlaps col 16 accountType');
    expect(stdout).toContain(`${path}:${line}:`);
    expect(stdout).toMatch(/mend +Compare both/);
    expect(jsonLines((await runCli(['layout', 'check', '--json', path])).stdout)).toMatchObject([
      { ok: false, findings: [{ code: 'LAYOUT_OVERLAP', at: { line } }] },
    ]);
  });

  test('tells what is only doubtful, and ends with 0: the layout can be used', async () => {
    const shipped = new URL('../../codecs/records/layouts/clearing-positions.yaml', import.meta.url);
    const text = readFileSync(shipped, 'utf8').replaceAll(
      'snapshot: $file.key\n          completeness',
      'completeness',
    );
    const path = file(Buffer.from(text), 'no-snapshot.yaml');
    const { code, stdout } = await runCli(['layout', 'check', path]);
    expect(code, stdout).toBe(0);
    expect(stdout.match(/^warning LAYOUT_SNAPSHOT: "\S+-date" of POS names no snapshot/gm)).toHaveLength(2);
    expect(stdout).toMatch(/mend +Add `snapshot: \$file\.key`/);
    expect(stdout).toMatch(/^ok +\S+no-snapshot\.yaml/m);
  });

  test('of a name that is none ends with 2', async () => {
    expect(await runCli(['layout', 'check', 'nothing'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LAYOUT_UNUSABLE'),
    });
  });
});
