import assert from 'node:assert/strict';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import { blockOfOffset, offsetsPerBlock } from '../contract/entry.ts';
import type {
  Appended,
  AppendOptions,
  ChannelHead,
  Checkpoint,
  Log,
  LogFinding,
  ReadOptions,
  Repeat,
  VerifyReport,
} from '../contract/log.ts';
import { type Origin, originText } from '../contract/origin.ts';
import { type Clock, type Micros, systemClock } from '../core/clock.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import { limits as defaults, type Limits } from '../core/limits.ts';
import {
  assertChannel,
  conflictOf,
  emptyHead,
  nextEpoch,
  type Prepared,
  prepare,
  sameMeaning,
  wanted,
} from './draft.ts';
import { logError, revisionError } from './failure.ts';
import { chainOf, type MemoryBlock } from './memory-block.ts';
import { finding, judgeCheckpoints, signCheckpoint } from './proof.ts';

export interface MemoryLogOptions {
  readonly clock?: Clock;
  readonly limits?: Limits;
}

/** What one call would change; applied whole, or dropped whole. */
interface Plan {
  readonly channel: string;
  readonly first: number;
  readonly kept: Entry[];
  readonly appended: Appended[];
  readonly repeats: [offset: number, lastAt: Micros][];
}

/**
 * A log that is gone when the process ends: for tests and dry runs, and the model that the durable engines are compared
 * with. So it is written as plainly as the contract reads, and shares no storage code with them.
 */
export function memoryLog(options: MemoryLogOptions = {}): Log {
  return new MemoryLog(options.clock ?? systemClock(), options.limits ?? defaults);
}

class MemoryLog implements Log {
  private readonly clock: Clock;
  private readonly limits: Limits;
  private readonly blocks: MemoryBlock[] = [];
  private readonly entries: Entry[] = [];
  private readonly latest = new Map<string, ChannelHead>();
  /** By channel, origin and revision. */
  private readonly byOrigin = new Map<string, Entry>();
  private readonly blobs = new Map<number, Uint8Array>();
  private readonly counted = new Map<number, Repeat>();
  private readonly signed: Checkpoint[] = [];
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(clock: Clock, limits: Limits) {
    this.clock = clock;
    this.limits = limits;
  }

  async append(
    channel: string,
    batch: readonly EntryDraft[],
    options: AppendOptions = {},
  ): Promise<readonly Appended[]> {
    this.open();
    const head = this.headOf(channel);
    assertChannel(channel);
    const epoch = nextEpoch(head, options);
    const plan = this.plan(channel, batch.map(prepare));
    const position = options.position ?? head.position;
    const changed = epoch !== head.epoch || canonicalJson(position) !== canonicalJson(head.position);
    if (plan.kept.length > 0 || plan.repeats.length > 0 || changed) this.commit(plan, head, epoch, position);
    return plan.appended.map((one) => this.withCount(one));
  }

  async head(channel: string): Promise<ChannelHead> {
    this.open();
    return this.headOf(channel);
  }

  async heads(): Promise<readonly ChannelHead[]> {
    this.open();
    return this.allHeads();
  }

  read(options: ReadOptions = {}): AsyncIterable<Entry> {
    this.open();
    const end = this.entries.length;
    return this.walk(options, end);
  }

  async *subscribe(options: ReadOptions, signal: AbortSignal): AsyncIterable<Entry> {
    this.open();
    let at = 0;
    while (!signal.aborted && !this.closed) {
      const end = this.entries.length;
      for (; at < end && !signal.aborted; at++) {
        const entry = this.entries[at];
        if (entry === undefined || !wanted(entry, options)) continue;
        yield entry;
      }
      // A block is whole or not there: once the block of `to` is, nothing more can come up to it.
      if (options.to !== undefined && this.blocks.length >= blockOfOffset(options.to)) return;
      if (at === this.entries.length) await this.news(signal);
    }
  }

  async get(offset: number): Promise<Entry | undefined> {
    this.open();
    return this.entryAt(offset);
  }

  async find(channel: string, origin: Origin, revision?: number): Promise<Entry | undefined> {
    this.open();
    return this.byOrigin.get(keyOf(channel, origin, revision ?? this.newest(channel, origin)));
  }

  async *blob(entry: Entry): AsyncIterable<Uint8Array> {
    this.open();
    yield entry.storage === 'blob' ? (this.blobs.get(entry.offset) ?? new Uint8Array()) : entry.bytes;
  }

  async repeats(channel?: string): Promise<readonly Repeat[]> {
    this.open();
    const all = [...this.counted.values()].filter((one) => channel === undefined || one.channel === channel);
    return all.sort((left, right) => left.offset - right.offset);
  }

  async verify(options: { readonly checkpoints?: readonly Checkpoint[] } = {}): Promise<VerifyReport> {
    this.open();
    const findings: LogFinding[] = this.blocks.flatMap((block) => this.judge(block));
    const chainAt = (channel: string, number: number) => {
      const block = this.blocks.find((one) => one.number === number && one.channel === channel);
      return block?.head;
    };
    findings.push(...judgeCheckpoints(this.signed, options.checkpoints ?? [], chainAt));
    return {
      ok: findings.length === 0,
      blocks: this.blocks.length,
      entries: this.entries.length,
      bytes: this.entries.reduce((sum, entry) => sum + entry.size, 0),
      expired: 0,
      heads: this.allHeads(),
      findings,
    };
  }

  async checkpoint(privateKey: string): Promise<Checkpoint> {
    this.open();
    const made = signCheckpoint(privateKey, this.clock.now(), this.allHeads(), this.signed.at(-1));
    this.signed.push(made);
    return made;
  }

  async checkpoints(): Promise<readonly Checkpoint[]> {
    this.open();
    return [...this.signed];
  }

  async backup(): Promise<VerifyReport> {
    throw logError('LOG_UNSUPPORTED', 'a log in memory has nothing to back up');
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
  }

  private open(): void {
    if (this.closed) throw logError('LOG_CLOSED', 'the log is closed');
  }

  private headOf(channel: string): ChannelHead {
    return this.latest.get(channel) ?? emptyHead(channel);
  }

  private allHeads(): ChannelHead[] {
    return [...this.latest.values()].sort((left, right) => (left.channel < right.channel ? -1 : 1));
  }

  private plan(channel: string, batch: readonly Prepared[]): Plan {
    const plan: Plan = { channel, first: this.blocks.length + 1, kept: [], appended: [], repeats: [] };
    const planned = new Map<string, Entry>();
    for (const draft of batch) {
      if (draft.kind === 'revision') this.planRevision(plan, planned, draft);
      else this.planOne(plan, planned, draft);
    }
    return plan;
  }

  private planOne(plan: Plan, planned: Map<string, Entry>, draft: Prepared): void {
    const key = keyOf(plan.channel, draft.origin, 0);
    const there = planned.get(key) ?? this.byOrigin.get(key);
    if (there === undefined) {
      this.keep(plan, planned, key, draft);
    } else if (there.digest === draft.digest) {
      repeat(plan, there, draft);
    } else {
      this.planConflict(plan, planned, conflictOf(draft), there);
    }
  }

  private planConflict(plan: Plan, planned: Map<string, Entry>, draft: Prepared, first: Entry): void {
    const key = keyOf(plan.channel, draft.origin, 0);
    const there = planned.get(key) ?? this.byOrigin.get(key);
    if (there !== undefined) {
      repeat(plan, there, draft);
      return;
    }
    const { offset } = this.keep(plan, planned, key, draft);
    plan.appended[plan.appended.length - 1] = { outcome: 'conflict', offset, first: first.offset };
  }

  private planRevision(plan: Plan, planned: Map<string, Entry>, draft: Prepared): void {
    const { channel } = plan;
    const at = (revision: number): Entry | undefined => {
      const key = keyOf(channel, draft.origin, revision);
      return planned.get(key) ?? this.byOrigin.get(key);
    };
    const there = at(draft.revision);
    if (there !== undefined && draft.revision > 0 && this.sameRevision(there, draft)) {
      repeat(plan, there, draft);
      return;
    }
    const old = at(draft.revision - 1);
    if (old === undefined || there !== undefined) {
      const known = at(0) === undefined ? undefined : this.newest(channel, draft.origin);
      throw revisionError(channel, draft, known);
    }
    this.keep(plan, planned, keyOf(channel, draft.origin, draft.revision), draft, old.offset);
  }

  private sameRevision(there: Entry, draft: Prepared): boolean {
    const bytes = this.blobs.get(there.offset) ?? there.bytes;
    return there.digest === draft.digest && sameMeaning({ ...there, bytes }, draft);
  }

  private keep(plan: Plan, planned: Map<string, Entry>, key: string, draft: Prepared, voids?: number): Entry {
    const index = plan.kept.length % this.limits.blockEntriesMax;
    const block = plan.first + Math.floor(plan.kept.length / this.limits.blockEntriesMax);
    const inline = draft.bytes.length <= this.limits.entryBytesInlineMax;
    const entry: Entry = {
      ...draft,
      offset: block * offsetsPerBlock + index,
      channel: plan.channel,
      sequence: this.headOf(plan.channel).sequence + plan.kept.length + 1,
      size: draft.bytes.length,
      storage: inline ? 'inline' : 'blob',
      bytes: new Uint8Array(draft.bytes),
      events: draft.events.map((event) => new Uint8Array(event)),
      chain: '',
      ...(voids !== undefined && { voids }),
    };
    plan.kept.push(entry);
    planned.set(key, entry);
    plan.appended.push({ outcome: 'appended', offset: entry.offset, sequence: entry.sequence });
    return entry;
  }

  private commit(plan: Plan, before: ChannelHead, epoch: number, position: JsonValue | undefined): void {
    const committedAt = this.clock.now();
    let head = before;
    let rest = plan.kept;
    do {
      const entries = rest.slice(0, this.limits.blockEntriesMax);
      rest = rest.slice(entries.length);
      const last = rest.length === 0;
      const now = { epoch, position: last ? position : head.position };
      head = this.commitBlock(plan, head, now, committedAt, entries, last ? plan.repeats : []);
    } while (rest.length > 0);
    this.wake();
  }

  private commitBlock(
    plan: Plan,
    before: ChannelHead,
    now: { readonly epoch: number; readonly position: JsonValue | undefined },
    committedAt: Micros,
    entries: readonly Entry[],
    repeats: MemoryBlock['repeats'],
  ): ChannelHead {
    const { channel } = plan;
    const number = this.blocks.length + 1;
    const sequence = before.sequence + entries.length;
    const open = { channel, sequence, block: number, chain: '', ...now };
    const previous = before.chain;
    const chain = chainOf({ number, channel, previous, head: open, committedAt, entries, repeats });
    const stored = entries.map((entry) => this.store({ ...entry, chain }));
    const head = { ...open, chain };
    this.latest.set(channel, head);
    this.blocks.push({ number, channel, previous, head, committedAt, entries: stored, repeats });
    for (const [offset, lastAt] of repeats) this.count(offset, lastAt);
    return head;
  }

  private store(entry: Entry): Entry {
    const stored = entry.storage === 'inline' ? entry : { ...entry, bytes: new Uint8Array() };
    if (entry.storage === 'blob') this.blobs.set(entry.offset, entry.bytes);
    this.entries.push(stored);
    this.byOrigin.set(keyOf(entry.channel, entry.origin, entry.revision), stored);
    return stored;
  }

  private count(offset: number, lastAt: Micros): void {
    const entry = this.entryAt(offset);
    assert(entry !== undefined);
    const { channel, origin } = entry;
    const count = (this.counted.get(offset)?.count ?? 0) + 1;
    this.counted.set(offset, { channel, origin, offset, count, lastAt });
  }

  private withCount(appended: Appended): Appended {
    if (appended.outcome !== 'repeated') return appended;
    return { ...appended, repeats: this.counted.get(appended.offset)?.count ?? 0 };
  }

  private newest(channel: string, origin: Origin): number {
    let revision = 0;
    while (this.byOrigin.has(keyOf(channel, origin, revision + 1))) revision += 1;
    return revision;
  }

  private entryAt(offset: number): Entry | undefined {
    return this.blocks[blockOfOffset(offset) - 1]?.entries[offset % offsetsPerBlock];
  }

  private async *walk(options: ReadOptions, end: number): AsyncIterable<Entry> {
    for (let at = 0; at < end; at++) {
      const entry = this.entries[at];
      if (entry !== undefined && wanted(entry, options)) yield entry;
    }
  }

  private judge(block: MemoryBlock): LogFinding[] {
    const whole = block.entries.map((entry) => ({
      ...entry,
      chain: '',
      bytes: this.blobs.get(entry.offset) ?? entry.bytes,
    }));
    const chain = chainOf({ ...block, head: { ...block.head, chain: '' }, entries: whole });
    if (chain === block.head.chain) return [];
    return [finding('LOG_CHAIN', block.channel, block.number, `block ${block.number} was changed`)];
  }

  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.closed) done();
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}

function repeat(plan: Plan, there: Entry, draft: Prepared): void {
  plan.repeats.push([there.offset, draft.receivedAt]);
  plan.appended.push({ outcome: 'repeated', offset: there.offset, repeats: 0 });
}

function keyOf(channel: string, origin: Origin, revision: number): string {
  return JSON.stringify([channel, originText(origin), revision]);
}
