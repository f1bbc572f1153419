import { connect as connectTcp, type Socket } from 'node:net';
import ssh2, { type ConnectConfig } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { shownText } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { offerOf } from './algorithms.ts';
import { sftpError } from './failure.ts';
import { type HostKey, hostKeyOf, type Pin, pinOf } from './host-key.ts';
import { Link } from './link.ts';
import { type SftpOptions, scanRemedy } from './options.ts';

const keepalivesMax = 3;
/** The server's first line of its own; others may stand before it. Source: RFC 4253, section 4.2. */
const identLine = /^SSH-[ -~]{1,251}/m;

export function addressOf({ host, port }: Pick<SftpOptions, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The pins as they are compared. Throws `SFTP_NO_PIN` where there is none: nothing starts without one. */
export function pinsOf(options: SftpOptions): readonly Pin[] {
  const pins = options.hostKeys.map(pinOf).filter((pin) => pin !== undefined);
  if (pins.length > 0 && pins.length === options.hostKeys.length) return pins;
  throw sftpError('SFTP_NO_PIN', 'no host key is pinned', addressOf(options), {
    remedy: scanRemedy(options),
  });
}

/** Throws `SFTP_KEY` where our private key cannot be read; says why, and shows nothing of it. */
export function requireKey(options: SftpOptions): void {
  if (options.privateKey === undefined) return;
  const parsed = ssh2.utils.parseKey(options.privateKey, options.passphrase);
  if (!(parsed instanceof Error)) return;
  throw sftpError('SFTP_KEY', `our private key cannot be read: ${parsed.message}`, addressOf(options));
}

/**
 * A connection that is logged in, to a server that has shown a pinned key. Nothing of ours is said before that key is
 * compared, and nothing waits longer than `connectTimeoutSeconds`.
 */
export async function connect(options: SftpOptions, signal: AbortSignal): Promise<Link> {
  const pins = pinsOf(options);
  requireKey(options);
  const attempt = new Attempt(options, pins);
  const stop = (): void => attempt.fail(sftpError('SFTP_CLOSED', 'was closed', addressOf(options)));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await attempt.run();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

class Attempt {
  readonly #options: SftpOptions;
  readonly #pins: readonly Pin[];
  readonly #address: string;
  readonly #failed = Promise.withResolvers<never>();
  #socket: Socket | undefined;
  #failure: GatewayError | undefined;
  #hostKey: HostKey | undefined;
  #ident = '';

  constructor(options: SftpOptions, pins: readonly Pin[]) {
    this.#options = options;
    this.#pins = pins;
    this.#address = addressOf(options);
    // Nobody may be waiting for it.
    this.#failed.promise.catch(() => undefined);
  }

  /** Ends the attempt; the first reason is the one that is told. */
  fail(cause: GatewayError): void {
    this.#failure ??= cause;
    this.#failed.reject(this.#failure);
    this.#socket?.destroy();
  }

  async run(): Promise<Link> {
    const { host, port, connectTimeoutSeconds, timeoutSeconds } = this.#options;
    const timer = setTimeout(() => this.fail(this.#late()), connectTimeoutSeconds * 1000);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const socket = connectTcp({ host, port, noDelay: true });
      this.#socket = socket;
      const client = new SftpClient('clearport', {});
      client.on('error', (cause: Error) => this.fail(this.#failureOf(cause)));
      socket.once('close', () => this.fail(this.#lost('the server ended the connection')));
      const connecting = client.connect(this.#config(socket));
      connecting.catch(() => undefined);
      socket.once('data', (chunk: Buffer) => {
        this.#ident = identLine.exec(chunk.toString('latin1'))?.[0] ?? '';
      });
      const sftp = await Promise.race([connecting, this.#failed.promise]);
      const hostKey = this.#hostKey ?? hostKeyOf(host, port, new Uint8Array());
      const about = { address: this.#address, hostKey, ident: this.#ident, timeoutMs: timeoutSeconds * 1000 };
      const link = new Link(sftp, socket, about);
      client.on('error', (cause: Error) => link.lose(cause.message, cause));
      return link;
    } catch (cause) {
      this.#socket?.destroy();
      throw this.#failure ?? this.#failureOf(cause);
    } finally {
      clearTimeout(timer);
    }
  }

  #config(sock: Socket): ConnectConfig {
    const { host, username, privateKey, passphrase, password, keepaliveSeconds, algorithms } = this.#options;
    const types = this.#pins.map(({ type }) => type).filter((type) => type !== undefined);
    return {
      sock,
      host,
      username,
      ...(privateKey !== undefined && { privateKey }),
      ...(passphrase !== undefined && { passphrase }),
      ...(password !== undefined && { password }),
      // Without this list, the library would also try nothing at all, which some servers count as a failure.
      authHandler: [
        ...(privateKey === undefined ? [] : ['publickey' as const]),
        ...(password === undefined ? [] : ['password' as const]),
      ],
      algorithms: offerOf(algorithms, types.length === this.#pins.length ? types : []),
      hostVerifier: (blob: Buffer) => this.#verify(blob),
      keepaliveInterval: keepaliveSeconds * 1000,
      keepaliveCountMax: keepalivesMax,
      // The time for all of it is ours.
      readyTimeout: 0,
    };
  }

  #verify(blob: Buffer): boolean {
    const { host, port } = this.#options;
    const shown = hostKeyOf(host, port, blob);
    this.#hostKey = shown;
    if (this.#pins.some(({ fingerprint }) => fingerprint === shown.fingerprint)) return true;
    const text = `the server showed the ${shown.type} key ${shown.fingerprint}, which is not pinned`;
    this.fail(sftpError('SFTP_HOST_KEY', text, this.#address));
    return false;
  }

  #late(): GatewayError {
    const text = `no connection within ${this.#options.connectTimeoutSeconds} s`;
    return sftpError('SFTP_TIMEOUT', text, this.#address);
  }

  #lost(reason: string, cause?: unknown): GatewayError {
    return sftpError('SFTP_CONNECTION', `no connection: ${reason}`, this.#address, { cause });
  }

  /** What the library's error means. It tells by `level` where it happened. */
  #failureOf(cause: unknown): GatewayError {
    if (cause instanceof GatewayError) return cause;
    const reason = shownText(cause instanceof Error ? cause.message : 'no reason given', 200);
    const level = levelOf(cause);
    if (level === 'client-authentication') {
      const text = `the server does not let ${shownText(this.#options.username)} in`;
      return sftpError('SFTP_AUTHENTICATION', text, this.#address);
    }
    if (level === 'handshake' && /no matching/i.test(reason))
      return sftpError('SFTP_ALGORITHMS', reason, this.#address, { cause });
    return this.#lost(reason, cause);
  }
}

function levelOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'level' in cause ? String(cause.level) : '';
}
