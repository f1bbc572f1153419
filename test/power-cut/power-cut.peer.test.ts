import { expect, test } from 'vitest';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { requirePeer } from '../support/peer.ts';
import { seedOfRun } from '../support/seed.ts';
import { loopMissing } from './image.ts';
import { type Durability, type PowerCut, powerCut } from './round.ts';

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
    const inFiles = cuts.map((cut) => cut.inFiles);
    process.stderr.write(
      `power cut: blocks in files ${inFiles.map((one) => `${one.blocks}/${one.files}`).join(' ')}\n`,
    );
    expect(
      cuts.filter((cut) => cut.lost > 0 || cut.broken !== undefined),
      `seed ${seed}`,
    ).toEqual([]);
    // Blocks stood in files when the power went, and new files had just been begun.
    expect(inFiles.filter(({ blocks }) => blocks > 0).length).toBeGreaterThan(20 / 2);
    expect(Math.max(...inFiles.map(({ files }) => files))).toBeGreaterThan(1);
  });

  test('a log that does not sync is caught losing entries', { timeout: 300_000 }, async () => {
    const { seed, cuts } = await powerCuts('off', 4);
    expect(cuts.filter((cut) => cut.lost > 0).length, `seed ${seed}`).toBeGreaterThan(0);
  });

  test('a log whose block files alone do not sync is caught', { timeout: 300_000 }, async () => {
    const { seed, cuts } = await powerCuts('files-off', 6);
    const caught = cuts.filter((cut) => cut.lost > 0 || cut.broken !== undefined);
    process.stderr.write(
      `power cut: without sync of block files, ${caught.length} of 6: ${caught[0]?.broken}\n`,
    );
    expect(caught.length, `seed ${seed}`).toBeGreaterThan(0);
  });
});

async function powerCuts(
  durability: Durability,
  rounds: number,
): Promise<{ seed: number; cuts: readonly PowerCut[] }> {
  const seed = seedOfRun();
  const random = seeded(seed);
  const cuts: PowerCut[] = [];
  for (let round = 0; round < rounds; round++) cuts.push(await powerCut(durability, random.below(600)));
  return { seed, cuts };
}
