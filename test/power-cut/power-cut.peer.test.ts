import { expect, test } from 'vitest';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { requirePeer } from '../support/peer.ts';
import { seedOfRun } from '../support/seed.ts';
import { loopMissing } from './image.ts';
import { type PowerCut, powerCut } from './round.ts';

/**
 * A SIGKILL cannot show a missing sync: the kernel still holds what was written. So the disk itself is copied while the
 * writer stands still, which is what a power cut leaves of it.
 */
requirePeer('a power cut on a loop device', loopMissing, () => {
  test('no acknowledged entry is lost in 20 rounds', { timeout: 300_000 }, async () => {
    const { seed, cuts } = await powerCuts('full', 20);
    const acknowledged = cuts.map((cut) => cut.acknowledged);
    process.stderr.write(`power cut: seed ${seed}, acknowledged ${acknowledged.join(' ')}\n`);
    expect(Math.min(...acknowledged)).toBeGreaterThan(0);
    expect(
      cuts.filter((cut) => cut.lost > 0 || cut.broken !== undefined),
      `seed ${seed}`,
    ).toEqual([]);
  });

  test('a log that does not sync is caught losing entries', { timeout: 300_000 }, async () => {
    const { seed, cuts } = await powerCuts('off', 4);
    expect(cuts.filter((cut) => cut.lost > 0).length, `seed ${seed}`).toBeGreaterThan(0);
  });
});

async function powerCuts(
  durability: 'full' | 'off',
  rounds: number,
): Promise<{ seed: number; cuts: readonly PowerCut[] }> {
  const seed = seedOfRun();
  const random = seeded(seed);
  const cuts: PowerCut[] = [];
  for (let round = 0; round < rounds; round++) cuts.push(await powerCut(durability, random.below(600)));
  return { seed, cuts };
}
