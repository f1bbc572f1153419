import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Built, buildProgram } from '../../adapters/fix/peer/build.ts';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { act, type Ours, openOurs, standOf } from '../../test/initiator-ours.ts';
import {
  type Conversation,
  conversations,
  optionsOf,
  type Prompt,
  promptsBetween,
} from '../../test/initiator-pack.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { freePort } from '../../test/support/free-port.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { runDefinitions } from './index.ts';

/**
 * The initiator's definitions and QuickFIX C++ as the acceptor. Mirrored, each definition says what our initiator says, and QuickFIX has to
 * answer what the definition says, to the byte: so the acceptor that our initiator is held to is the real one. Then the two engines
 * talk to each other, and have to end where the definition says.
 */
const played = conversations().filter(({ alone }) => alone === undefined);
const place = tempDirectory('initiator-peer', afterAll);
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};
let peer: SettingsPeer | undefined;
let ours: Ours | undefined;
let folders = 0;

afterEach(async () => {
  await ours?.session.close('test over').catch(() => undefined);
  await peer?.kill();
  [ours, peer] = [undefined, undefined];
});

async function startPeer(conversation: Conversation, port: number): Promise<SettingsPeer> {
  const text = conversation.definition.steps.find((step) => step.kind === 'expect');
  const beginString = /^8=([^\u0001]+)/.exec(text?.kind === 'expect' ? text.body : '')?.[1] ?? '';
  const settings = peerSettings({ role: 'acceptor', port, beginString, spec: quickfixDictionaries() });
  const folder = join(place, String(++folders));
  const program = 'program' in built ? built.program : '';
  const all = { ...settings, ...optionsOf(conversation, 'theirs') };
  const started = new SettingsPeer({ program, folder, settings: all });
  peer = started;
  await started.said('ready');
  return started;
}

/**
 * Tells the peer what a prompt says; when this resolves, its application has done it. What is said before its engine knows that it
 * is logged on would wait in its store.
 */
async function tell(
  theirs: SettingsPeer,
  { definition }: Conversation,
  { words, line }: Prompt,
): Promise<void> {
  if (words[0] === 'option' || isCheck(words)) return;
  const answers = definition.steps.filter(
    (step) => step.kind === 'send' && step.line < line && step.body.includes('\u000135=A\u0001'),
  );
  const logons = (): number => theirs.lines.filter((said) => said === 'logon').length;
  await expect.poll(logons, { timeout: 4_000 }).toBeGreaterThanOrEqual(answers.length);
  theirs.tell(words.join(' '));
  await theirs.numbers();
}

function isCheck([word, , second]: readonly string[]): boolean {
  return word === 'heard' || word === 'got' || (word === 'numbers' && second !== undefined);
}

async function expectTheirs(theirs: SettingsPeer, { words }: Prompt): Promise<void> {
  const [word, ...rest] = words;
  if (word === 'numbers') {
    const numbers = async (): Promise<string> => {
      const { out, in: expected } = await theirs.numbers();
      return `${out} ${expected}`;
    };
    await expect.poll(numbers, { timeout: 4_000 }).toBe(rest.join(' '));
  }
  if (word === 'heard') {
    await expect
      .poll(() => theirs.heard().filter((line) => !line.startsWith('#')).length, { timeout: 4_000 })
      .toBe(Number(rest[0]));
  }
  if (word === 'got') await theirs.said(`got ${rest[0]} ${rest[1]}`, 0, 4_000);
}

requirePeer('QuickFIX as the acceptor', quickfix, () => {
  describe('says what the definitions say that an acceptor says', () => {
    test.each(played.map((one) => [one.definition.name, one] as const))('%s', async (_name, conversation) => {
      const port = await freePort();
      const theirs = await startPeer(conversation, port);
      const said: string[] = [];
      let line = 0;
      const report = await runDefinitions({
        definitions: [conversation.mirrored],
        profile: 'quickfix',
        connect: { host: '127.0.0.1', port },
        timeoutMs: 4_000,
        before: async (step) => {
          for (const prompt of promptsBetween(conversation, 'theirs', line, step.line))
            await tell(theirs, conversation, prompt);
          line = step.line;
        },
        tell: ({ failure }) =>
          void said.push(`line ${failure?.line}: ${failure?.reason} ${failure?.received ?? ''}`),
      });
      expect(report.passed, said.join('\n')).toBe(1);
      for (const prompt of promptsBetween(conversation, 'theirs', line, Number.POSITIVE_INFINITY))
        await expectTheirs(theirs, prompt);
    });
  });

  describe('talks with our initiator, and both end where the definitions say', () => {
    test.each(played.map((one) => [one.definition.name, one] as const))('%s', async (_name, conversation) => {
      const port = await freePort();
      const theirs = await startPeer(conversation, port);
      const first = conversation.definition.steps[0]?.line ?? 0;
      for (const prompt of promptsBetween(conversation, 'theirs', 0, first))
        await tell(theirs, conversation, prompt);
      const standing = await openOurs(conversation, port);
      ours = standing;
      const { prompts } = conversation;
      for (const prompt of prompts.filter(({ line, words }) => line > first && !isEnd(words))) {
        await reached(conversation, standing, prompt.line);
        if (prompt.whose === 'ours') await act(standing, prompt);
        else await tell(theirs, conversation, prompt);
      }
      await reached(conversation, standing, Number.POSITIVE_INFINITY);
      for (const prompt of prompts.filter(({ words }) => isEnd(words))) {
        if (prompt.whose === 'theirs') await expectTheirs(theirs, prompt);
        else
          await expect.poll(() => standOf(standing, prompt), { timeout: 4_000 }).toBe(prompt.words.join(' '));
      }
    });
  });
});

const endings = new Set(['numbers', 'held', 'trouble', 'received', 'heard', 'got']);

function isEnd([word = '']: readonly string[]): boolean {
  return endings.has(word);
}

/** Waits until as many messages went over the line as the definition has before one of its lines; what came again is a repeat. */
async function reached({ definition }: Conversation, { store }: Ours, line: number): Promise<void> {
  const steps = definition.steps.filter((step) => step.kind === 'expect' || step.kind === 'send');
  const wanted = steps.filter((step) => step.line < line).length;
  const talk = new Set(['message', 'quarantine', 'conflict']);
  const went = (): number => store.frames.filter(({ kind }) => talk.has(kind)).length + store.repeats;
  for (const end = Date.now() + 4_000; went() < wanted; ) {
    if (Date.now() > end)
      throw new Error(`before line ${line}: ${went()} of ${wanted} messages went over the line`);
    await sleep(5);
  }
}
