import rhea, { type Delivery, type EventContext, type Receiver, type Sender, type Session } from 'rhea';
import { GatewayError } from '../../src/core/errors.ts';
import { type Broker, reasonOf } from './connect.ts';
import { closeEndpoint, type Endpoint, openEndpoint } from './endpoint.ts';
import { queueError } from './failure.ts';
import type { QueueOptions } from './options.ts';

interface Sending {
  resolve(): void;
  reject(cause: GatewayError): void;
}

interface Outgoing {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
}

/** RabbitMQ 3 opens a link to such an address, and accepts and drops what is sent, where there is no such queue. */
const uncheckedPrefix = '/amq/queue/';

/** Messages to one address on one link. Each send ends: by the broker's word, by the loss of the connection, or by time. */
export class Outlet {
  readonly #place: string;
  readonly #timeoutSeconds: number;
  readonly #sent = new Map<Delivery, Sending>();
  #endpoint: Endpoint<Sender> | undefined;
  #waiting: (() => void)[] = [];
  #failure: GatewayError | undefined;

  private constructor(place: string, timeoutSeconds: number) {
    this.#place = place;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Throws what {@link openEndpoint} throws. */
  static async open(broker: Broker, address: string, options: QueueOptions): Promise<Outlet> {
    const { capabilities, timeoutSeconds } = options;
    if (address.startsWith(uncheckedPrefix)) await requireQueue(broker, address, timeoutSeconds);
    const outlet = new Outlet(`${broker.place} ${address}`, timeoutSeconds);
    outlet.#endpoint = await openEndpoint(
      broker,
      address,
      timeoutSeconds,
      (session) => {
        const sender = session.open_sender({
          target: { address, ...(capabilities.length > 0 && { capabilities }) },
          snd_settle_mode: 0,
        });
        sender.on('sendable', () => outlet.#wakeAll());
        for (const outcome of ['accepted', 'rejected', 'released'] as const)
          sender.on(outcome, ({ delivery }: EventContext) => outlet.#told(outcome, delivery));
        return sender;
      },
      (cause) => outlet.#fail(cause),
    );
    return outlet;
  }

  get over(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Resolves once the broker has accepted the message. Throws `QUEUE_REJECTED`, `QUEUE_RELEASED`, and `QUEUE_IN_DOUBT`
   * where it was sent and nothing was said of it; any other error says that it was not sent.
   */
  async send(message: Outgoing): Promise<void> {
    await this.#sendable();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const delivery = this.#write(message);
    this.#sent.set(delivery, { resolve, reject });
    const text = `the broker said nothing of ${message.id} in ${this.#timeoutSeconds} s`;
    const timer = setTimeout(
      () => reject(queueError('QUEUE_IN_DOUBT', text, this.#place)),
      this.#timeoutSeconds * 1000,
    );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#sent.delete(delivery);
    }
  }

  close(): void {
    if (this.#endpoint !== undefined && this.#failure === undefined) closeEndpoint(this.#endpoint);
  }

  #write({ id, bytes, properties }: Outgoing): Delivery {
    const sender = this.#endpoint?.link;
    if (this.#failure !== undefined || sender === undefined)
      throw this.#failure ?? queueError('QUEUE_CLOSED', 'was closed', this.#place);
    const { buffer, byteOffset, byteLength } = bytes;
    return sender.send({
      durable: true,
      message_id: id,
      application_properties: { ...properties },
      body: rhea.message.data_section(Buffer.from(buffer, byteOffset, byteLength)),
    });
  }

  /** Waits for credit, first come, first served. Throws `QUEUE_TIMEOUT` and why the link is over. */
  async #sendable(): Promise<void> {
    const until = performance.now() + this.#timeoutSeconds * 1000;
    for (let first = this.#waiting.length === 0; ; first = true) {
      if (this.#failure !== undefined) throw this.#failure;
      if (first && this.#endpoint?.link.sendable() === true) return;
      const left = until - performance.now();
      const text = `the broker took nothing for ${this.#timeoutSeconds} s`;
      if (left <= 0) throw queueError('QUEUE_TIMEOUT', text, this.#place);
      await this.#turn(left);
    }
  }

  /** Until the broker gives credit, the link is over, or time is up. */
  async #turn(leftMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(resolve, leftMs);
    await promise;
    clearTimeout(timer);
    this.#waiting = this.#waiting.filter((one) => one !== resolve);
  }

  /** All that wait look again, in their order: those that find no credit wait once more. */
  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #told(outcome: 'accepted' | 'rejected' | 'released', delivery: Delivery | undefined): void {
    const sending = delivery && this.#sent.get(delivery);
    if (delivery === undefined || sending === undefined) return;
    if (outcome === 'accepted') {
      sending.resolve();
      return;
    }
    const code = outcome === 'rejected' ? 'QUEUE_REJECTED' : 'QUEUE_RELEASED';
    const state: unknown = delivery.remote_state;
    const error: unknown =
      typeof state === 'object' && state !== null ? Reflect.get(state, 'error') : undefined;
    sending.reject(queueError(code, `the broker ${outcome} the message: ${reasonOf(error)}`, this.#place));
  }

  #fail(cause: GatewayError): void {
    this.#failure ??= cause;
    const text = `the connection was lost before the broker said what it made of the message`;
    for (const { reject } of this.#sent.values())
      reject(queueError('QUEUE_IN_DOUBT', text, this.#place, cause));
    this.#wakeAll();
  }
}

/** Throws `QUEUE_ADDRESS` where the queue is not there. A reader who may not read is told so, and that is enough. */
async function requireQueue(broker: Broker, address: string, timeoutSeconds: number): Promise<void> {
  const look = (session: Session): Receiver =>
    session.open_receiver({ source: { address }, credit_window: 0, autoaccept: false });
  try {
    closeEndpoint(await openEndpoint(broker, address, timeoutSeconds, look, () => undefined));
  } catch (cause) {
    if (!(cause instanceof GatewayError) || cause.code !== 'QUEUE_ADDRESS') throw cause;
    if (cause.message.includes('amqp:not-found')) throw cause;
  }
}
