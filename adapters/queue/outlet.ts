import rhea, { type Delivery, type EventContext, type Receiver, type Sender, type Session } from 'rhea';
import { GatewayError } from '../../src/core/errors.ts';
import { type Broker, reasonOf } from './connect.ts';
import { closeEndpoint, type Endpoint, openEndpoint } from './endpoint.ts';
import { queueError } from './failure.ts';
import type { QueueOptions } from './options.ts';

/** Messages that are written and not answered; well below the library's own buffer, which fails where it is full. */
const unansweredMax = 1000;

interface Outgoing {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
}

/** One message on its way, and who waits for the broker's word of it. */
interface Sending {
  readonly message: Outgoing;
  readonly resolve: () => void;
  readonly reject: (cause: GatewayError) => void;
}

/** RabbitMQ 3 opens a link to such an address, and accepts and drops what is sent, where there is no such queue. */
const uncheckedPrefix = '/amq/queue/';

/** Messages to one address on one link. Each send ends: by the broker's word, by the loss of the connection, or by time. */
export class Outlet {
  readonly #place: string;
  readonly #timeoutSeconds: number;
  readonly #sent = new Map<Delivery, Sending>();
  readonly #waiting: Sending[] = [];
  #endpoint: Endpoint<Sender> | undefined;
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
        sender.on('sendable', () => outlet.#sendMore());
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
    if (this.#failure !== undefined) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sending: Sending = { message, resolve, reject };
    this.#waiting.push(sending);
    this.#sendMore();
    const timer = setTimeout(() => this.#late(sending), this.#timeoutSeconds * 1000);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    if (this.#endpoint !== undefined && this.#failure === undefined) closeEndpoint(this.#endpoint);
  }

  /** First come, first served, as far as the broker's credit goes. */
  #sendMore(): void {
    const sender = this.#endpoint?.link;
    while (sender?.sendable() === true && this.#sent.size < unansweredMax) {
      const sending = this.#waiting.shift();
      if (sending === undefined) return;
      this.#sent.set(write(sender, sending.message), sending);
    }
  }

  #late(sending: Sending): void {
    const waited = this.#waiting.indexOf(sending);
    if (waited >= 0) {
      this.#waiting.splice(waited, 1);
      const text = `the broker took nothing for ${this.#timeoutSeconds} s`;
      sending.reject(queueError('QUEUE_TIMEOUT', text, this.#place));
      return;
    }
    const text = `the broker said nothing of the message in ${this.#timeoutSeconds} s`;
    sending.reject(queueError('QUEUE_IN_DOUBT', text, this.#place));
  }

  #told(outcome: 'accepted' | 'rejected' | 'released', delivery: Delivery | undefined): void {
    const sending = delivery && this.#sent.get(delivery);
    if (delivery === undefined || sending === undefined) return;
    this.#sent.delete(delivery);
    // The answer itself makes room in the library only after this.
    setImmediate(() => this.#sendMore());
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
    const text = 'the connection was lost before the broker said what it made of the message';
    for (const { reject } of this.#sent.values())
      reject(queueError('QUEUE_IN_DOUBT', text, this.#place, cause));
    for (const { reject } of this.#waiting.splice(0)) reject(cause);
    this.#sent.clear();
  }
}

function write(sender: Sender, { id, bytes, properties }: Outgoing): Delivery {
  const { buffer, byteOffset, byteLength } = bytes;
  return sender.send({
    durable: true,
    message_id: id,
    application_properties: { ...properties },
    body: rhea.message.data_section(Buffer.from(buffer, byteOffset, byteLength)),
  });
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
