import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf } from '../../certification/simulators/clearing-firm/executions.ts';
import { type Seeded, seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import type { Child } from '../support/child.ts';
import { writeCrashConfiguration } from './configuration.ts';
import { type Firm, startFirm } from './firm.ts';
import { committedIn, judge } from './judge.ts';
import { openTap, type Tap } from './tap.ts';
import { executionsOf, truthLine } from './truth.ts';

export interface MatrixOptions {
  readonly seed: number;
  readonly kills: number;
  /** Most reports that a round adds; the mean is half of it. */
  readonly reportsMax: number;
  /** Starts a gateway on a configuration: the real one, or a mutant. */
  start(configuration: string): Child;
}

/** One SIGKILL: where it was aimed, and what it found. `inFlight` are messages that were sent and not yet committed. */
export interface Kill {
  readonly aim: string;
  readonly sent: number;
  readonly committed: number;
  readonly inFlight: number;
}

export interface MatrixOutcome {
  readonly kills: readonly Kill[];
  readonly reports: number;
  readonly resends: number;
  readonly unasked: number;
  /** Everything that was not as promised, in the order in which it was seen. Empty: the gateway kept its word. */
  readonly problems: readonly string[];
}

/**
 * One session and one data directory through many SIGKILLs while a firm sends as fast as it can; then a last start, and
 * the log is compared with what the firm really sent.
 */
export async function crashMatrix(options: MatrixOptions): Promise<MatrixOutcome> {
  const random = seeded(options.seed);
  const place = mkdtempSync(join(tmpdir(), 'clearport-crash-'));
  const executions = executionsOf(options.seed, options.kills * options.reportsMax);
  const firm = await startFirm({ reports: executions.map(reportOf), random, us: 'FIRM', them: 'DESK' });
  const tap = await openTap(firm.port);
  const configuration = writeCrashConfiguration(place, tap.port);
  const data = join(place, 'data');
  const kills: Kill[] = [];
  const problems: string[] = [];
  try {
    for (let round = 0; round < options.kills && problems.length === 0; round++) {
      firm.allow(random.between(1, options.reportsMax));
      const backlog = firm.sentTo - (kills.at(-1)?.committed ?? 0) + options.reportsMax / 2;
      const aim = aimOf(random, backlog * bytesPerReport);
      await killed(options.start(configuration), tap, aim);
      const committed = await committedIn(data);
      kills.push({ aim: aimText(aim), sent: firm.sentTo, committed, inFlight: firm.sentTo - committed });
      if (committed < firm.spokenFor) {
        problems.push(`said that it had ${firm.spokenFor}, and has ${committed} (after ${aimText(aim)})`);
      }
    }
    if (problems.length === 0) problems.push(...(await drained(options.start(configuration), firm, data)));
    const sent = executions.slice(0, firm.told);
    problems.push(...firm.wrongs, ...(await judge(data, sent.map(truthLine))));
    return { kills, reports: sent.length, resends: firm.resends, unasked: firm.unasked, problems };
  } finally {
    await tap.close();
    await firm.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** An execution report of the simulated firm, header and trailer included; enough to aim by. */
const bytesPerReport = 420;

/** A kill at a byte, at a byte and a moment later, or at a moment after the start. */
type Aim =
  | { readonly at: 'byte'; readonly bytes: number }
  | { readonly at: 'byte-and-later'; readonly bytes: number; readonly ms: number }
  | { readonly at: 'moment'; readonly ms: number };

function aimOf(random: Seeded, bytesMax: number): Aim {
  const bytes = 1 + random.below(Math.max(1, Math.floor(bytesMax)));
  const kind = random.below(10);
  if (kind < 4) return { at: 'byte', bytes };
  if (kind < 9) return { at: 'byte-and-later', bytes, ms: random.below(40) };
  return { at: 'moment', ms: random.below(600) };
}

function aimText(aim: Aim): string {
  if (aim.at === 'moment') return `${aim.ms} ms after the start`;
  return aim.at === 'byte' ? `byte ${aim.bytes}` : `${aim.ms} ms after byte ${aim.bytes}`;
}

/** Kills a gateway as aimed; where there are not so many bytes, once nothing comes any more. */
async function killed(gateway: Child, tap: Tap, aim: Aim): Promise<void> {
  const kill = (): void => gateway.signal('SIGKILL');
  const late = setTimeout(kill, aim.at === 'moment' ? aim.ms : 3_000);
  if (aim.at === 'byte') tap.after(aim.bytes, true, kill);
  if (aim.at === 'byte-and-later') tap.after(aim.bytes, false, () => setTimeout(kill, aim.ms));
  const { code } = await gateway.ended;
  clearTimeout(late);
  if (code !== null) throw new Error(`the gateway ended by itself (${code}):\n${gateway.stderr()}`);
}

/** Lets the last gateway run until it has everything, and asks it to stop. */
async function drained(gateway: Child, firm: Firm, data: string): Promise<string[]> {
  const deadline = performance.now() + 60_000;
  const reached = async (): Promise<boolean> => firm.idle && (await committedIn(data)) >= firm.sentTo;
  while (!(await reached()) && performance.now() < deadline && gateway.process.exitCode === null) {
    await sleep(100);
  }
  const all = await reached();
  const { code } = await gateway.stop(10_000);
  const problems = all ? [] : [`after the last start it has ${await committedIn(data)} of ${firm.sentTo}`];
  return code === 0 ? problems : [...problems, `the last stop ended with ${code}:\n${gateway.stderr()}`];
}
