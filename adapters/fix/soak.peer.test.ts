import { expect, test } from 'vitest';
import { faults, playSoak } from '../../test/fix-soak/soak.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { seedOfRun } from '../../test/support/seed.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Built, buildProgram } from './peer/build.ts';

/** What the soak does a million times, 50,000 times. */
const seed = seedOfRun();
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test.each([
    'initiator',
    'acceptor',
  ] as const)(`as %s: 25,000 messages both ways through faults of both sides (seed ${seed})`, {
    timeout: 200_000,
  }, async (role) => {
    const program = 'program' in built ? built.program : '';
    const spec = quickfixDictionaries();
    const place = tempDirectory('soak');
    const outcome = await playSoak({
      program,
      spec,
      place,
      seed,
      role,
      messages: 25_000,
      rounds: faults.length,
    });
    process.stderr.write(
      `soak as ${role}: seed ${seed}, ${JSON.stringify({ ...outcome, problems: outcome.problems.length })}\n`,
    );
    expect(outcome.problems, `seed ${seed}`).toEqual([]);
    expect(outcome.ours + outcome.theirs).toBe(25_000);
  });
});
