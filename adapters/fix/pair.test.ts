import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fix } from '../../codecs/fix/index.ts';
import { type Micros, microsOfIso } from '../../src/core/clock.ts';
import { limits } from '../../src/core/limits.ts';
import type { Action } from './core.ts';
import { type Machine, openMachine } from './machine.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { type FixSessionOptionsInput, fixSessionOptions } from './options.ts';

type Step =
  | { readonly do: 'send'; readonly side: 0 | 1 }
  | { readonly do: 'deliver' | 'lose' | 'swap' | 'repeat' | 'crash'; readonly side: 0 | 1 }
  | { readonly do: 'hangUp' }
  | { readonly do: 'wait'; readonly seconds: number };

const side = fc.constantFrom<(0 | 1)[]>(0, 1);
const stepOf = (name: 'deliver' | 'lose' | 'swap' | 'repeat' | 'crash'): fc.Arbitrary<Step> =>
  side.map((it) => ({ do: name, side: it }));
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: side.map((it): Step => ({ do: 'send', side: it })) },
    { weight: 10, arbitrary: stepOf('deliver') },
    { weight: 2, arbitrary: stepOf('lose') },
    { weight: 2, arbitrary: stepOf('swap') },
    { weight: 2, arbitrary: stepOf('repeat') },
    { weight: 1, arbitrary: stepOf('crash') },
    { weight: 2, arbitrary: fc.constant<Step>({ do: 'hangUp' }) },
    {
      weight: 2,
      arbitrary: fc.integer({ min: 1, max: 60 }).map((seconds): Step => ({ do: 'wait', seconds })),
    },
  ),
  { minLength: 20, maxLength: 80 },
);

test.each<[string, Partial<FixSessionOptionsInput>]>([
  ['as they are', {}],
  ['in chunks', { resendRequestChunkSize: 2 }],
  ['with NextExpectedMsgSeqNum(789)', { nextExpectedMsgSeqNum: true }],
])('two sessions over a bad line deliver every message once, in order: %s', async (_, options) => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const pair = new Pair(options);
      for (const step of plan) await pair.step(step);
      await pair.settle();
      expect(pair.delivered(0)).toEqual(pair.sent[1]);
      expect(pair.delivered(1)).toEqual(pair.sent[0]);
      for (const { store } of pair.sides) expect(store.conflicts).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

interface Side {
  readonly store: MemoryStore;
  machine: Machine;
  /** What is on its way to the other side. */
  line: Uint8Array[];
  offset: number;
}

/**
 * Two machines and a line between them that loses, swaps and repeats. It never carries a message behind its own resend:
 * that is a number too low, and rightly held.
 */
class Pair {
  readonly sides: readonly [Side, Side];
  readonly sent: readonly [string[], string[]] = [[], []];
  readonly #options: Partial<FixSessionOptionsInput>;
  #now: Micros = microsOfIso('2026-11-10T14:30:00Z') ?? 0;
  #connected = false;

  constructor(options: Partial<FixSessionOptionsInput>) {
    this.#options = options;
    this.sides = [this.#newSide(0), this.#newSide(1)];
  }

  async step(step: Step): Promise<void> {
    if (!this.#connected) await this.#connect();
    this.#now += 1000;
    if (step.do === 'hangUp') return this.#hangUp();
    if (step.do === 'wait') return this.#wait(step.seconds);
    const { line, machine } = this.sides[step.side];
    const [first, second] = line;
    if (step.do === 'deliver') return this.#deliver(step.side);
    if (step.do === 'lose') line.shift();
    if (
      step.do === 'swap' &&
      first !== undefined &&
      second !== undefined &&
      ![first, second].some(isPossDup)
    ) {
      line.splice(0, 2, second, first);
    }
    if (step.do === 'repeat' && first !== undefined && isPossDup(first)) line.unshift(first);
    if (step.do === 'send') {
      const { sent } = this;
      const text = `${step.side}-${sent[step.side].length}`;
      sent[step.side].push(text);
      machine.send(this.#now, 'U8', [[58, text]]);
      return this.#run(step.side);
    }
    if (step.do !== 'crash') return;
    await this.#hangUp();
    this.sides[step.side].machine = this.#newMachine(step.side, this.sides[step.side].store);
  }

  /** A good line, and time: everything has to come through. */
  async settle(): Promise<void> {
    for (let round = 0; round < 400; round++) {
      if (!this.#connected) await this.#connect();
      while (this.sides[0].line.length + this.sides[1].line.length > 0) {
        await this.#deliver(0);
        await this.#deliver(1);
      }
      const done =
        this.delivered(0).length === this.sent[1].length && this.delivered(1).length === this.sent[0].length;
      if (done && this.#connected) return;
      await this.#wait(5);
    }
  }

  delivered(side: 0 | 1): string[] {
    return this.sides[side].store.frames
      .filter(
        ({ kind, direction, message }) => kind === 'message' && direction === 'in' && message?.type === 'U8',
      )
      .map((frame) => /\u000158=([^\u0001]*)/.exec(Buffer.from(frame.bytes).toString('latin1'))?.[1] ?? '');
  }

  #newSide(side: 0 | 1): Side {
    const store = memoryStore();
    return { store, machine: this.#newMachine(side, store), line: [], offset: 0 };
  }

  #newMachine(side: 0 | 1, store: MemoryStore): Machine {
    const names = { senderCompId: side === 0 ? 'A' : 'B', targetCompId: side === 0 ? 'B' : 'A' };
    const role = side === 0 ? 'initiator' : 'acceptor';
    const wire = { host: '127.0.0.1', port: 9, beginString: 'FIX.4.4', heartBtInt: 10 } as const;
    const options = fixSessionOptions.parse({ ...names, role, ...wire, ...this.#options });
    return openMachine(options, { ...limits, fixHeldFramesMax: 5 }, store.state);
  }

  async #connect(): Promise<void> {
    this.#connected = true;
    for (const it of this.sides) it.offset = 0;
    this.#now += 1000;
    this.sides[1].machine.connected(this.#now, 'a');
    this.sides[0].machine.connected(this.#now, 'b');
    await this.#run(0);
  }

  async #hangUp(): Promise<void> {
    this.#connected = false;
    for (const it of this.sides) it.line = [];
    for (const at of [0, 1] as const) {
      this.sides[at].machine.disconnected(this.#now, 'transport', 'hung up');
      await this.#run(at);
    }
  }

  async #wait(seconds: number): Promise<void> {
    for (let tick = 0; tick < seconds; tick++) {
      this.#now += 1e6;
      for (const at of [0, 1] as const) {
        this.sides[at].machine.tick(this.#now);
        await this.#run(at);
      }
    }
  }

  /** Brings the other side the first message of this side's line. */
  async #deliver(side: 0 | 1): Promise<void> {
    const bytes = this.sides[side].line.shift();
    const to = side === 0 ? 1 : 0;
    if (bytes === undefined || !this.#connected) return;
    const { message, issues } = fix.decode({ bytes });
    const other = this.sides[to];
    if (message !== undefined)
      other.machine.received({ at: this.#now, offset: other.offset, bytes, message, issues });
    other.offset += bytes.length;
    await this.#run(to);
  }

  async #run(side: 0 | 1): Promise<void> {
    const { machine, store } = this.sides[side];
    for (let actions = machine.take(); actions.length > 0; actions = machine.take()) {
      for (const action of actions) await this.#perform(side, machine, store, action);
    }
  }

  async #perform(side: 0 | 1, machine: Machine, store: MemoryStore, action: Action): Promise<void> {
    if (action.do === 'append') await store.append(action.frames, action.state);
    if ((action.do === 'append' || action.do === 'write') && this.#connected)
      this.sides[side].line.push(...action.writes);
    if (action.do === 'disconnect') await this.#hangUp();
    if (action.do !== 'resend') return;
    for await (const stored of store.readOut(action.from, action.to))
      machine.stored(this.#now, action.job, [stored]);
    machine.storedEnd(this.#now, action.job);
  }
}

function isPossDup(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes('\u000143=Y\u0001');
}
