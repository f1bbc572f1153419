import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from 'node:tls';
import { shownText } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { FixSessionOptions } from './options.ts';
import { namesOf, secretsOf } from './transport.ts';

/** Sessions behind one port that show the same certificate and ask for the same one. */
export interface TlsGroup {
  /** The name (SNI) that asks for it; absent: whoever asks for none of the others. */
  readonly name?: string;
  readonly options: FixSessionOptions;
}

/** What the handshake proved. */
export interface Secured {
  readonly socket: TLSSocket;
  readonly group: TlsGroup;
  /** Subject CN and DNS names of a certificate that was verified; empty where none was asked for. */
  readonly names: readonly string[];
}

export interface TlsGateOwner {
  secured(raw: Socket, secured: Secured): void;
  /** `raw` is absent where the connection was gone before anybody could ask who it was. */
  failed(raw: Socket | undefined, cause: Error): void;
}

/** What two sessions must have in common to be of one group: all of `tls` but the names, which belong to each session. */
export function groupKey({ tls }: FixSessionOptions): string {
  const { peerNames: _, ...shared } = tls ?? {};
  return canonicalJson(shared as Record<string, string | boolean>);
}

/** The groups of sessions that share a port, in the order of the sessions. */
export function groupsOf(all: readonly FixSessionOptions[]): readonly TlsGroup[] {
  const groups = new Map<string, TlsGroup>();
  for (const options of all) {
    const name = options.tls?.serverName;
    const key = groupKey(options);
    if (!groups.has(key)) groups.set(key, { options, ...(name !== undefined && { name }) });
  }
  return [...groups.values()];
}

/**
 * TLS for the connections of one port. The name that the client asks for chooses the certificate and the authorities; what
 * the chosen group demands is looked at once more after the handshake, because a server has one answer to "is a
 * certificate asked for" for all names.
 *
 * Nobody resumes what an earlier connection proved: it may have proved it to another name, with other authorities (OpenSSL of Node 22
 * lets that pass), and a session that stands for a day gains nothing by it.
 */
export class TlsGate {
  readonly #groups: readonly TlsGroup[];
  readonly #owner: TlsGateOwner;
  readonly #server: Server;
  /** Connections under way, by the other end: TLS gives back a socket of its own. */
  readonly #raw = new Map<string, Socket>();

  constructor(groups: readonly TlsGroup[], handshakeMs: number, owner: TlsGateOwner) {
    this.#groups = groups;
    this.#owner = owner;
    const [only] = groups;
    const mutual = groups.some(({ options }) => options.tls?.ca !== undefined);
    const usual = groups.find(({ name }) => name === undefined) ?? only;
    this.#server = createServer({
      ...(usual && secretsOf(usual.options)),
      secureOptions: provedAnew,
      minVersion: groups.some(({ options }) => options.tls?.minVersion !== 'TLSv1.3') ? 'TLSv1.2' : 'TLSv1.3',
      requestCert: mutual,
      rejectUnauthorized: mutual && groups.length === 1,
      handshakeTimeout: handshakeMs,
      ...(groups.length > 1 && { SNICallback: this.#choose.bind(this) }),
    });
    this.#server.on('secureConnection', (socket) => this.#secured(socket));
    this.#server.on('tlsClientError', (cause, socket) => {
      const raw = this.#take(socket);
      // A handshake that takes too long is told, and not ended, by the server.
      socket.destroy();
      raw?.destroy();
      owner.failed(raw, cause);
    });
  }

  accept(raw: Socket): void {
    const key = keyOf(raw);
    this.#raw.set(key, raw);
    raw.once('close', () => {
      if (this.#raw.get(key) === raw) this.#raw.delete(key);
    });
    this.#server.emit('connection', raw);
  }

  #choose(name: string, answer: (cause: Error | null, context?: SecureContext) => void): void {
    const group = this.#groupOf(name);
    if (group === undefined) answer(new Error(`nobody here is called ${shownText(name)}`));
    else answer(null, createSecureContext({ ...secretsOf(group.options), secureOptions: provedAnew }));
  }

  #groupOf(name: string | false | null | undefined): TlsGroup | undefined {
    const groups = this.#groups;
    if (groups.length === 1) return groups[0];
    const asked = groups.find(
      (group) => typeof name === 'string' && group.name?.toLowerCase() === name.toLowerCase(),
    );
    return asked ?? groups.find((group) => group.name === undefined);
  }

  #secured(socket: TLSSocket): void {
    const raw = this.#take(socket);
    if (raw === undefined) {
      socket.destroy();
      return;
    }
    try {
      const group = this.#groupOf(socket.servername);
      if (group === undefined)
        throw new GatewayError('FIX_TLS', 'the name that was asked for is nobody here');
      this.#owner.secured(raw, { socket, group, names: provenNames(group, socket) });
    } catch (cause) {
      socket.destroy();
      this.#owner.failed(raw, cause instanceof Error ? cause : new Error('failed'));
    }
  }

  #take(socket: TLSSocket): Socket | undefined {
    const key = keyOf(socket);
    const raw = this.#raw.get(key);
    this.#raw.delete(key);
    return raw;
  }
}

/**
 * The names of the peer's certificate, where the group asks for one. `authorized` alone is not believed: a session that
 * was resumed without a certificate counts as authorized.
 */
function provenNames({ options: { tls } }: TlsGroup, socket: TLSSocket): readonly string[] {
  if (tls?.minVersion === 'TLSv1.3' && socket.getProtocol() !== 'TLSv1.3')
    throw new GatewayError('FIX_TLS', `${socket.getProtocol() ?? 'TLS'} is too old`);
  if (tls?.ca === undefined) return [];
  if (socket.isSessionReused())
    throw new GatewayError('FIX_LOGON_CREDENTIALS', 'the connection goes on with what an earlier one proved');
  const certificate = socket.getPeerCertificate();
  const shown = Object.keys(certificate).length > 0;
  if (shown && socket.authorized) return namesOf(certificate);
  const why = shown ? String(socket.authorizationError ?? 'it is not verified') : 'there is none';
  throw new GatewayError('FIX_LOGON_CREDENTIALS', `the peer's certificate: ${why}`);
}

const provedAnew = constants.SSL_OP_NO_TICKET;

function keyOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`;
}
