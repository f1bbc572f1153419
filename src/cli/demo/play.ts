import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlantedCase } from '../../../certification/simulators/clearing-firm/index.ts';
import { systemCode } from '../../core/errors.ts';
import { demoConfiguration } from '../configurations.ts';
import { cliError } from '../context.ts';
import { type Child, type Line, startClearport } from './child.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly executions: number;
  readonly leaveOut: readonly PlantedCase[];
  /** Where everything of the demo is kept; absolute. */
  readonly directory: string;
}

/** What a played morning leaves behind. */
export interface Played {
  readonly directory: string;
  readonly configuration: string;
  readonly data: string;
  readonly port: number;
  /** How many reports the firm sent. */
  readonly sent: number;
  /** How many it had sent when the gateway was killed; undefined when it was not. */
  readonly killedAfter: number | undefined;
  /** Exit code of the gateway at the end. */
  readonly gatewayExit: number | string;
  readonly seconds: number;
}

const startMs = 15_000;
const playMs = 60_000;
/** Left by the demo, so that it only ever clears what is its own. */
const marker = 'demo.json';

/** Runs the simulated firm and the gateway as processes of their own, and kills the gateway once on the way. */
export async function play(options: DemoOptions, say: (line: string) => void): Promise<Played> {
  const began = performance.now();
  const directory = await freshDirectory(options);
  const configuration = join(directory, 'clearport.yaml');
  const firm = startFirm(options, directory);
  try {
    const port = await firm.next('listening', (line) => numberIn(line, 'listening', 'port'), startMs);
    await writeFile(configuration, demoConfiguration({ port, data: './data' }));
    say(`The simulated clearing firm listens on 127.0.0.1:${port} (process ${firm.pid}).`);
    const gateway = await startGateway(configuration, directory);
    say(`The gateway runs (process ${gateway.pid}).`);
    const rest = await playThrough(firm, gateway, () => startGateway(configuration, directory), say);
    await firm.end('SIGTERM');
    const seconds = (performance.now() - began) / 1000;
    return { directory, configuration, data: join(directory, 'data'), port, seconds, ...rest };
  } finally {
    await firm.end('SIGKILL');
  }
}

async function playThrough(
  firm: Child,
  first: Child,
  again: () => Promise<Child>,
  say: (line: string) => void,
): Promise<Pick<Played, 'sent' | 'killedAfter' | 'gatewayExit'>> {
  let gateway = first;
  let killedAfter: number | undefined;
  try {
    const next = await firm.next('the end of the morning', markOrEnd, playMs);
    if (next.mark) {
      killedAfter = next.sent;
      await gateway.end('SIGKILL');
      say(`After ${killedAfter} reports the gateway was killed (kill -9), with reports on their way.`);
      gateway = await again();
      say(`It was started again (process ${gateway.pid}).`);
    }
    const sent = next.mark ? (await firm.next('the end of the morning', end, playMs)).sent : next.sent;
    say(`The firm has sent ${sent} reports, and the gateway says that it keeps them all.`);
    return { sent, killedAfter, gatewayExit: await gateway.end('SIGTERM') };
  } finally {
    await gateway.end('SIGKILL');
  }
}

function startFirm(options: DemoOptions, directory: string): Child {
  const { seed, executions, leaveOut } = options;
  const numbers = ['--port', '0', '--seed', String(seed), '--executions', String(executions)];
  const without = leaveOut.length === 0 ? [] : ['--leave-out', ...leaveOut];
  return startClearport(
    ['sim', 'clearing-firm', '--json', ...numbers, ...without],
    join(directory, 'firm.log'),
  );
}

async function startGateway(configuration: string, directory: string): Promise<Child> {
  const gateway = startClearport(
    ['run', '--config', configuration, '--json'],
    join(directory, 'gateway.log'),
  );
  await gateway.next('ready', (line) => (line['ready'] === true ? true : undefined), startMs);
  return gateway;
}

function markOrEnd(line: Line): { readonly mark: boolean; readonly sent: number } | undefined {
  const sent = numberIn(line, 'mark', 'sent');
  return sent === undefined ? end(line) : { mark: true, sent };
}

function end(line: Line): { readonly mark: boolean; readonly sent: number } | undefined {
  const sent = numberIn(line, 'played', 'sent');
  return sent === undefined ? undefined : { mark: false, sent };
}

function numberIn(line: Line, news: string, member: string): number | undefined {
  const value = line['news'] === news ? line[member] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** An empty directory that is the demo's own: what an earlier demo left is cleared, what somebody else keeps is not. */
async function freshDirectory(options: DemoOptions): Promise<string> {
  // The gateway's control socket stands in the data directory, and the system allows 107 bytes for its path.
  const socketPath = join(options.directory, 'data', 'control.sock');
  const directory =
    Buffer.byteLength(socketPath) < 100 ? options.directory : join(tmpdir(), `clearport-demo-${process.pid}`);
  const state = await stateOf(directory);
  if (state === 'taken')
    throw cliError('CLI_FILE_EXISTS', 'the directory for the demo holds something that is not its own', {
      place: directory,
      remedy: 'name another one with --directory',
    });
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, marker),
    `${JSON.stringify({ seed: options.seed, executions: options.executions })}\n`,
  );
  return directory;
}

async function stateOf(directory: string): Promise<'free' | 'ours' | 'taken'> {
  try {
    await readFile(join(directory, marker));
    return 'ours';
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') return 'taken';
  }
  try {
    await readFile(directory);
    return 'taken';
  } catch (cause) {
    return systemCode(cause) === 'ENOENT' ? 'free' : 'taken';
  }
}
