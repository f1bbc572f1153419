import { describe, expect, test } from 'vitest';
import { type Built, buildPeer } from '../../adapters/fix/peer/quickfix.ts';
import { requirePeer } from '../support/peer.ts';
import { seedOfRun } from '../support/seed.ts';
import { filesMatrix } from './files-matrix.ts';
import { mutantGateway, realGateway } from './gateways.ts';
import { crashMatrix, type Kill, type MatrixOutcome } from './matrix.ts';
import type { MutantName } from './mutants.ts';
import { quickfixMatrix } from './quickfix-matrix.ts';

/**
 * SIGKILL at random points, most of them with input in flight. What counts is what the counterparty sent, not what the
 * gateway says that it got.
 */
const seed = seedOfRun();
const inCi = { seed, kills: 50, reportsMax: 600 };

describe(`a gateway that is killed at random points (seed ${seed})`, () => {
  test('has every event once, in order, after 30 kills on one data directory', {
    timeout: 300_000,
  }, async () => {
    // Enough at a time that a kill finds some of it on its way, however quick the gateway is.
    const outcome = await crashMatrix({ ...inCi, kills: 30, reportsMax: 1_500, start: realGateway });
    say(outcome);
    expect(outcome.problems).toEqual([]);
    expect(outcome.reports).toBeGreaterThan(2_000);
    expect(outcome.unasked).toBeGreaterThan(0);
    expect(outcome.kills).toHaveLength(30);
    expect(outcome.kills.filter((kill) => kill.inFlight > 0).length).toBeGreaterThan(30 / 2);
    // The kills are spread over the work, and do not all hit before the first commit.
    expect(new Set(outcome.kills.map((kill) => kill.committed)).size).toBeGreaterThan(5);
    // Blocks stood in files, and some kills came between the write of one and its commit.
    expect(outcome.kills.at(-1)?.inFiles.blocks).toBeGreaterThan(0);
    expect(outcome.kills.some(({ inFiles }) => inFiles.unnamed > 0)).toBe(true);
  });

  test('has them on six new data directories, killed once each', { timeout: 300_000 }, async () => {
    for (let round = 1; round <= 6; round++) {
      const outcome = await crashMatrix({
        seed: seed + round,
        kills: 1,
        reportsMax: 600,
        start: realGateway,
      });
      expect(outcome.problems, `seed ${seed + round}`).toEqual([]);
    }
  });
});

describe(`a gateway that reads files and is killed at random points (seed ${seed})`, () => {
  test('has every event once, in order, after 12 kills', { timeout: 300_000 }, async () => {
    const outcome = await filesMatrix({ seed, kills: 12, reportsMax: 1_500, start: realGateway });
    say(outcome);
    expect(outcome.problems).toEqual([]);
    expect(outcome.kills.filter((kill) => kill.inFlight > 0).length).toBeGreaterThan(12 / 2);
    expect(outcome.kills.at(-1)?.inFiles.blocks).toBeGreaterThan(0);
  });
});

let peer: Built | undefined;
const quickfix = (): string | undefined => {
  peer = buildPeer();
  return 'missing' in peer ? peer.missing : undefined;
};

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test('has every message once, in order, after 14 kills', { timeout: 300_000 }, async () => {
    const program = peer !== undefined && 'program' in peer ? peer.program : '';
    const outcome = await quickfixMatrix(program, {
      ...inCi,
      kills: 14,
      reportsMax: 1_500,
      start: realGateway,
    });
    say(outcome);
    expect(outcome.problems).toEqual([]);
    expect(outcome.kills.filter((kill) => kill.inFlight > 0).length).toBeGreaterThan(14 / 2);
    expect(outcome.kills.at(-1)?.inFiles.blocks).toBeGreaterThan(0);
  });
});

describe('the matrix itself', () => {
  test('finds nothing wrong with the runner that the mutants run in', { timeout: 300_000 }, async () => {
    const outcome = await crashMatrix({ ...inCi, kills: 5, start: mutantGateway('none') });
    expect(outcome.problems).toEqual([]);
  });

  test.each<MutantName>(['accept-before-commit', 'position-apart', 'no-deduplication'])('catches %s', {
    timeout: 300_000,
  }, async (mutant) => {
    const outcome = await crashMatrix({ ...inCi, start: mutantGateway(mutant) });
    process.stderr.write(`${mutant}: after ${outcome.kills.length} kills: ${outcome.problems[0]}\n`);
    expect(outcome.problems).not.toEqual([]);
  });
});

function say({ kills, reports, resends, unasked }: MatrixOutcome): void {
  const inFlight = kills.filter((kill: Kill) => kill.inFlight > 0);
  process.stderr.write(
    `crash matrix: seed ${seed}, ${kills.length} kills, ${inFlight.length} with input in flight ` +
      `(up to ${Math.max(...kills.map((kill) => kill.inFlight))} messages), ${reports} reports, ` +
      `${resends} resends, ${unasked} messages repeated unasked, ${kills.at(-1)?.inFiles.blocks} blocks in files ` +
      `(${kills.filter(({ inFiles }) => inFiles.unnamed > 0).length} times with more behind them)\n`,
  );
}
