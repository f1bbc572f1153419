import type { Delivered, MessageSource } from '../../contract/source.ts';
import { GatewayError } from '../../core/errors.ts';

interface Held {
  readonly id: string | undefined;
  readonly bytes: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  redeliveries: number;
}

/** A queue in memory: what is not settled when its connection ends, comes again. */
export interface FakeQueue {
  put(id: string | undefined, text: string | Uint8Array, properties?: Readonly<Record<string, string>>): void;
  open(): Promise<MessageSource>;
  /** Breaks the connection; for `times` openings nobody answers. */
  lose(times?: number): void;
  /** Settling fails from now on, as on a connection that is lost unnoticed. */
  deaf: boolean;
  /** What is sent next is taken, and instead of an answer each of these is said. */
  doubt: readonly string[];
  readonly ready: readonly Held[];
  readonly dead: readonly { readonly id: string | undefined; readonly reason: string }[];
  readonly produced: readonly { readonly id: string; readonly text: string }[];
  readonly openings: number;
  readonly released: number;
}

export function fakeQueue(): FakeQueue {
  return new Broker();
}

const lost = (): GatewayError =>
  new GatewayError('CHANNEL_RETRYING', 'the connection was lost', { retryable: true });

class Broker implements FakeQueue {
  readonly ready: Held[] = [];
  readonly dead: { id: string | undefined; reason: string }[] = [];
  readonly produced: { id: string; text: string }[] = [];
  openings = 0;
  released = 0;
  deaf = false;
  doubt: readonly string[] = [];
  #refuses = 0;
  #wake: () => void = () => undefined;
  #link: { lost: boolean; closed: boolean } | undefined;

  put(id: string | undefined, text: string | Uint8Array, properties = {}): void {
    this.ready.push({ id, bytes: Buffer.from(text), properties, redeliveries: 0 });
    this.#wake();
  }

  lose(times = 0): void {
    if (this.#link !== undefined) this.#link.lost = true;
    this.#refuses = times;
    this.#wake();
  }

  async open(): Promise<MessageSource> {
    this.openings++;
    if (this.#refuses-- > 0) throw lost();
    const link = { lost: false, closed: false };
    this.#link = link;
    return {
      deliveries: (signal) => this.#deliveries(link, signal),
      produce: async (id, bytes) => {
        if (link.lost) throw lost();
        this.produced.push({ id, text: Buffer.from(bytes).toString() });
        const [reason, ...rest] = this.doubt;
        this.doubt = rest;
        if (reason !== undefined) throw new GatewayError('QUEUE_IN_DOUBT', reason, { retryable: true });
      },
      close: async () => {
        link.closed = true;
        this.#wake();
      },
    };
  }

  async *#deliveries(
    link: { readonly lost: boolean; readonly closed: boolean },
    signal: AbortSignal,
  ): AsyncIterable<Delivered> {
    const open = new Set<Held>();
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted && !link.closed) {
        if (link.lost) throw lost();
        const next = this.ready.shift();
        if (next !== undefined) {
          open.add(next);
          yield this.#delivered(next, open, link);
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#back([...open]);
    }
  }

  #delivered(held: Held, open: Set<Held>, link: { readonly lost: boolean }): Delivered {
    const settle = async (): Promise<void> => {
      if (this.deaf || link.lost) throw lost();
      open.delete(held);
    };
    const { id, bytes, properties, redeliveries } = held;
    return {
      id,
      bytes,
      properties,
      redeliveries,
      accept: settle,
      release: async () => {
        await settle();
        this.released++;
        this.#back([held]);
      },
      reject: async (reason) => {
        await settle();
        this.dead.push({ id, reason });
      },
    };
  }

  #back(held: readonly Held[]): void {
    for (const one of held) one.redeliveries++;
    this.ready.unshift(...held);
    this.#wake();
  }
}
