import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Execution, reportOf } from '../../certification/simulators/clearing-firm/executions.ts';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { writeFix } from '../../codecs/fix/index.ts';
import { concatBytes, latin1Bytes } from '../../src/core/bytes.ts';
import type { Child } from '../support/child.ts';
import { writeConfiguration } from '../support/configuration.ts';
import { aimAtFiles, aimText, killAsAimed } from './aim.ts';
import { crashChannel } from './configuration.ts';
import { inBlockFiles, judge, messagesIn } from './judge.ts';
import type { Kill, MatrixOptions, MatrixOutcome } from './matrix.ts';
import { executionsOf, truthLine } from './truth.ts';

/**
 * The same for a gateway that reads FIX logs from a landing directory: new files arrive while it is killed, some of them
 * half read, some read and not yet archived. Every message of every file counts once, in order, and ends in the archive.
 */
export async function filesMatrix(options: MatrixOptions): Promise<MatrixOutcome> {
  const random = seeded(options.seed);
  const place = mkdtempSync(join(tmpdir(), 'clearport-files-'));
  const landing = join(place, 'landing');
  const archive = join(landing, 'archive');
  const data = join(place, 'data');
  mkdirSync(landing);
  const configuration = writeConfiguration(place, { [crashChannel]: channel }, { log: { level: 'info' } });
  const executions = executionsOf(options.seed, options.kills * options.reportsMax);
  const kills: Kill[] = [];
  const problems: string[] = [];
  let sent = 0;
  try {
    for (let round = 1; round <= options.kills && problems.length === 0; round++) {
      const end = sent + random.between(1, options.reportsMax);
      dropFile(place, round, executions.slice(sent, end), sent);
      sent = end;
      const aim = aimAtFiles(random);
      problems.push(...(await killAsAimed(options.start(configuration), aim, { data, archive })));
      const committed = await messagesIn(data);
      kills.push({
        aim: aimText(aim),
        sent,
        committed,
        inFlight: sent - committed,
        inFiles: inBlockFiles(data),
      });
    }
    if (problems.length === 0) {
      problems.push(...(await drained(options.start(configuration), landing)));
      const archived = readdirSync(archive).length;
      if (archived !== options.kills)
        problems.push(`${archived} of ${options.kills} files are in the archive`);
      problems.push(...(await judge(data, executions.slice(0, sent).map(truthLine))));
    }
    return { kills, reports: sent, resends: 0, unasked: 0, problems };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const channel = {
  adapter: 'directory',
  codec: 'fix',
  perspective: 'clearer',
  files: { framer: 'fix-log', pollMs: 20, settlePolls: 1 },
  options: { path: './landing', pattern: '*.log' },
};

/** Writes a FIX log beside the landing directory, and moves it in whole. */
function dropFile(place: string, number: number, executions: readonly Execution[], before: number): void {
  const lines = executions.map((execution, index) => {
    const header = [
      [35, '8'],
      [34, String(before + index + 1)],
      [49, 'FIRM'],
      [56, 'DESK'],
      [52, '20261112-14:30:00.000'],
    ] as const;
    const bytes = writeFix('FIX.4.4', [...header, ...reportOf(execution)]);
    return concatBytes([latin1Bytes('20261112-14:30:00.000 : '), bytes, latin1Bytes('\n')]);
  });
  const written = join(place, 'written.tmp');
  writeFileSync(written, concatBytes(lines));
  renameSync(written, join(place, 'landing', `${String(number).padStart(5, '0')}.log`));
}

/** Lets the last gateway run until the landing directory is empty, and asks it to stop. */
async function drained(gateway: Child, landing: string): Promise<string[]> {
  const waiting = (): number => readdirSync(landing).filter((name) => name.endsWith('.log')).length;
  const deadline = performance.now() + 60_000;
  // Asked before it listens for signals, it would end by the signal: there may be no file left for it.
  const up = (): boolean => gateway.stderr().includes('running');
  while ((waiting() > 0 || !up()) && performance.now() < deadline && gateway.process.exitCode === null)
    await sleep(50);
  const left = waiting();
  const { code } = await gateway.stop(10_000);
  const problems = left === 0 ? [] : [`${left} files still wait after the last start`];
  return code === 0 ? problems : [...problems, `the last stop ended with ${code}:\n${gateway.stderr()}`];
}
