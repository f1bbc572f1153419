import { expect, test } from 'vitest';
import { playSoak } from '../../test/fix-soak/soak.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { recordFacts } from '../../test/support/facts.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { seedOfRun } from '../../test/support/seed.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Built, buildProgram } from './peer/build.ts';

/** A million messages against QuickFIX, half of them in each role of ours, about half of those each way. */
const seed = seedOfRun();
const messages = 500_000;
const rounds = 150;
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test.for([
    'initiator',
    'acceptor',
  ] as const)('as %s: 500,000 messages both ways through faults of both sides: nothing lost, nothing doubled', async (role, context) => {
    const program = 'program' in built ? built.program : '';
    const place = tempDirectory('soak');
    const outcome = await playSoak({
      program,
      spec: quickfixDictionaries(),
      place,
      seed,
      role,
      messages,
      rounds,
    });
    recordFacts(context, {
      seed: String(seed),
      messages,
      rounds,
      ...outcome.faults,
      'sent more than once': outcome.repeats,
      'torn off': outcome.tornOff,
      'given again by QuickFIX': outcome.givenAgain,
    });
    expect(outcome.problems, `seed ${seed}`).toEqual([]);
    expect(outcome.ours + outcome.theirs).toBe(messages);
  });
});
