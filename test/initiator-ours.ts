import { setTimeout as sleep } from 'node:timers/promises';
import { type FixSessionOptionsInput, fixSession, memoryStore } from '../adapters/fix/index.ts';
import { openMachine } from '../adapters/fix/machine.ts';
import type { Session, SessionSignal, SessionStore } from '../src/contract/session.ts';
import { systemClock } from '../src/core/clock.ts';
import type { JsonValue } from '../src/core/json.ts';
import { limits } from '../src/core/limits.ts';
import { type Conversation, optionsOf, type Prompt, promptsBetween } from './initiator-pack.ts';

/** Prompts that say what has to hold. */
export const checks: ReadonlySet<string> = new Set(['numbers', 'held', 'trouble', 'received']);
const setting = new Set(['option', 'start']);

/** Our initiator with a store in memory, and everything that it said. */
export interface Ours {
  readonly session: Session;
  readonly store: ReturnType<typeof memoryStore>;
  readonly signals: readonly SessionSignal[];
}

/** Opens our initiator as a conversation has it: its options, its numbers, and what it was given in an earlier life. */
export async function openOurs(conversation: Conversation, port: number): Promise<Ours> {
  const given = Object.entries(optionsOf(conversation, 'ours')).map(([name, value]) => [
    name,
    optionValue(name, value),
  ]);
  const connections = conversation.definition.steps.filter(({ kind }) => kind === 'expect-connect').length;
  const options = fixSession.options.parse({
    role: 'initiator',
    host: '127.0.0.1',
    port,
    beginString: beginStringOf(conversation),
    senderCompId: 'OPS',
    targetCompId: 'FIRM',
    // Whoever connects once is not to connect again before the test has looked.
    reconnectSecondsMin: connections > 1 ? 0.1 : 30,
    ...Object.fromEntries(given),
  } satisfies FixSessionOptionsInput);
  const first = conversation.definition.steps[0]?.line ?? 0;
  const prompts = promptsBetween(conversation, 'ours', 0, first);
  const [, nextIn = 1, nextOut = 1] =
    prompts.find(({ words }) => words[0] === 'start')?.words.map(Number) ?? [];
  const store = memoryStore({ epoch: 0, nextIn, nextOut });
  for (const prompt of prompts.filter(({ words }) => words[0] === 'send')) await keep(store, options, prompt);
  const signals: SessionSignal[] = [];
  const report = (signal: SessionSignal): void => void signals.push(signal);
  const session = await fixSession.open(options, { store, clock: systemClock(), limits, report });
  return { session, store, signals };
}

/** A message that was given to the session in an earlier life, while nobody was connected. */
async function keep(
  store: SessionStore,
  options: Parameters<typeof openMachine>[0],
  { words }: Prompt,
): Promise<void> {
  const machine = openMachine(options, limits, await store.load());
  const { type, fields } = messageOf(words);
  machine.send(
    systemClock().now(),
    type,
    Object.entries(fields).map(([tag, value]) => [Number(tag), value]),
  );
  for (const action of machine.take()) {
    if (action.do === 'append') await store.append(action.frames, action.state);
  }
}

/** Lets our side do what a prompt says. */
export async function act({ session }: Ours, { words }: Prompt): Promise<void> {
  const [word = '', ...rest] = words;
  if (checks.has(word) || setting.has(word)) return;
  if (word === 'send') {
    const { type, fields } = messageOf(words);
    await session.send(type, fields);
  } else if (word === 'logout') {
    while (!session.status().loggedOn) await sleep(5);
    // It resolves when the connection is over, and that is what the steps that follow are about.
    const text = rest.join(' ');
    void session.command({ command: 'logout', ...(text !== '' && { text }) }).catch(() => undefined);
  } else throw new Error(`no such prompt: ${words.join(' ')}`);
}

/** What holds now, in the words of the check. */
export function standOf({ session, store, signals }: Ours, { words }: Prompt): string {
  const [word, what] = words;
  const { state, held } = session.status();
  if (word === 'numbers') return `numbers ${state.nextIn} ${state.nextOut}`;
  if (word === 'held') return `held ${held?.code}`;
  if (word === 'received') {
    const came = store.frames.filter(
      ({ direction, message }) => direction === 'in' && message?.type === what,
    );
    return `received ${what} ${came.length}`;
  }
  const trouble = signals.some((signal) => signal.signal === 'trouble' && signal.issue.code === what);
  return trouble ? `trouble ${what}` : `no trouble ${what}`;
}

function messageOf(words: readonly string[]): {
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  const pairs = words
    .slice(1)
    .join(' ')
    .split('|')
    .map((field): [string, string] => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)];
    });
  const type = pairs.find(([tag]) => tag === '35')?.[1] ?? '';
  return { type, fields: Object.fromEntries(pairs.filter(([tag]) => tag !== '35')) };
}

function optionValue(name: string, text: string): JsonValue {
  if (name === 'defaultApplVerId') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) && text.length < 6 ? Number(text) : text;
}

function beginStringOf({ definition }: Conversation): FixSessionOptionsInput['beginString'] {
  const first = definition.steps.find((step) => step.kind === 'expect');
  const text = first?.kind === 'expect' ? first.body : '';
  return (/^8=([^\u0001]+)/.exec(text)?.[1] ?? 'FIX.4.4') as FixSessionOptionsInput['beginString'];
}
