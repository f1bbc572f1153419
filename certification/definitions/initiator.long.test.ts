import { afterEach, describe, expect, test } from 'vitest';
import { act, checks, type Ours, openOurs, standOf } from '../../test/initiator-ours.ts';
import { conversations, promptsBetween } from '../../test/initiator-pack.ts';
import { runDefinitions } from './index.ts';

/** Our initiator, as each conversation has it. The acceptor is the runner. */
const all = conversations();
let standing: Ours | undefined;

afterEach(async () => {
  await standing?.session.close('test over').catch(() => undefined);
  standing = undefined;
});

describe('our initiator says what the definitions say', () => {
  test('there are enough of them, and most are played to QuickFIX as well', () => {
    expect(all.length).toBeGreaterThanOrEqual(40);
    expect(all.filter(({ alone }) => alone === undefined).length).toBeGreaterThan(all.length / 2);
  });

  test.each(all.map((one) => [one.definition.name, one] as const))('%s', async (_name, conversation) => {
    let line = 0;
    const said: string[] = [];
    const report = await runDefinitions({
      definitions: [conversation.definition],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      timeoutMs: 4_000,
      begin: async (_definition, { port }) => {
        standing = await openOurs(conversation, port);
      },
      before: async (step) => {
        const due = promptsBetween(conversation, 'ours', line, step.line);
        if (line > 0) for (const prompt of due) await act(ours(), prompt);
        line = step.line;
      },
      end: async () => {
        for (const prompt of promptsBetween(conversation, 'ours', line, Number.POSITIVE_INFINITY))
          await expect.poll(() => standOf(ours(), prompt), { timeout: 4_000 }).toBe(prompt.words.join(' '));
      },
      tell: ({ failure }) =>
        void said.push(`line ${failure?.line}: ${failure?.reason} ${failure?.received ?? ''}`),
    });
    expect(report.passed, said.join('\n')).toBe(1);
  });

  test('each of them has something to be checked in the end', () => {
    const unchecked = all.filter(({ prompts }) => !prompts.some(({ words }) => checks.has(words[0] ?? '')));
    expect(unchecked.map(({ definition }) => definition.name)).toEqual(['heartbeats/Silence']);
  });
});

function ours(): Ours {
  if (standing === undefined) throw new Error('no session');
  return standing;
}
