import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { GatewayError } from '../core/errors.ts';
import { gatewayIssues, loadConfiguration } from '../gateway/index.ts';
import { demo } from './demo/demo.ts';
import { cliIssues } from './issues.ts';
import { spoken } from './main.ts';
import { runCli, terminalOf } from './testing/in-process.ts';

describe('the command line', () => {
  test('alone says the three first things to do', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ {2}clearport .*$/gm)).toHaveLength(3);
  });

  test.each([
    [['decod', 'x'], "unknown command 'decod'", 'Did you mean decode?'],
    [['decode', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['find'], "missing required argument 'key'", expect.any(String)],
    [['quarantine', 'x'], expect.stringContaining('too many arguments'), expect.any(String)],
    [['events', '--from', 'x'], expect.stringContaining('must be a whole number'), expect.any(String)],
    [
      ['sessions', 'reset', 'a'],
      expect.stringContaining("'--reason <text>' not specified"),
      expect.any(String),
    ],
  ])('wrong usage %j is code 2 with a mend, and JSON where that was asked for', async (argv, message, remedy) => {
    const { code, stdout, stderr } = await runCli([...argv, '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'CLI_USAGE', message, remedy, retryable: false, exitCode: 2 },
    });
    expect((await runCli(argv)).stderr).toMatch(/^error CLI_USAGE: /);
  });

  test.each([
    [['help', 'nope'], 'there is no command "nope"', cliIssues.CLI_USAGE.remedy],
    [['help', 'brakes'], 'there is no command "brakes"', 'Did you mean "breaks"?'],
    [['help', 'breaks', 'shwo'], 'there is no command "breaks shwo"', 'Did you mean "breaks show"?'],
    [['layout'], "missing required argument 'layouts'", 'Read `clearport help layout`.'],
    [['breaks', 'show'], "missing required argument 'break'", 'Read `clearport help breaks show`.'],
  ])('%j says what is wrong, and where to read on', async (argv, message, remedy) => {
    const { code, stdout, stderr } = await runCli([...argv, '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CLI_USAGE', message, remedy } });
  });

  test.each(['dictionary', 'cert'])('"%s" alone says what it needs', async (name) => {
    const { code, stdout, stderr } = await runCli([name]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`CLI_USAGE: "${name}" needs one of: .*\\b(?:show|run)\\b`));
    expect(stderr).toContain(`clearport help ${name}`);
  });

  test('help of a command under another one is its own', async () => {
    const { code, stdout } = await runCli(['help', 'breaks', 'show']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: clearport breaks show /);
    expect((await runCli(['breaks', 'show', '--help'])).stdout).toBe(stdout);
  });

  test('help is no failure, and lists only what is there', async () => {
    const { code, stdout } = await runCli(['help']);
    expect(code).toBe(0);
    for (const name of [
      'decode',
      'quarantine',
      'restore',
      'sim',
      'send',
      'book',
      'recon',
      'breaks',
      'layout',
      'cert',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    for (const name of ['doctor']) expect(stdout).not.toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect((await runCli(['help', 'decode'])).stdout).toContain('--format <format>');
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('colours only on a terminal, and never where NO_COLOR is set', async () => {
    const colour = '\u001b[';
    expect((await runCli([])).stdout).not.toContain(colour);
    expect((await runCli([], { columns: 100 })).stdout).toContain(colour);
    expect((await runCli([], { columns: 100, env: { NO_COLOR: '1' } })).stdout).not.toContain(colour);
  });
});

describe('init', () => {
  test.each([
    [['init']],
    [['init', 'demo']],
  ])('%j writes a configuration that check accepts', async (argv) => {
    const directory = tempDirectory('cli-init');
    expect((await runCli(argv, { directory })).code).toBe(0);
    const text = readFileSync(join(directory, 'clearport.yaml'), 'utf8');
    const schema = /\$schema=(\S+)/.exec(text)?.[1] ?? '';
    expect(JSON.parse(readFileSync(join(directory, schema), 'utf8'))).toMatchObject({ type: 'object' });
    const { code, stdout } = await runCli(['check', '--json'], { directory });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, channels: ['clearer-dropcopy'], findings: [] });
  });

  test('demo keeps its log where no demonstration clears it', async () => {
    const directory = tempDirectory('cli-init');
    await runCli(['init', 'demo'], { directory });
    const { data } = await loadConfiguration(join(directory, 'clearport.yaml'), {});
    const help: Buffer[] = [];
    await demo(['--help'], terminalOf({ directory }, help));
    const cleared = /everything is kept\s+\(default:\s+"([^"]+)"\)/.exec(Buffer.concat(help).toString())?.[1];
    expect(relative(directory, data)).toBe('.clearport/morning');
    expect(cleared).toBe('.clearport/demo');
  });

  test('never writes over a file', async () => {
    const directory = tempDirectory('cli-init');
    const path = join(directory, 'clearport.yaml');
    writeFileSync(path, 'mine');
    expect(await runCli(['init'], { directory })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CLI_FILE_EXISTS[\s\S]*clearport\.yaml/),
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(existsSync(join(directory, 'data'))).toBe(false);
  });
});

describe('check', () => {
  test('tells every finding with line, column and mend, and ends with 2', async () => {
    const directory = tempDirectory('cli-check');
    writeFileSync(join(directory, 'clearport.yaml'), 'version: 1\ntenant: demo\nchanels: {}\n');
    const { code, stdout } = await runCli(['check'], { directory });
    expect(code).toBe(2);
    expect(stdout).toMatch(/CONFIG_UNKNOWN_KEY: [\s\S]*clearport\.yaml:3:1/);
    const json = JSON.parse((await runCli(['check', '--json'], { directory })).stdout);
    expect(json.findings.length).toBeGreaterThan(0);
  });

  test('what init leaves commented out works too', async () => {
    const directory = tempDirectory('cli-check');
    await runCli(['init'], { directory });
    const path = join(directory, 'clearport.yaml');
    const text = readFileSync(path, 'utf8');
    const from = text.indexOf('  # order-system-logs:');
    expect(from).toBeGreaterThan(0);
    writeFileSync(path, text.slice(0, from) + text.slice(from).replace(/^ {2}# /gm, '  '));
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'sec1', format: 'pem' },
    });
    writeFileSync(join(directory, 'gateway-key'), privateKey, { mode: 0o600 });
    const { stdout } = await runCli(['check', '--json'], { directory });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      channels: ['clearer-dropcopy', 'order-system-logs', 'positions', 'settlement-status'],
    });
  });

  test('a wrong configuration stops every command, and no secret is told with it', async () => {
    const directory = tempDirectory('cli-check');
    const secret = 'canary-of-the-command-line';
    const wrong = 'version: 1\ntenant: demo\nchanels: {}\nchannels:\n  a:\n    adapter: fix\n';
    writeFileSync(join(directory, 'clearport.yaml'), `${wrong}    options: { password: ${secret} }\n`);
    const { code, stderr } = await runCli(['sessions', '--json'], { directory });
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error.findings.length).toBeGreaterThan(1);
    const human = (await runCli(['sessions'], { directory })).stderr;
    expect(human).toMatch(/more +\d+ more in the configuration: clearport check/);
    expect(stderr + human).not.toContain(secret);
  });

  test('a configuration that is not there is said with its place', async () => {
    const directory = tempDirectory('cli-check');
    expect(await runCli(['check'], { directory })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CONFIG_NOT_FOUND[\s\S]*clearport\.yaml/),
    });
  });
});

describe('sim', () => {
  test.each([
    'clearing-firm',
    'fix-acceptance',
  ])('%s says its port in its first line, and ends when it is told to', async (name) => {
    const told = new AbortController();
    const { code, stdout, stderr } = await runCli(['sim', name, '--port', '0', '--json'], {
      interrupted: told.signal,
      onOutput: () => told.abort(),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ news: 'listening', port: expect.any(Number) });
  });

  test.each([
    [['sim', 'nobody'], 'known: clearing-firm, fix-acceptance'],
    [['sim', 'clearing-firm', '--executions', '10'], 'use 200 or more'],
    [['sim', 'clearing-firm', '--leave-out', 'all'], 'CLI_USAGE'],
    [['sim', 'fix-acceptance', '--port', '99999'], 'It must be 65535 or less.'],
  ])('%j is wrong usage', async (argv, mend) => {
    const { code, stderr } = await runCli(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(mend);
  });
});

test('an error that was thrown without its mend has the one of its table', async () => {
  const stderr: Buffer[] = [];
  const code = await spoken([], terminalOf({}, [], stderr), () => {
    throw new GatewayError('CHANNEL_RETRYING', 'the channel is not open yet');
  });
  expect(code).toBe(3);
  expect(Buffer.concat(stderr).toString()).toContain(`  mend   ${gatewayIssues.CHANNEL_RETRYING.remedy}\n`);
});

test('a port that another process has is told with what to do', async () => {
  const { port, close } = await occupied();
  const { code, stderr } = await runCli(['sim', 'fix-acceptance', '--port', String(port)]);
  close();
  expect([code, stderr]).toEqual([3, expect.stringContaining('Another process has the port')]);
});

async function occupied(): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => void server.close(),
  };
}

describe('without a log', () => {
  test.each([
    ['events'],
    ['entries'],
    ['verify'],
    ['find', 'x'],
  ])('%s says that there is none', async (...argv) => {
    const directory = tempDirectory('cli-empty');
    const { code, stdout, stderr } = await runCli([...argv, '--data', 'nothing', '--json'], { directory });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'LOG_MISSING' } });
  });
});
