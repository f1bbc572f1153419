import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickfixDictionaries, quickfixSource } from './quickfix-source.ts';
import { type Child, type ChildEnd, runChild, startChild } from './support/child.ts';
import { freePort } from './support/free-port.ts';

/** The folders of QuickFIX's acceptance pack, and how many definitions each has. Source: Debian's quickfix 1.15.1. */
export const acceptanceSets = {
  fix40: 56,
  fix41: 56,
  fix42: 58,
  fix43: 58,
  fix44: 59,
  fix50: 60,
  fix50sp1: 60,
  fix50sp2: 60,
} as const;

export type AcceptanceSet = keyof typeof acceptanceSets;

/** The folder of a set's definitions. */
export function acceptanceDefinitions(set: AcceptanceSet | 'future'): string {
  return join(quickfixSource(), 'test', 'definitions', 'server', set);
}

/**
 * QuickFIX's own acceptance server, compiled of its sources against the installed library, once a machine: the program's path.
 * Throws where it cannot be.
 */
export function buildAcceptanceServer(): string {
  const shim = new URL('./loopback-bind.c', import.meta.url);
  const sources = ['at.cpp', 'at_application.h', 'getopt-repl.h'].map((name) =>
    join(quickfixSource(), 'src', name),
  );
  const key = hash('sha256', [shim, ...sources].map((file) => readFileSync(file, 'utf8')).join('')).slice(
    0,
    16,
  );
  const program = join(tmpdir(), `clearport-quickfix-at-${process.getuid?.() ?? 0}-${key}`);
  if (existsSync(program)) return program;
  const place = mkdtempSync(join(tmpdir(), 'clearport-quickfix-at-'));
  try {
    for (const name of ['at.cpp', 'at_application.h', 'getopt-repl.h'])
      copyFileSync(join(quickfixSource(), 'src', name), join(place, name));
    copyFileSync(shim, join(place, 'bind.c'));
    // What its own build would have found out about the machine; nothing of it is asked for here.
    writeFileSync(join(place, 'config.h'), '');
    const run = (command: string, ...args: string[]): void => {
      execFileSync(command, args, { cwd: place, stdio: 'pipe', timeout: 240_000 });
    };
    run('gcc', '-c', '-O1', 'bind.c', '-o', 'bind.o');
    run(
      'g++',
      '-O1',
      '-std=c++14',
      '-w',
      '-I.',
      '-I/usr/include/quickfix',
      'at.cpp',
      'bind.o',
      '-o',
      'at',
      '-lquickfix',
      '-lpthread',
      '-ldl',
    );
    renameSync(join(place, 'at'), program);
    return program;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

export interface AcceptanceServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it on a free port of loopback, in a folder of its own, with the sessions that its own set-up has. */
export async function startAcceptanceServer(folder: string): Promise<AcceptanceServer> {
  const port = await freePort();
  const home = mkdtempSync(join(folder, 'at-'));
  mkdirSync(join(home, 'store'));
  writeFileSync(join(home, 'at.cfg'), settings(port));
  const child = startChild(buildAcceptanceServer(), ['-f', 'at.cfg'], { cwd: home });
  await listens(port, child);
  return { port, stop: async () => void (await child.stop()) };
}

/** Source: test/setup.sh of QuickFIX 1.15.1. */
function settings(port: number): string {
  const spec = quickfixDictionaries();
  const old = ['0', '1', '2', '3', '4'].map(
    (minor) => `[SESSION]\nBeginString=FIX.4.${minor}\nDataDictionary=${spec}/FIX4${minor}.xml\n`,
  );
  return `[DEFAULT]
ConnectionType=acceptor
SocketAcceptPort=${port}
SocketReuseAddress=Y
StartTime=${farHour()}
EndTime=${farHour()}
SenderCompID=ISLD
TargetCompID=TW
ResetOnLogon=Y
FileStorePath=store
${old.join('')}[SESSION]
BeginString=FIXT.1.1
DefaultApplVerID=FIX.5.0
TransportDataDictionary=${spec}/FIXT11.xml
AppDataDictionary=${spec}/FIX50.xml
AppDataDictionary.FIX.5.0SP1=${spec}/FIX50SP1.xml
AppDataDictionary.FIX.5.0SP2=${spec}/FIX50SP2.xml
`;
}

/** A session of all day ends once, with a Logout(5): half a day from now, whatever the hour is. */
function farHour(): string {
  const hour = (new Date().getUTCHours() + 12) % 24;
  return `${String(hour).padStart(2, '0')}:00:00`;
}

/** It says nothing when it is ready, so it is asked. */
async function listens(port: number, child: Child): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    if (await answers(port)) return;
    if (child.process.exitCode !== null || performance.now() > until)
      throw new Error(`QuickFIX's acceptance server does not listen: ${child.stdout()}${child.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** A copy of the folder of the Ruby runner, which reads its patterns from where it stands. */
export function rubyRunner(folder: string): string {
  const place = mkdtempSync(join(folder, 'ruby-'));
  const test = join(quickfixSource(), 'test');
  for (const name of ['Comparator', 'FixParser', 'Reflector', 'ReflectorClient', 'Runner'])
    copyFileSync(join(test, `${name}.rb`), join(place, `${name}.rb`));
  cpSync(join(test, 'definitions', 'fields.fmt'), join(place, 'definitions', 'fields.fmt'));
  return place;
}

/** What the Ruby runner says of one definition; one that it never ends with counts as failed, as it has no time limits of its own. */
export async function rubyVerdict(
  runner: string,
  port: number,
  file: string,
  timeoutMs: number,
): Promise<{ readonly verdict: 'passed' | 'failed'; readonly said: string }> {
  const child = startChild('ruby', ['-I.', 'Runner.rb', '127.0.0.1', String(port), file], { cwd: runner });
  const late = setTimeout(() => child.signal('SIGKILL'), timeoutMs);
  const end: ChildEnd = await child.ended;
  clearTimeout(late);
  const passed = end.code === 0 && /result='success'/.test(child.stdout());
  return { verdict: passed ? 'passed' : 'failed', said: child.stdout() + child.stderr() };
}

/** What the classes of the Ruby runner answer to questions, see `ruby-runner.rb`. */
export async function askRuby(runner: string, questions: readonly string[]): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('./ruby-runner.rb', import.meta.url));
  const end = await runChild('ruby', ['-I.', script], { cwd: runner, input: `${questions.join('\n')}\n` });
  if (end.code !== 0) throw new Error(`ruby ended with ${end.code}: ${end.stderr}`);
  return end.stdout.trimEnd().split('\n');
}
