import type { AddressInfo, Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import rhea, { type Connection, type Delivery, type EventContext, type Sender } from 'rhea';
import { GatewayError } from '../../../src/core/errors.ts';

export interface AmqpServerOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Address of the queue. */
  readonly queue: string;
  tell(news: AmqpNews): void;
}

/** What becomes of the messages of the simulated queue. */
export type AmqpNews = {
  readonly news: 'settled';
  readonly id: string;
  readonly outcome: 'accepted' | 'released' | 'rejected' | 'modified';
  readonly accepted: number;
  readonly dead: number;
  readonly waiting: number;
};

interface Queued {
  readonly id: string;
  readonly bytes: Uint8Array;
  deliveries: number;
}

/** A simulated broker with one queue: AMQP 1.0 on loopback, SASL PLAIN, redelivery and dead letters. */
export interface AmqpServer {
  readonly port: number;
  /** Puts messages into the queue, each so many milliseconds behind the one before. */
  publish(
    messages: readonly { readonly id: string; readonly bytes: Uint8Array }[],
    everyMs: number,
  ): Promise<void>;
  /** Ids of what was accepted, in order, and of what was rejected. */
  accepted(): readonly string[];
  dead(): readonly string[];
  /** How many messages wait or are on their way. */
  waiting(): number;
  close(): Promise<void>;
}

export async function openAmqpServer(options: AmqpServerOptions): Promise<AmqpServer> {
  const broker = new Broker(options);
  await broker.listen();
  return broker;
}

class Broker implements AmqpServer {
  readonly #options: AmqpServerOptions;
  readonly #container = rhea.create_container({ id: 'clearport-sim' });
  readonly #connections = new Set<Connection>();
  readonly #senders = new Set<Sender>();
  /** What was sent and not settled, by the link that it went over. */
  readonly #open = new Map<Delivery, { readonly message: Queued; readonly sender: Sender }>();
  readonly #waiting: Queued[] = [];
  readonly #accepted: string[] = [];
  readonly #dead: string[] = [];
  #server: Server | undefined;

  constructor(options: AmqpServerOptions) {
    this.#options = options;
    const { username, password } = options;
    this.#container.sasl_server_mechanisms.enable_plain(
      (name: string, given: string) => name === username && given === password,
    );
    this.#container.on('connection_open', ({ connection }: EventContext) =>
      this.#connections.add(connection),
    );
    for (const event of ['connection_close', 'disconnected']) {
      this.#container.on(event, ({ connection }: EventContext) => this.#lost(connection));
    }
    this.#container.on('connection_error', () => undefined);
    this.#container.on('error', () => undefined);
    this.#container.on('sender_open', (context: EventContext) => this.#attached(context));
    this.#container.on('sendable', () => this.#deliver());
    this.#container.on('sender_close', ({ sender }: EventContext) => this.#detached(sender));
    for (const outcome of ['accepted', 'released', 'rejected', 'modified'] as const) {
      this.#container.on(outcome, ({ delivery }: EventContext) => this.#settled(delivery, outcome));
    }
  }

  async listen(): Promise<void> {
    const { port } = this.#options;
    const server = this.#container.listen({ port, host: '127.0.0.1' });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', (cause) =>
        reject(new GatewayError('SIM_LISTEN', `127.0.0.1:${port} cannot be listened on`, { cause })),
      );
    });
  }

  get port(): number {
    return (this.#server?.address() as AddressInfo).port;
  }

  async publish(
    messages: readonly { readonly id: string; readonly bytes: Uint8Array }[],
    everyMs: number,
  ): Promise<void> {
    for (const { id, bytes } of messages) {
      this.#waiting.push({ id, bytes, deliveries: 0 });
      this.#deliver();
      if (everyMs > 0) await wait(everyMs);
    }
  }

  accepted(): readonly string[] {
    return this.#accepted;
  }

  dead(): readonly string[] {
    return this.#dead;
  }

  waiting(): number {
    return this.#waiting.length + this.#open.size;
  }

  async close(): Promise<void> {
    const server = this.#server;
    const closed = new Promise<void>((resolve) => server?.close(() => resolve()));
    for (const connection of this.#connections) connection.close();
    await Promise.race([closed, wait(500)]);
  }

  /** Only the one queue can be read here; any other address is refused. */
  #attached({ sender }: EventContext): void {
    if (sender === undefined) return;
    if (sender.source?.address !== this.#options.queue) {
      sender.close({ condition: 'amqp:not-found', description: 'there is no such queue' });
      return;
    }
    sender.set_source(sender.source);
    this.#senders.add(sender);
    this.#deliver();
  }

  #detached(sender: Sender | undefined): void {
    if (sender === undefined) return;
    this.#senders.delete(sender);
    this.#giveBack((one) => one === sender);
  }

  #lost(connection: Connection): void {
    this.#connections.delete(connection);
    for (const sender of this.#senders) if (sender.connection === connection) this.#senders.delete(sender);
    this.#giveBack((sender) => sender.connection === connection);
  }

  /** What was not settled comes again, before everything else and in its order. */
  #giveBack(of: (sender: Sender) => boolean): void {
    const back = [...this.#open].filter(([, { sender }]) => of(sender));
    for (const [delivery] of back) this.#open.delete(delivery);
    this.#waiting.unshift(...back.map(([, { message }]) => message));
    this.#deliver();
  }

  #deliver(): void {
    for (const sender of this.#senders) {
      while (sender.sendable() && this.#waiting.length > 0) {
        const message = this.#waiting.shift();
        if (message === undefined) return;
        const delivery = sender.send({
          message_id: message.id,
          durable: true,
          delivery_count: message.deliveries,
          body: rhea.message.data_section(Buffer.from(message.bytes)),
        });
        message.deliveries += 1;
        this.#open.set(delivery, { message, sender });
      }
    }
  }

  #settled(delivery: Delivery | undefined, outcome: AmqpNews['outcome']): void {
    const sent = delivery === undefined ? undefined : this.#open.get(delivery);
    if (delivery === undefined || sent === undefined) return;
    this.#open.delete(delivery);
    const { id } = sent.message;
    if (outcome === 'accepted') this.#accepted.push(id);
    else if (outcome === 'rejected') this.#dead.push(id);
    else this.#waiting.unshift(sent.message);
    const counts = { accepted: this.#accepted.length, dead: this.#dead.length, waiting: this.waiting() };
    this.#options.tell({ news: 'settled', id, outcome, ...counts });
    this.#deliver();
  }
}
