import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QuickfixPeer } from '../../adapters/fix/peer/quickfix.ts';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import type { Child } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { aimAtSession, aimText, killAsAimed } from './aim.ts';
import { writeCrashConfiguration } from './configuration.ts';
import { inBlockFiles, judgeBusiness, messagesIn } from './judge.ts';
import { bytesPerReport, type Kill, type MatrixOptions, type MatrixOutcome } from './matrix.ts';
import { openTap } from './tap.ts';

/**
 * The same against QuickFIX as the counterparty: it keeps its own numbers and its own store, resends as it sees fit, and
 * writes down what it sent.
 */
export async function quickfixMatrix(program: string, options: MatrixOptions): Promise<MatrixOutcome> {
  const random = seeded(options.seed);
  const place = mkdtempSync(join(tmpdir(), 'clearport-crash-quickfix-'));
  const port = await freePort();
  const peer = new QuickfixPeer({
    program,
    role: 'acceptor',
    port,
    beginString: 'FIX.4.4',
    folder: join(place, 'peer'),
    seed: options.seed,
  });
  await peer.said('ready');
  const tap = await openTap(port);
  const configuration = writeCrashConfiguration(place, tap.port, 'OPS');
  const data = join(place, 'data');
  const kills: Kill[] = [];
  const problems: string[] = [];
  let sent = 0;
  try {
    for (let round = 0; round < options.kills && problems.length === 0; round++) {
      const more = random.between(1, options.reportsMax);
      const backlog = sent - (kills.at(-1)?.committed ?? 0) + more / 2;
      const aim = aimAtSession(random, backlog * bytesPerReport);
      const gateway = options.start(configuration);
      sent += more;
      peer.tell(`send ${more}`);
      problems.push(...(await killAsAimed(gateway, aim, { data, tap })));
      await peer.said(`sent ${sent}`);
      const committed = await messagesIn(data, ['8', 'AE']);
      kills.push({
        aim: aimText(aim),
        sent,
        committed,
        inFlight: sent - committed,
        inFiles: inBlockFiles(data),
      });
    }
    if (problems.length === 0) {
      problems.push(...(await drained(options.start(configuration), data, sent)));
      problems.push(...(await judgeBusiness(data, peer.truth())));
    }
    return { kills, reports: sent, resends: 0, unasked: 0, problems };
  } finally {
    await tap.close();
    await peer.quit();
    rmSync(place, { recursive: true, force: true });
  }
}

async function drained(gateway: Child, data: string, sent: number): Promise<string[]> {
  const deadline = performance.now() + 60_000;
  const have = (): Promise<number> => messagesIn(data, ['8', 'AE']);
  await gateway.waitFor(/session up/);
  while ((await have()) < sent && performance.now() < deadline && gateway.process.exitCode === null) {
    await sleep(200);
  }
  const last = await have();
  const { code } = await gateway.stop(10_000);
  const problems = last === sent ? [] : [`after the last start it has ${last} of ${sent}`];
  return code === 0 ? problems : [...problems, `the last stop ended with ${code}:\n${gateway.stderr()}`];
}
