import type { EntryDraft } from '../contract/entry.ts';
import type { Appended, AppendOptions } from '../contract/log.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import { AppendUnit, type Call, sizeOf } from './append-unit.ts';
import { assertChannel, type Prepared, prepare } from './draft.ts';
import { afterFailure } from './failure.ts';
import type { WriterPort } from './writer-port.ts';

/** Groups that are with the writer at once: one is being synced while the next one waits for it. */
const groupsInFlightMax = 2;

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
  private waiting: AppendUnit[] = [];
  /** By channel: the waiting unit that a further call joins. */
  private readonly open = new Map<string, AppendUnit>();
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
    const { promise, resolve, reject } = Promise.withResolvers<readonly Appended[]>();
    const { epoch } = options;
    const call: Call = {
      count: drafts.length,
      sizeBytes: sizeOf(drafts),
      position: options.position === undefined ? undefined : canonicalJson(options.position),
      refusable: epoch !== undefined || drafts.some(({ kind }) => kind === 'revision'),
      epoch,
      resolve,
      reject,
    };
    this.encode(this.unitFor(channel, call), call, drafts);
    this.schedule();
    return promise;
  }

  /** What cannot be encoded is our own mistake; half of it is nobody's, so its unit goes with it. */
  private encode(unit: AppendUnit, call: Call, drafts: readonly Prepared[]): void {
    try {
      unit.add(call, drafts);
    } catch (error) {
      this.waiting = this.waiting.filter((one) => one !== unit);
      this.fail(unit.channel);
      for (const other of unit.calls) if (other !== call) other.reject(error);
      throw error;
    }
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

  /** Calls of one channel are joined, unless one of them can be refused: that one stands alone. */
  private unitFor(channel: string, { sizeBytes, refusable }: Call): AppendUnit {
    const known = this.open.get(channel);
    const joins = !refusable && known !== undefined;
    if (joins && known.sizeBytes + sizeBytes <= this.limits.appendPendingBytesMax) return known;
    const unit = new AppendUnit(channel, this.limits, this.port.memory);
    this.waiting.push(unit);
    if (refusable) this.open.delete(channel);
    else this.open.set(channel, unit);
    return unit;
  }

  /** Whoever asks where a channel stands may give positions again. */
  takeUp(channel: string): void {
    if (this.failed.delete(channel)) this.generations.set(channel, this.generation(channel) + 1);
  }

  /** Resolves when everything that was asked for is decided. */
  async drained(): Promise<void> {
    if (this.waiting.length === 0 && this.inFlight === 0) return;
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
    const units = this.take();
    if (units.length === 0) return;
    const sizeBytes = units.reduce((sum, unit) => sum + unit.sizeBytes, 0);
    this.inFlight += 1;
    this.inFlightBytes += sizeBytes;
    void this.commit(units).finally(() => {
      this.inFlight -= 1;
      this.inFlightBytes -= sizeBytes;
      this.dispatch();
      if (this.inFlight === 0) for (const done of this.idle.splice(0)) done();
    });
  }

  private take(): AppendUnit[] {
    let room = this.limits.appendPendingBytesMax - this.inFlightBytes;
    let count = 0;
    for (const unit of this.waiting) {
      const alone = count === 0 && this.inFlightBytes === 0;
      if (!alone && unit.sizeBytes > room) break;
      room -= unit.sizeBytes;
      count += 1;
    }
    const taken = this.waiting.splice(0, count);
    for (const unit of taken) if (this.open.get(unit.channel) === unit) this.open.delete(unit.channel);
    return taken;
  }

  private async commit(units: readonly AppendUnit[]): Promise<void> {
    try {
      const made = units.map((unit) => unit.made(this.generation(unit.channel)));
      const outcomes = await this.port.commit({ at: this.clock.now(), units: made });
      this.committed();
      for (const [index, { channel }] of units.entries()) {
        const outcome = outcomes[index];
        if (outcome?.ok === false && outcome.world) this.fail(channel);
      }
      for (const [index, unit] of units.entries()) unit.settle(outcomes[index]);
    } catch (error) {
      for (const { channel } of units) this.fail(channel);
      for (const unit of units) unit.reject(error);
    }
  }

  /** Before anybody is told: what waits behind the failure fails with it. */
  private fail(channel: string): void {
    this.failed.add(channel);
    const refused: Call[] = [];
    this.waiting = this.waiting.flatMap((unit) => {
      if (unit.channel !== channel) return [unit];
      return unit.withoutPositions((call) => refused.push(call)) ?? [];
    });
    // What is left of it takes nobody in any more.
    this.open.delete(channel);
    for (const call of refused) call.reject(afterFailure(this.path, channel));
  }

  private generation(channel: string): number {
    return this.generations.get(channel) ?? 0;
  }
}
