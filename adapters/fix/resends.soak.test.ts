import { expect, test } from 'vitest';
import { playResend } from '../../test/fix-soak/resends.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { recordFacts } from '../../test/support/facts.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Built, buildProgram } from './peer/build.ts';

/** A million messages that one side missed; what is said of them takes 400 MB and more, and our process may keep 256 MiB. */
const messages = 1_000_000;
/** More than are held above a gap: some are let go, and asked for again. */
const live = 15_000;
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test.for([
    'by us',
    'by them',
  ] as const)('1,000,000 messages that were missed %s come, and memory does not grow with them', async (missed, context) => {
    const program = 'program' in built ? built.program : '';
    const play = (count: number) =>
      playResend({
        program,
        spec: quickfixDictionaries(),
        place: tempDirectory('resends'),
        missed,
        messages: count,
        live,
        session: { resendRequestChunkSize: 2_500 },
        heapMib: 256,
      });
    const few = await play(messages / 5);
    const many = await play(messages);
    recordFacts(context, {
      messages,
      'peak MiB at a fifth': few.peakMib,
      'peak MiB': many.peakMib,
      seconds: Math.round(many.seconds),
      'requests of who missed them': many.requests,
      'TestRequests answered meanwhile': many.answered,
      'slowest answer, ms': many.slowestMs,
    });
    expect([...few.problems, ...many.problems]).toEqual([]);
    expect(many.peakMib).toBeLessThan(few.peakMib * 1.2 + 32);
  });
});
