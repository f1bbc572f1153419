import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChild } from './support/child.ts';
import { tempDirectory } from './support/temp-directory.ts';
import { root } from './support/vitest-run.ts';

/** What somebody gets who installs the package: built, packed, installed beside nothing else, and used. */
describe('the package', () => {
  const place = tempDirectory('pack', afterAll);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly exports: Readonly<Record<string, unknown>>;
  };

  beforeAll(async () => {
    const packed = await npm(['pack', '--pack-destination', place], root);
    expect(packed.code, packed.stderr).toBe(0);
    const file = join(place, `clearport-${manifest.version}.tgz`);
    const init = await npm(['init', '-y'], place);
    expect(init.code, init.stderr).toBe(0);
    const installed = await npm(['install', '--no-audit', '--no-fund', '--omit=dev', file], place);
    expect(installed.code, installed.stderr).toBe(0);
  });

  test.each(
    Object.keys(manifest.exports).filter((path) => path !== './package.json'),
  )('gives %s to whoever imports it', async (path) => {
    const script = `import * as room from 'clearport${path.slice(1)}'; console.log(Object.keys(room).length)`;
    const end = await node(['--input-type=module', '-e', script]);
    expect(end.stderr.replace(/.*ExperimentalWarning: SQLite.*\n.*\n/, '')).toBe('');
    // A doorplate of types alone gives nothing at run time; every other one must give something.
    expect(Number(end.stdout)).toBeGreaterThan(path === './contract' ? -1 : 0);
  });

  test('runs the example of its README', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const message = '8=FIX.4.4|9=5|35=0|10=163|'.replaceAll('|', '\\u0001');
    const script = `const bytes = Buffer.from('${message}');\n${example}`;
    const end = await node(['--input-type=module', '-e', script]);
    expect(end.stderr).toBe('');
    expect(end.stdout).toContain('Heartbeat');
  });

  test('brings a command that says its version', async () => {
    const end = await node(['node_modules/.bin/clearport', '--version']);
    expect({ ...end, stdout: end.stdout.trim() }).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringContaining(manifest.version),
      stderr: '',
    });
  });

  test('leaves its tests out, and takes layouts and schemas along', () => {
    const files = readdirSync(join(place, 'node_modules', 'clearport'), { recursive: true }).map(String);
    expect(files.filter((file) => /\.test\.|(?:^|\/)(?:test|testing|samples)\//.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/codecs/fix/tables/standard.json',
        'dist/codecs/records/layouts/clearing-positions.yaml',
        'dist/certification/packs/quickfixj-style/pack.yaml',
        'dist/certification/packs/quickfixj-style/chunks/GapFillPastChunk.def',
        'docs/schema/clearport.schema.json',
        'docs/schema/fix-dialect.schema.json',
        'docs/schema/layout.schema.json',
        'docs/fix-dictionaries.md',
        'docs/records.md',
      ]),
    );
  });

  test('has every version of FIX', async () => {
    for (const version of ['FIX.4.0', 'FIX.5.0SP2', 'FIXT.1.1']) {
      const end = await node(['node_modules/.bin/clearport', 'dictionary', 'show', version, 'MsgType']);
      expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
      expect(end.stdout).toContain('Heartbeat');
    }
  });

  test('has the layouts that it names', async () => {
    const names = ['clearing-positions', 'clearing-cash', 'clearing-activity', 'nscc-settlement'];
    const end = await node(['node_modules/.bin/clearport', 'layout', 'check', ...names]);
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
    expect(end.stdout.match(/^ok /gm)).toHaveLength(names.length);
  });

  test('is built with a command that can be run where it stands, as npx in a checkout does', () => {
    expect(statSync(join(root, 'dist/src/cli/bin.js')).mode & 0o111).toBe(0o111);
  });

  test('decodes a message', async () => {
    const message = '8=FIX.4.4|9=5|35=0|10=163|'.replaceAll('|', '\u0001');
    const end = await node(['node_modules/.bin/clearport', 'decode', '--json', '-'], message);
    expect(end.stderr).toBe('');
    expect(JSON.parse(end.stdout.split('\n')[0] ?? '')).toMatchObject({
      format: 'fix',
      type: '0',
      offset: 0,
    });
  });

  test('holds no tests and nothing of the workshop', async () => {
    const listed = await runChild('tar', ['-tzf', join(place, `clearport-${manifest.version}.tgz`)]);
    const files = listed.stdout.trim().split('\n');
    expect(files).toContain('package/README.md');
    expect(files).toContain('package/LICENSE');
    expect(files.filter((file) => /\.test\.|\/test\/|node_modules/.test(file))).toEqual([]);
  });

  const node = (args: readonly string[], input?: string) =>
    runChild(process.execPath, args, { cwd: place, ...(input !== undefined && { input }) });
  const npm = (args: readonly string[], cwd: string) => runChild('npm', args, { cwd });
});
