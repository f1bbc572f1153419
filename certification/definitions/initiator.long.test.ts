import { afterEach, describe, expect, test } from 'vitest';
import { act, checks, type Ours, openOurs, standOf } from '../../test/initiator-ours.ts';
import { type Conversation, conversations, promptsBetween } from '../../test/initiator-pack.ts';
import { runDefinitions, type Step } from './index.ts';

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
    const prompts = prompter(conversation);
    const said: string[] = [];
    const report = await runDefinitions({
      definitions: [conversation.definition],
      profile: 'quickfix',
      listen: { host: '127.0.0.1', port: 0 },
      timeoutMs: 4_000,
      begin: async (_definition, { port }) => {
        standing = await openOurs(conversation, port);
      },
      before: prompts.before,
      end: async () => {
        for (const prompt of prompts.left())
          await expect.poll(() => standOf(ours(), prompt), { timeout: 4_000 }).toBe(prompt.words.join(' '));
      },
      tell: ({ failure }) =>
        void said.push(`line ${failure?.line}: ${failure?.reason} ${failure?.received ?? ''}`),
    });
    expect(report.passed, said.join('\n')).toBe(1);
  });

  test('and each fails where one number of theirs is another', { timeout: 120_000 }, async () => {
    const passed: string[] = [];
    for (const conversation of all.filter(
      ({ definition }) => !definition.name.startsWith('heartbeats/Silence'),
    )) {
      const { definition } = conversation;
      const last = definition.steps.findLast((step) => step.kind === 'expect');
      const steps = definition.steps.map((step) =>
        step === last && step.kind === 'expect'
          ? {
              ...step,
              body: step.body.replace(
                /(\u000134=\d*)(\d)\u0001/,
                (_all, head, digit) => `${head}${9 - digit}\u0001`,
              ),
            }
          : step,
      );
      const report = await runDefinitions({
        definitions: [{ ...definition, steps }],
        profile: 'quickfix',
        listen: { host: '127.0.0.1', port: 0 },
        timeoutMs: 1_000,
        begin: async (_definition, { port }) => {
          standing = await openOurs(conversation, port);
        },
        before: prompter(conversation).before,
        end: () => standing?.session.close('next').catch(() => undefined),
      });
      if (report.passed > 0) passed.push(definition.name);
    }
    expect(passed).toEqual([]);
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

/** Lets our side do what stands between two steps. What stands before the first was done when the session was opened. */
function prompter(conversation: Conversation) {
  let line = 0;
  return {
    before: async (step: Step): Promise<void> => {
      const due = promptsBetween(conversation, 'ours', line, step.line);
      if (line > 0) for (const prompt of due) await act(ours(), prompt);
      line = step.line;
    },
    left: () => promptsBetween(conversation, 'ours', line, Number.POSITIVE_INFINITY),
  };
}
