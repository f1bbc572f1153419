import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type FixAcceptance,
  openFixAcceptance,
} from '../../certification/simulators/fix-acceptance/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { systemClock } from '../core/clock.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

const open: FixAcceptance[] = [];
afterEach(() => Promise.all(open.splice(0).map((acceptor) => acceptor.close())));

/** The address of an acceptor of ours. */
async function acceptor(): Promise<string> {
  const opened = await openFixAcceptance({ port: 0, clock: systemClock(), tell: () => undefined });
  open.push(opened);
  return `127.0.0.1:${opened.port}`;
}

const good = `iCONNECT
I8=FIX.4.4|35=A|34=1|49=TW|52=<TIME>|56=ISLD|98=0|108=30|
E8=FIX.4.4|9=61|35=A|34=1|49=ISLD|52=00000000-00:00:00.000|56=TW|98=0|108=30|10=0|
`;
const bad = good.replace('|108=30|10=0|', '|108=31|10=0|');

function pack(files: Readonly<Record<string, string>>): string {
  const folder = tempDirectory('cert');
  mkdirSync(join(folder, 'pack'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, 'pack', name), text.replaceAll('|', '\u0001'));
  return folder;
}

describe('cert run', () => {
  test('0 where everything passed', async () => {
    const directory = pack({ 'a.def': good, 'b.def': good });
    const { code, stdout, stderr } = await runCli(['cert', 'run', 'pack', '--target', await acceptor()], {
      directory,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ok {6}a {2}\d+ ms\nok {6}b {2}\d+ ms\n2 of 2 definitions passed at 127\.0\.0\.1:\d+, in [\d.]+ s\n$/,
    );
  });

  test('1 where something failed, with line, reason, expected and received', async () => {
    const directory = pack({ 'a.def': good, 'b.def': bad });
    const { code, stdout } = await runCli(['cert', 'run', 'pack', '--target', await acceptor()], {
      directory,
    });
    expect(code).toBe(1);
    expect(stdout).toContain('reason   Logon(A): HeartBtInt(108) is 30, expected 31 (CERT_DIFFERENT)');
    expect(stdout).toContain(`at       ${join(directory, 'pack', 'b.def')}:3`);
    expect(stdout).toMatch(
      / {2}expected 8=FIX\.4\.4\|.*\|108=31\|10=0\|\n {2}received 8=FIX\.4\.4\|.*\|108=30\|10=\d{3}\|\n/,
    );
    expect(stdout).toContain('1 of 2 definitions passed');
  });

  test('--json is a line for each, and the summary', async () => {
    const directory = pack({ 'a.def': good, 'b.def': bad });
    const args = ['cert', 'run', 'pack', '--json', '--target', await acceptor()];
    const lines = jsonLines((await runCli(args, { directory })).stdout);
    expect(lines.map((line) => [line['name'], line['verdict']])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
      [undefined, undefined],
    ]);
    expect(lines[2]).toMatchObject({
      summary: { passed: 1, failed: 1, profile: 'quickfix', role: 'connect' },
    });
  });

  test('--only plays what is named', async () => {
    const directory = pack({ 'a.def': good, 'b.def': bad });
    const args = ['cert', 'run', 'pack', '--only', 'a', '--target', await acceptor()];
    expect((await runCli(args, { directory })).code).toBe(0);
    expect((await runCli([...args.slice(0, 4), 'zzz', ...args.slice(5)], { directory })).code).toBe(2);
  });

  test('2 where a definition is wrong: every line is told, nothing is played', async () => {
    const directory = pack({ 'a.def': `${good}what\n`, 'b.def': 'iCONNECT\nwhat\n' });
    const { code, stdout, stderr } = await runCli(['cert', 'run', 'pack', '--target', '127.0.0.1:1'], {
      directory,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const place of ['a.def:4', 'b.def:2']) expect(stderr).toContain(join(directory, 'pack', place));
    expect(stderr).toContain('CERT_PACK');
  });

  test.each([
    ['no pack', ['nothing-there', '--target', '127.0.0.1:1'], 'CERT_PACK'],
    ['no address', ['pack'], 'CLI_USAGE'],
    ['two addresses', ['pack', '--target', '127.0.0.1:1', '--listen', '127.0.0.1:2'], 'CLI_USAGE'],
    ['definitions for an engine that listens', ['pack', '--listen', '127.0.0.1:0'], 'CLI_USAGE'],
    ['an address that is none', ['pack', '--target', 'somewhere'], 'CLI_USAGE'],
    ['a port that is none', ['pack', '--target', '127.0.0.1:70000'], 'CLI_USAGE'],
    ['a profile that is none', ['pack', '--target', '127.0.0.1:1', '--profile', 'x'], 'CLI_USAGE'],
    ['a time that is none', ['pack', '--target', '127.0.0.1:1', '--timeout', '0'], 'CLI_USAGE'],
    [
      'a report that cannot be written',
      ['pack', '--target', '127.0.0.1:1', '--report', 'gone/r.html'],
      'CLI_SYSTEM',
    ],
  ])('2: %s', async (_, args, known) => {
    const { code, stderr } = await runCli(['cert', 'run', ...args, '--json'], {
      directory: pack({ 'a.def': good }),
    });
    expect([code, JSON.parse(stderr).error.code]).toEqual([2, known]);
  });

  test('2 where a report is a directory, before anything is played', async () => {
    const directory = pack({ 'a.def': good });
    const args = ['cert', 'run', 'pack', '--target', '127.0.0.1:1', '--junit', 'pack'];
    const { code, stderr } = await runCli(args, { directory });
    expect([code, stderr]).toEqual([2, expect.stringContaining('a report is a file')]);
  });

  test('both addresses at once are called by their name', async () => {
    const args = ['cert', 'run', 'quickfixj-style', '--target', '127.0.0.1:1', '--listen', '127.0.0.1:2'];
    expect((await runCli(args)).stderr).toContain('--target and --listen do not go together');
  });

  test('a file that is no definition is not told line by line to its end', async () => {
    const directory = pack({ 'a.def': 'what\n'.repeat(60) });
    const { stderr } = await runCli(['cert', 'run', 'pack', '--target', '127.0.0.1:1'], { directory });
    expect(stderr.match(/error DEFINITION_/g)).toHaveLength(20);
    expect(stderr).toContain('and 41 more of this kind');
    expect(stderr).toContain('61 errors in the definitions');
  });

  test('a definition with bars, as an editor writes it, is played', async () => {
    const directory = pack({});
    writeFileSync(join(directory, 'pack', 'a.def'), good);
    const { code, stdout } = await runCli(['cert', 'run', 'pack', '--target', await acceptor()], {
      directory,
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 of 1 definitions passed')]);
  });

  test('warnings are of what is played, and of nothing else', async () => {
    const odd = good.replace('|9=61|', '|');
    const directory = pack({ 'a.def': good, 'b.def': odd, 'c.def': odd });
    const args = ['cert', 'run', 'pack', '--target', await acceptor(), '--only', 'a', 'b'];
    const { stderr } = await runCli(args, { directory });
    expect(stderr.match(/warning DEFINITION_LENGTH/g)).toHaveLength(1);
    expect(stderr).toContain('b.def:3');
  });

  test('what failed says what to do', async () => {
    const directory = pack({ 'b.def': bad });
    const { stdout } = await runCli(['cert', 'run', 'pack', '--target', await acceptor()], { directory });
    expect(stdout).toContain('\n  mend     Compare expected and received, field by field.\n');
  });

  test('where the engine has to connect to is said at once, a free port too', async () => {
    const args = ['cert', 'run', 'initiator', '--only', 'logon/Answered', '--timeout', '0.1'];
    const { code, stderr } = await runCli([...args, '--listen', '127.0.0.1:0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^waiting for the engine at 127\.0\.0\.1:[1-9]\d+\n$/);
  });

  test('3 where nobody knows the host, which is not for the engine to mend', async () => {
    const args = ['cert', 'run', 'pack', '--target', 'nowhere.invalid:1', '--timeout', '0.1'];
    const { code, stderr } = await runCli(args, { directory: pack({ 'a.def': good }) });
    expect([code, stderr]).toEqual([3, expect.stringContaining('how the name of the host is written')]);
  });

  test('3 where nobody answers', async () => {
    const args = ['cert', 'run', 'pack', '--target', '127.0.0.1:1', '--timeout', '0.1', '--json'];
    const { code, stderr } = await runCli(args, { directory: pack({ 'a.def': good }) });
    expect([code, JSON.parse(stderr).error.code]).toEqual([3, 'CERT_TARGET']);
  });

  test('writes its reports', async () => {
    const directory = pack({ 'a.def': good, 'b.def': bad });
    const args = [
      'cert',
      'run',
      'pack',
      '--target',
      await acceptor(),
      '--junit',
      'r.xml',
      '--report',
      'r.html',
    ];
    await runCli(args, { directory });
    expect(readFileSync(join(directory, 'r.xml'), 'utf8')).toContain('<testsuites tests="2" failures="1"');
    expect(readFileSync(join(directory, 'r.html'), 'utf8')).toContain('1 of 2 definitions passed');
  });

  test('a report of a part of a pack says of which part', async () => {
    const directory = pack({ 'a.def': good, 'b.def': good });
    const args = ['cert', 'run', 'pack', '--target', await acceptor(), '--report', 'r.html'];
    const html = async (...more: string[]): Promise<string> => {
      await runCli([...args, ...more], { directory });
      return readFileSync(join(directory, 'r.html'), 'utf8');
    };
    expect(await html('--only', 'a')).toContain('<dd>1 of the 2 definitions of the pack: --only a</dd>');
    expect(await html()).not.toContain('Played');
  });

  test('asks a program to set a session', async () => {
    const directory = pack({ 'a.def': `${good}iSET_SESSION FIX.4.4:ISLD->TW NEXTTARGETSEQNUM=5\n` });
    const program = join(directory, 'set.sh');
    writeFileSync(program, '#!/bin/sh\necho "$@" > "$(dirname "$0")/asked"\n');
    chmodSync(program, 0o755);
    const args = [
      'cert',
      'run',
      'pack',
      '--profile',
      'quickfixj',
      '--target',
      await acceptor(),
      '--set-session',
      'set.sh',
    ];
    expect((await runCli(args, { directory })).code).toBe(0);
    expect(readFileSync(join(directory, 'asked'), 'utf8')).toBe('FIX.4.4:ISLD->TW NEXTTARGETSEQNUM=5\n');
  });

  test('plays the pack that comes with it, by its name', async () => {
    const args = ['cert', 'run', 'quickfixj-style', '--target', await acceptor(), '--only', 'ref-tag/*'];
    const { code, stdout } = await runCli(args);
    expect(stdout).toContain('16 of 16 definitions passed');
    expect(code).toBe(0);
  });

  test('that is interrupted tells what was not played', async () => {
    const stop = new AbortController();
    const directory = pack({ 'a.def': good, 'b.def': good });
    const options = { directory, interrupted: stop.signal, onOutput: () => stop.abort() };
    const { code, stdout } = await runCli(['cert', 'run', 'pack', '--target', await acceptor()], options);
    expect(code).toBe(1);
    expect(stdout).toContain('the run was stopped (CERT_STOPPED)');
  });
});
