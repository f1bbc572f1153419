import { isIP, Socket } from 'node:net';
import rhea, { type Connection, type ConnectionOptions, type EventContext } from 'rhea';
import { shownText } from '../../src/core/bytes.ts';
import { type GatewayError, systemCode } from '../../src/core/errors.ts';
import { queueError } from './failure.ts';
import { portOf, type QueueOptions, speaksTls } from './options.ts';

/** What the system and OpenSSL call a failure of TLS; everything else is one of the way to the broker. */
const tlsCodes = /CERT|TLS|SSL|SIGNATURE|EPROTO/;
/** The broker may also fail while it looks us up; that is no refusal. Source: AMQP 1.0, part 5, section 5.3.3.6 (sys, sys-temp). */
const refusedLogin =
  /^(?!amqp:internal-error).*(?:authenticate|No suitable mechanism|mechanism (?:init|challenge) failed)/;

/** How long the broker may take to answer our goodbye. */
const lingerMs = 1000;

export function addressOf(options: QueueOptions): string {
  const { host } = options;
  return `${host.includes(':') ? `[${host}]` : host}:${portOf(options)}`;
}

/** One open connection. It is never made again by itself: whoever uses it is told that it is lost, and asks for another. */
export class Broker {
  readonly connection: Connection;
  readonly place: string;
  readonly #lossListeners = new Set<(cause: GatewayError) => void>();
  #lost: GatewayError | undefined;

  constructor(connection: Connection, place: string) {
    this.connection = connection;
    this.place = place;
  }

  get lost(): GatewayError | undefined {
    return this.#lost;
  }

  /** Tells of the loss, once; at once where it is lost already. Gives a way to stop listening. */
  onLoss(listener: (cause: GatewayError) => void): () => void {
    if (this.#lost !== undefined) listener(this.#lost);
    else this.#lossListeners.add(listener);
    return () => void this.#lossListeners.delete(listener);
  }

  lose(cause: GatewayError): void {
    this.#end(cause);
    hangUp(this.connection);
  }

  /** Says goodbye, and waits a moment for the answer; what is not settled comes again to whoever reads next. */
  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    const answered = new Promise<void>((resolve) => {
      this.connection.on('connection_close', () => resolve());
      this.connection.on('disconnected', () => resolve());
      setTimeout(resolve, lingerMs).unref();
    });
    this.#end(queueError('QUEUE_CLOSED', 'was closed', this.place));
    this.connection.close();
    await answered;
    hangUp(this.connection);
  }

  #end(cause: GatewayError): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    for (const listener of this.#lossListeners) listener(cause);
    this.#lossListeners.clear();
  }
}

/**
 * An open connection, logged in. Nothing waits longer than `connectTimeoutSeconds`. Throws `QUEUE_CONNECTION`,
 * `QUEUE_TIMEOUT`, `QUEUE_TLS`, `QUEUE_AUTHENTICATION`, `QUEUE_PROTOCOL`.
 */
export async function connect(options: QueueOptions, signal: AbortSignal): Promise<Broker> {
  const place = addressOf(options);
  const opened = Promise.withResolvers<void>();
  const connection = begin(options, place);
  const broker = new Broker(connection, place);
  broker.onLoss((cause) => opened.reject(cause));
  listen(broker, () => opened.resolve());
  const late = (): void => {
    const text = `no connection within ${options.connectTimeoutSeconds} s`;
    broker.lose(queueError('QUEUE_TIMEOUT', text, place));
  };
  const timer = setTimeout(late, options.connectTimeoutSeconds * 1000);
  const stop = (): void => broker.lose(queueError('QUEUE_CLOSED', 'was closed', place));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await opened.promise;
    return broker;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** A certificate or key that cannot be read is found here. */
function begin(options: QueueOptions, place: string): Connection {
  // A container of our own: events that nobody listens to end there, and not in one that others share.
  const container = rhea.create_container({ id: options.containerId });
  container.on('error', () => undefined);
  try {
    return container.connect(connectionOptions(options));
  } catch (cause) {
    throw queueError('QUEUE_TLS', `certificate, key or authorities: ${reasonOf(cause)}`, place);
  }
}

function connectionOptions(options: QueueOptions): ConnectionOptions {
  const { host, tls, username, password, containerId, heartbeatSeconds } = options;
  const plain = {
    host,
    port: portOf(options),
    container_id: containerId,
    // Without a password the library logs in as ANONYMOUS under this name.
    username: username ?? 'anonymous',
    ...(password !== undefined && { password }),
    idle_time_out: heartbeatSeconds * 1000,
    reconnect: false as const,
    tcp_no_delay: true,
  };
  if (!speaksTls(options)) return { ...plain, transport: 'tcp' };
  return {
    ...plain,
    transport: 'tls',
    rejectUnauthorized: true,
    minVersion: tls?.minVersion ?? 'TLSv1.2',
    // An address is no server name (RFC 6066): the certificate is compared with it all the same.
    servername: tls?.serverName ?? (isIP(host) === 0 ? host : ''),
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    ...(tls?.passphrase !== undefined && { passphrase: tls.passphrase }),
  };
}

/** Every event that may end a connection; one that nobody listened to would be thrown by the library. */
function listen(broker: Broker, opened: () => void): void {
  const { connection, place } = broker;
  connection.on('connection_open', opened);
  connection.on('connection_error', ({ error }: EventContext) => broker.lose(failureOf(error, place)));
  connection.on('connection_close', ({ error }: EventContext) => {
    broker.lose(error ? failureOf(error, place) : lossOf('the broker closed it', place));
  });
  connection.on('disconnected', ({ error }: EventContext) => broker.lose(failureOf(error, place)));
  for (const event of ['protocol_error', 'error']) {
    connection.on(event, (cause: unknown) => {
      broker.lose(queueError('QUEUE_PROTOCOL', `no AMQP 1.0 that we understand: ${reasonOf(cause)}`, place));
    });
  }
}

function failureOf(cause: unknown, place: string): GatewayError {
  const reason = reasonOf(cause);
  if (refusedLogin.test(reason)) {
    return queueError('QUEUE_AUTHENTICATION', 'the broker does not let us in', place);
  }
  if (tlsCodes.test(systemCode(cause) ?? '')) return queueError('QUEUE_TLS', reason, place, cause);
  return lossOf(reason, place, cause);
}

function lossOf(reason: string, place: string, cause?: unknown): GatewayError {
  return queueError('QUEUE_CONNECTION', `no connection: ${reason}`, place, cause);
}

/** The library's errors have a condition and a description, the system's a message. */
export function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'no reason given';
  const word = (key: string): string => {
    const value: unknown = Reflect.get(cause, key);
    return typeof value === 'string' ? value : '';
  };
  const text = [word('condition'), word('description') || word('message')].filter((part) => part !== '');
  return shownText(text.join(': ') || 'no reason given', 200);
}

/** Ends the socket with an error of our own: only then does the library stop its timers. */
function hangUp(connection: Connection): void {
  const socket: unknown = Reflect.get(connection, 'socket');
  if (socket instanceof Socket && !socket.destroyed) socket.destroy(new Error('the connection was given up'));
}
