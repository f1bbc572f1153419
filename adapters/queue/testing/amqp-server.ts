import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import rhea, { type Container, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { onTestFinished } from 'vitest';

/** A server of AMQP 1.0 in this process: it does what a test tells it, and shows what it is asked. */
export interface AmqpServer {
  readonly port: number;
  readonly container: Container;
  /** Every link that a client opened: by which role of ours, with which address and capabilities. */
  readonly links: {
    readonly role: 'sender' | 'receiver';
    readonly address: string;
    readonly capabilities: unknown;
  }[];
  /** What a client said of the messages that it was sent, in the order in which it was said. */
  readonly outcomes: string[];
  /** Our ends of the links that are open. */
  readonly senders: Sender[];
  readonly receivers: Receiver[];
  /** Ends every connection as a broken line would. */
  drop(): void;
}

export interface ServerOptions {
  /** Names and passwords that may log in; left out: anonymous. */
  readonly users?: Readonly<Record<string, string>>;
  /** The credit that clients are given. Default: as the library does. */
  readonly credit?: number;
  /** The test says itself what becomes of messages. Default: they are accepted. */
  readonly manual?: boolean;
  readonly onSender?: (sender: Sender) => void;
  readonly onReceiver?: (receiver: Receiver) => void;
  readonly onMessage?: (context: EventContext) => void;
}

/** Gone again when the test is over. */
export async function amqpServer(options: ServerOptions = {}): Promise<AmqpServer> {
  const container = rhea.create_container({ id: 'test-server' });
  const { users } = options;
  if (users !== undefined)
    container.sasl_server_mechanisms.enable_plain(
      (name: string, password: string) => users[name] === password,
    );
  const sockets = new Set<Socket>();
  const listener = container.listen({
    host: '127.0.0.1',
    port: 0,
    receiver_options: {
      autoaccept: options.manual !== true,
      ...(options.credit !== undefined && { credit_window: options.credit }),
    },
  });
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(listener, 'listening');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy(new Error('dropped'));
  };
  onTestFinished(async () => {
    drop();
    await new Promise((resolve) => listener.close(resolve));
  });
  const server: AmqpServer = {
    port: portOf(listener),
    container,
    links: [],
    outcomes: [],
    senders: [],
    receivers: [],
    drop,
  };
  answer(server, options);
  return server;
}

/** Messages with these ids, written as a broker would. */
export function sendAll(sender: Sender, messages: readonly Message[]): void {
  for (const message of messages) sender.send(message);
}

function answer(server: AmqpServer, options: ServerOptions): void {
  const { container, links, outcomes } = server;
  for (const event of ['disconnected', 'error', 'connection_error', 'session_error', 'receiver_error'])
    container.on(event, () => undefined);
  container.on('sender_open', ({ sender }: EventContext) => {
    assert(sender);
    sender.set_source(sender.source);
    sender.set_target(sender.target);
    links.push({ role: 'sender', address: sender.source.address, capabilities: sender.source.capabilities });
    server.senders.push(sender);
    options.onSender?.(sender);
  });
  container.on('receiver_open', ({ receiver }: EventContext) => {
    assert(receiver);
    receiver.set_source(receiver.source);
    receiver.set_target(receiver.target);
    const { address = '', capabilities } = receiver.target;
    links.push({ role: 'receiver', address, capabilities });
    server.receivers.push(receiver);
    options.onReceiver?.(receiver);
  });
  container.on('message', (context: EventContext) => options.onMessage?.(context));
  for (const outcome of ['accepted', 'released', 'rejected'])
    container.on(outcome, ({ delivery }: EventContext) =>
      outcomes.push(`${outcome} ${String(delivery?.tag)}`),
    );
}

function portOf(listener: Server): number {
  const address = listener.address();
  assert(typeof address === 'object' && address !== null);
  return address.port;
}
