import type { Delivered, MessageSource, Reached } from '../../src/contract/source.ts';
import { shownText } from '../../src/core/bytes.ts';
import { addressOf, type Broker, connect } from './connect.ts';
import { queueError } from './failure.ts';
import { Intake } from './intake.ts';
import { type QueueOptions, speaksTls } from './options.ts';
import { Outlet } from './outlet.ts';

/** A queue that connects when it is first used. */
export async function openQueue(options: QueueOptions): Promise<MessageSource> {
  return new Queue(options);
}

/** Logs in, opens the configured addresses without taking or sending anything, and leaves. */
export async function reachQueue(options: QueueOptions, signal: AbortSignal): Promise<Reached> {
  const broker = await connect(options, signal);
  try {
    const told = [speaksTls(options) ? 'TLS, certificate verified' : 'no TLS, on loopback'];
    told.unshift(peerOf(broker));
    if (options.source !== undefined) {
      (await Intake.open(broker, options.source, { ...options, credit: 0 })).stop();
      told.push(`source ${options.source} is there`);
    }
    if (options.target !== undefined) {
      (await Outlet.open(broker, options.target, options)).close();
      told.push(`target ${options.target} is there`);
    }
    return { address: addressOf(options), told };
  } finally {
    await broker.close();
  }
}

/**
 * The addresses of one broker. One connection, made when it is needed and again after it was lost; when to try again is
 * the caller's business.
 */
class Queue implements MessageSource {
  readonly #options: QueueOptions;
  readonly #stop = new AbortController();
  #broker: Broker | undefined;
  #connecting: Promise<Broker> | undefined;
  #outlet: Outlet | undefined;
  #opening: Promise<Outlet> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  async *deliveries(signal: AbortSignal): AsyncIterable<Delivered> {
    if (signal.aborted) return;
    const address = this.#address('source');
    const intake = await Intake.open(await this.#connected(), address, this.#options);
    const stop = (): void => intake.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for (;;) {
        const next = await intake.next();
        if (next === undefined) return;
        yield next;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      intake.stop();
    }
  }

  async produce(id: string, bytes: Uint8Array, properties: Readonly<Record<string, string>>): Promise<void> {
    const outlet = await this.#outletOf(this.#address('target'));
    await outlet.send({ id, bytes, properties });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#broker?.close();
  }

  #address(which: 'source' | 'target'): string {
    const address = this.#options[which];
    if (address !== undefined) return address;
    throw queueError('QUEUE_OPTION', `options.${which} is not set`, addressOf(this.#options));
  }

  #connected(): Promise<Broker> {
    if (this.#stop.signal.aborted)
      return Promise.reject(queueError('QUEUE_CLOSED', 'was closed', addressOf(this.#options)));
    if (this.#broker !== undefined && this.#broker.lost === undefined) return Promise.resolve(this.#broker);
    this.#connecting ??= this.#connect();
    return this.#connecting;
  }

  async #connect(): Promise<Broker> {
    try {
      this.#broker = await connect(this.#options, this.#stop.signal);
      return this.#broker;
    } finally {
      this.#connecting = undefined;
    }
  }

  #outletOf(address: string): Promise<Outlet> {
    if (this.#outlet?.over === false) return Promise.resolve(this.#outlet);
    this.#opening ??= this.#openOutlet(address);
    return this.#opening;
  }

  async #openOutlet(address: string): Promise<Outlet> {
    try {
      this.#outlet = await Outlet.open(await this.#connected(), address, this.#options);
      return this.#outlet;
    } finally {
      this.#opening = undefined;
    }
  }
}

/** What the broker calls itself, and its product where it says so. */
function peerOf({ connection }: Broker): string {
  const { product, version } = connection.properties ?? {};
  const words = [connection.container_id, product, version].filter((word) => typeof word === 'string');
  return shownText(words.join(' ') || 'a broker without a name', 200);
}
