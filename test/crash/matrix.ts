import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf } from '../../certification/simulators/clearing-firm/executions.ts';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import type { Child } from '../support/child.ts';
import { aimAtSession, aimText, killAsAimed } from './aim.ts';
import { writeCrashConfiguration } from './configuration.ts';
import { type Firm, startFirm } from './firm.ts';
import { committedIn, doubledIn, type InFiles, inBlockFiles, judge } from './judge.ts';
import { openTap } from './tap.ts';
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
  readonly inFiles: InFiles;
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
      const aim = aimAtSession(random, backlog * bytesPerReport);
      problems.push(...(await killAsAimed(options.start(configuration), aim, { data, tap })));
      const committed = await committedIn(data);
      kills.push({
        aim: aimText(aim),
        sent: firm.sentTo,
        committed,
        inFlight: firm.sentTo - committed,
        inFiles: inBlockFiles(data),
      });
      if (committed < firm.spokenFor) {
        problems.push(`said that it had ${firm.spokenFor}, and has ${committed} (after ${aimText(aim)})`);
      }
      if (firm.wrongs.length > 0) break;
      if (round % 10 === 9) problems.push(...(await doubledIn(data)));
    }
    problems.push(...firm.wrongs);
    if (problems.length === 0) {
      problems.push(...(await drained(options.start(configuration), firm, data)), ...firm.wrongs);
      problems.push(...(await judge(data, executions.slice(0, firm.told).map(truthLine))));
    }
    return { kills, reports: firm.told, resends: firm.resends, unasked: firm.unasked, problems };
  } finally {
    await tap.close();
    await firm.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** An execution report of the simulated firm, header and trailer included; enough to aim by. */
export const bytesPerReport = 420;

/** Lets the last gateway run until it has everything, and asks it to stop. */
async function drained(gateway: Child, firm: Firm, data: string): Promise<string[]> {
  const deadline = performance.now() + 60_000;
  const reached = async (): Promise<boolean> =>
    firm.loggedOn && firm.idle && (await committedIn(data)) >= firm.sentTo;
  // Its own word first: a connection of the one that was killed may still look open from here.
  const up = await gateway.waitFor(/session up/).then(
    () => [],
    (why: unknown) => [String(why)],
  );
  while (!(await reached()) && performance.now() < deadline && gateway.process.exitCode === null) {
    await sleep(100);
  }
  const all = await reached();
  const { code } = await gateway.stop(10_000);
  const problems = all
    ? up
    : [
        ...up,
        `after the last start it has ${await committedIn(data)} of ${firm.sentTo}:\n${gateway.stderr()}`,
      ];
  return code === 0 ? problems : [...problems, `the last stop ended with ${code}:\n${gateway.stderr()}`];
}
