import { setTimeout as wait } from 'node:timers/promises';
import type { Entry } from '../../contract/entry.ts';
import type { Log } from '../../contract/log.ts';
import { systemClock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { decodeEvent, type EventOf } from '../../events/index.ts';
import { openSqliteLog } from '../../log/index.ts';

export type FeedEvent =
  | EventOf<'feed.expected'>
  | EventOf<'feed.arrived'>
  | EventOf<'feed.accepted'>
  | EventOf<'feed.refused'>;

const lookMs = 20;

/** Follows the log of the running gateway from outside, as any reader may: what stands in it is committed. */
export class LogWatch {
  readonly feeds: FeedEvent[] = [];
  /** Entries by channel. */
  readonly entries = new Map<string, number>();
  readonly #log: Log;
  readonly #stop = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(log: Log) {
    this.#log = log;
  }

  static async open(data: string): Promise<LogWatch> {
    const watch = new LogWatch(await openSqliteLog(data, { readOnly: true, clock: systemClock() }));
    watch.#following = watch.#follow().catch((cause: unknown) => {
      watch.#failure = cause;
    });
    return watch;
  }

  /** Resolves once what was committed fulfils the condition, or the watch is closed. Throws `DEMO_STUCK`. */
  async until(what: string, fulfilled: () => boolean, timeoutMs: number): Promise<void> {
    const late = performance.now() + timeoutMs;
    while (!fulfilled() && !this.#stop.signal.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      if (performance.now() > late)
        throw new GatewayError(
          'DEMO_STUCK',
          `the gateway did not come to ${what} within ${timeoutMs / 1000} s`,
        );
      await wait(lookMs);
    }
  }

  /** How often a file of this name was accepted or refused. */
  outcomes(name: string): number {
    return this.feeds.filter(
      (event) =>
        (event.type === 'feed.accepted' || event.type === 'feed.refused') && event.data.name === name,
    ).length;
  }

  /** Closed already, it stays as it is. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#following;
    await this.#log.close();
  }

  async #follow(): Promise<void> {
    for await (const entry of this.#log.subscribe({ from: 0 }, this.#stop.signal)) this.#add(entry);
  }

  #add(entry: Entry): void {
    this.entries.set(entry.channel, (this.entries.get(entry.channel) ?? 0) + 1);
    if (entry.kind !== 'signal') return;
    for (const bytes of entry.events) {
      const event = decodeEvent(bytes);
      if (isFeed(event)) this.feeds.push(event);
    }
  }
}

function isFeed(event: { readonly type: string }): event is FeedEvent {
  return event.type.startsWith('feed.');
}
