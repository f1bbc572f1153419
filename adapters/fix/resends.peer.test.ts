import { expect, test } from 'vitest';
import { playResend } from '../../test/fix-soak/resends.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Built, buildProgram } from './peer/build.ts';

/** What the soak does with a million missed messages, with 20,000. */
const messages = 20_000;
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test.each([
    'by us',
    'by them',
  ] as const)('messages that were missed %s come, in a heap that does not hold them', {
    timeout: 120_000,
  }, async (missed) => {
    const outcome = await playResend({
      program: 'program' in built ? built.program : '',
      spec: quickfixDictionaries(),
      place: tempDirectory('resends'),
      missed,
      messages,
      live: 3_000,
      session: { resendRequestChunkSize: 1_000 },
      limits: { fixHeldFramesMax: 500 },
      heapMib: 96,
    });
    process.stderr.write(`resend, missed ${missed}: ${JSON.stringify(outcome)}\n`);
    expect(outcome.problems).toEqual([]);
    expect(outcome.answered).toBeGreaterThan(0);
    // QuickFIX asks for everything at once, and once; we ask chunk by chunk, and again for what was let go above the gap.
    if (missed === 'by them') expect(outcome.requests).toBeLessThan(10);
    else {
      expect(outcome.requests).toBeGreaterThanOrEqual(messages / 1_000);
      expect(outcome.requests).toBeLessThan((2 * (messages + 3_000)) / 1_000);
      expect(outcome.letGo).toBe(true);
    }
  });
});
