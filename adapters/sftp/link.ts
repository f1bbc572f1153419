import type { Socket } from 'node:net';
import type { SFTPWrapper } from 'ssh2';
import { GatewayError } from '../../src/core/errors.ts';
import { sftpError } from './failure.ts';
import type { HostKey } from './host-key.ts';

/** Calls one request of the library, which answers by a callback. */
export type Request<T> = (
  sftp: SFTPWrapper,
  answered: (cause: Error | null | undefined, value: T) => void,
) => void;

/** What the server said of one request. Source: draft-ietf-secsh-filexfer-02, section 7; 11, 14 and 15 are later ones. */
export const status = {
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
  exists: 11,
  noSpace: 14,
  quota: 15,
} as const;

/** How long what was asked last may take to get into the socket. */
const lingerMs = 1000;

export interface LinkAbout {
  readonly address: string;
  readonly hostKey: HostKey;
  /** `SSH-2.0-OpenSSH_9.2p1`. */
  readonly ident: string;
  readonly timeoutMs: number;
}

/** One connection to a server, logged in. Each request ends: by its answer, by the loss of the connection, or by time. */
export class Link {
  readonly about: LinkAbout;
  readonly #sftp: SFTPWrapper;
  readonly #socket: Socket;
  readonly #waiting = new Set<(cause: Error) => void>();
  #timer: NodeJS.Timeout | undefined;
  #lost: GatewayError | undefined;

  constructor(sftp: SFTPWrapper, socket: Socket, about: LinkAbout) {
    this.#sftp = sftp;
    this.#socket = socket;
    this.about = about;
    sftp.on('error', (cause: Error) => this.lose(cause.message, cause));
    for (const event of ['end', 'close'] as const) sftp.on(event, () => this.lose('the server ended SFTP'));
    // The library may have missed the end of a socket that closed while the connection was handed over.
    socket.once('close', () => this.lose('the connection was closed'));
    if (socket.destroyed) this.lose('the connection was closed');
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** True when the server offers an extension of the protocol. */
  offers(extension: string): boolean {
    const { _extensions: offered } = this.#sftp as { readonly _extensions?: unknown };
    return typeof offered === 'object' && offered !== null && extension in offered;
  }

  /** The answer. Rejects with the server's refusal as it is (it has a numeric code), or with a `GatewayError`. */
  ask<T = void>(request: Request<T>): Promise<T> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      this.#watch();
      const heard = (): boolean => {
        const waited = this.#waiting.delete(reject);
        this.#watch();
        return waited;
      };
      try {
        request(this.#sftp, (cause, value) => {
          // The library answers what is open with an error of its own when its channel ends.
          if (cause && statusOf(cause) === undefined) this.lose(cause.message, cause);
          if (!heard()) return;
          if (cause) reject(cause);
          else resolve(value);
        });
      } catch (cause) {
        heard();
        reject(cause);
      }
    });
  }

  /** Gives the connection up; what waits for an answer, and what is asked later, fails with the reason. */
  lose(reason: string, cause?: unknown): void {
    this.#fail(
      sftpError('SFTP_CONNECTION', `the connection was lost: ${reason}`, this.about.address, { cause }),
    );
  }

  /** Says goodbye where the server still listens. */
  close(): void {
    this.#fail(sftpError('SFTP_CLOSED', 'was closed', this.about.address));
  }

  #fail(cause: GatewayError): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    clearTimeout(this.#timer);
    // Everything that was asked is in the socket already; a reset would only look like a fault in the server's log.
    this.#socket.destroySoon();
    // A server that hangs takes nothing more, and what waits for it would hold the process.
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    for (const reject of this.#waiting) reject(cause);
    this.#waiting.clear();
  }

  /** Every answer begins the time anew: a slow server is heard, a silent one is not. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0 || this.#lost !== undefined) return;
    const { address, timeoutMs } = this.about;
    this.#timer = setTimeout(() => {
      const text = `the server answered nothing for ${timeoutMs / 1000} s`;
      this.#fail(sftpError('SFTP_TIMEOUT', text, address));
      this.#socket.destroy();
    }, timeoutMs);
  }
}

/** The server's own code of a refusal; undefined where it was not the server that refused. */
export function statusOf(cause: unknown): number | undefined {
  if (cause instanceof GatewayError || typeof cause !== 'object' || cause === null || !('code' in cause))
    return undefined;
  return typeof cause.code === 'number' ? cause.code : undefined;
}

/** The answer, or undefined where the server says that there is no such file. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (cause) {
    if (statusOf(cause) === status.noSuchFile) return undefined;
    throw cause;
  }
}

/** True when a failure is the loss of the connection: whether the server did what it was asked is then not known. */
export function isLoss(cause: unknown): boolean {
  return cause instanceof GatewayError && (cause.code === 'SFTP_CONNECTION' || cause.code === 'SFTP_TIMEOUT');
}
