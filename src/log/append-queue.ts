import type { EntryDraft } from '../contract/entry.ts';
import type { Appended, AppendOptions } from '../contract/log.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import { type CommitUnit, eachAppended, failureOf, type UnitOutcome } from './commit.ts';
import { assertChannel, type Prepared, prepare } from './draft.ts';
import { afterFailure } from './failure.ts';
import { encodeSegments, type SegmentMemory } from './segment-writer.ts';
import type { WriterPort } from './writer-port.ts';

/** Groups that are with the writer at once: one is being synced while the next one is being encoded. */
const groupsInFlightMax = 2;
/** What an entry weighs besides its bytes and events. */
const entryOverheadBytes = 128;

interface Call {
  readonly channel: string;
  readonly drafts: readonly Prepared[];
  readonly options: AppendOptions;
  readonly sizeBytes: number;
  resolve(appended: readonly Appended[]): void;
  reject(error: unknown): void;
}

/**
 * Collects appends while the writer is busy and hands them over as one group: the busier it gets, the more entries share
 * a sync. What waits beyond `appendPendingBytesMax` waits with its caller, who is only answered when it is durable.
 */
export class AppendQueue {
  private readonly path: string;
  private readonly port: WriterPort;
  private readonly clock: Clock;
  private readonly limits: Limits;
  private readonly committed: () => void;
  private readonly calls: Call[] = [];
  /** Channels of which a commit failed, and how often each was taken up again. */
  private readonly failed = new Set<string>();
  private readonly generations = new Map<string, number>();
  private inFlight = 0;
  private inFlightBytes = 0;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(path: string, port: WriterPort, clock: Clock, limits: Limits, committed: () => void) {
    this.path = path;
    this.port = port;
    this.clock = clock;
    this.limits = limits;
    this.committed = committed;
  }

  /** Bytes that are with the writer now. */
  get pendingBytes(): number {
    return this.inFlightBytes;
  }

  append(
    channel: string,
    batch: readonly EntryDraft[],
    options: AppendOptions,
  ): Promise<readonly Appended[]> {
    assertChannel(channel);
    if (options.position !== undefined && this.failed.has(channel)) {
      return Promise.reject(afterFailure(this.path, channel));
    }
    const drafts = this.prepared(channel, batch);
    return new Promise((resolve, reject) => {
      this.calls.push({ channel, drafts, options, sizeBytes: sizeOf(drafts), resolve, reject });
      this.schedule();
    });
  }

  /** A batch that cannot even be made is as lost as one that the disk refused. What the log's rules refuse is its caller's. */
  private prepared(channel: string, batch: readonly EntryDraft[]): readonly Prepared[] {
    try {
      return batch.map(prepare);
    } catch (error) {
      if (!(error instanceof GatewayError)) this.fail(channel);
      throw error;
    }
  }

  /** Whoever asks where a channel stands may give positions again. */
  takeUp(channel: string): void {
    if (this.failed.delete(channel)) this.generations.set(channel, this.generation(channel) + 1);
  }

  /** Resolves when everything that was asked for is decided. */
  async drained(): Promise<void> {
    if (this.calls.length === 0 && this.inFlight === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Calls that are made in one go are committed together. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= groupsInFlightMax) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    if (this.inFlight >= groupsInFlightMax) return;
    const calls = this.take();
    if (calls.length === 0) return;
    const sizeBytes = calls.reduce((sum, call) => sum + call.sizeBytes, 0);
    this.inFlight += 1;
    this.inFlightBytes += sizeBytes;
    void this.commit(unitsOf(calls)).finally(() => {
      this.inFlight -= 1;
      this.inFlightBytes -= sizeBytes;
      this.dispatch();
      if (this.inFlight === 0) for (const done of this.idle.splice(0)) done();
    });
  }

  private take(): Call[] {
    let room = this.limits.appendPendingBytesMax - this.inFlightBytes;
    let count = 0;
    for (const call of this.calls) {
      const alone = count === 0 && this.inFlightBytes === 0;
      if (!alone && call.sizeBytes > room) break;
      room -= call.sizeBytes;
      count += 1;
    }
    return this.calls.splice(0, count);
  }

  private async commit(units: readonly Unit[]): Promise<void> {
    try {
      const { memory } = this.port;
      const made = units.map((unit) => encoded(unit, this.limits, this.generation(unit.channel), memory));
      const outcomes = await this.port.commit({ at: this.clock.now(), units: made });
      this.committed();
      for (const [index, { channel }] of made.entries()) {
        const outcome = outcomes[index];
        if (outcome?.ok === false && outcome.world) this.fail(channel);
      }
      for (const [index, unit] of units.entries()) settle(unit, outcomes[index]);
    } catch (error) {
      for (const { channel } of units) this.fail(channel);
      for (const { calls } of units) for (const call of calls) call.reject(error);
    }
  }

  /** Before anybody is told: what waits behind the failure fails with it. */
  private fail(channel: string): void {
    this.failed.add(channel);
    const behind = (call: Call): boolean => call.channel === channel && call.options.position !== undefined;
    const refused = this.calls.filter(behind);
    this.calls.splice(0, this.calls.length, ...this.calls.filter((call) => !behind(call)));
    for (const call of refused) call.reject(afterFailure(this.path, channel));
  }

  private generation(channel: string): number {
    return this.generations.get(channel) ?? 0;
  }
}

/** Appends to one channel that stand or fall together. */
interface Unit {
  readonly channel: string;
  readonly calls: Call[];
}

/** Calls of one channel are joined, unless one of them can be refused: that one stands alone. */
function unitsOf(calls: readonly Call[]): Unit[] {
  const units: Unit[] = [];
  const open = new Map<string, Unit>();
  for (const call of calls) {
    const { channel } = call;
    const refusable = call.options.epoch !== undefined || call.drafts.some(({ kind }) => kind === 'revision');
    const known = open.get(channel);
    if (known !== undefined && !refusable) {
      known.calls.push(call);
      continue;
    }
    const unit = { channel, calls: [call] };
    units.push(unit);
    if (refusable) open.delete(channel);
    else open.set(channel, unit);
  }
  return units;
}

function encoded(
  { channel, calls }: Unit,
  limits: Limits,
  generation: number,
  memory: SegmentMemory | undefined,
): CommitUnit {
  const [first] = calls;
  const drafts =
    calls.length === 1 && first !== undefined ? first.drafts : calls.flatMap((call) => call.drafts);
  const said = calls.findLast(({ options }) => options.position !== undefined);
  const position = said && canonicalJson(said.options.position);
  const epoch = first?.options.epoch;
  const blobs = drafts.flatMap(({ bytes }, index) =>
    bytes.length > limits.entryBytesInlineMax ? [{ index, bytes }] : [],
  );
  return {
    channel,
    segments: encodeSegments(
      drafts,
      limits,
      position === undefined ? 0 : Buffer.byteLength(position),
      memory,
    ),
    blobs,
    generation,
    ...(position !== undefined && { position }),
    ...(epoch !== undefined && { epoch }),
  };
}

function settle({ calls }: Unit, outcome: UnitOutcome | undefined): void {
  if (outcome === undefined || !outcome.ok) {
    const error = outcome && failureOf(outcome.failure);
    for (const call of calls) call.reject(error);
    return;
  }
  const appended = eachAppended(outcome);
  let at = 0;
  for (const call of calls) {
    call.resolve(appended.slice(at, at + call.drafts.length));
    at += call.drafts.length;
  }
}

function sizeOf(drafts: readonly Prepared[]): number {
  let size = 0;
  for (const { bytes, events } of drafts) {
    size += bytes.length + entryOverheadBytes;
    for (const event of events) size += event.length;
  }
  return size;
}
