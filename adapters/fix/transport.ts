import { connect as connectTcp, createServer, isIP, type Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  type PeerCertificate,
  type SecureContextOptions,
  TLSSocket,
} from 'node:tls';
import { shownText } from '../../src/core/bytes.ts';
import { GatewayError, systemCode } from '../../src/core/errors.ts';
import { fixSessionIssues } from './issues.ts';
import { type FixSessionOptions, speaksTls } from './options.ts';

/** An initiator's connection, TLS finished and the peer verified. Rejects with `FIX_CONNECTION` or `FIX_TLS`. */
export async function connect(options: FixSessionOptions, signal: AbortSignal): Promise<Socket> {
  const { host = '', port, logonTimeoutSeconds } = options;
  const place = `${host}:${port}`;
  const secure = speaksTls(options);
  const named = isIP(host) === 0 ? { servername: host } : {};
  const { tls } = options;
  const socket = secure
    ? connectTls({
        host,
        port,
        ...named,
        ...(tls?.serverName !== undefined && { servername: tls.serverName }),
        ...secretsOf(options),
        rejectUnauthorized: tls?.verify !== false,
      })
    : connectTcp({ host, port });
  socket.setTimeout(logonTimeoutSeconds * 1000, () => socket.destroy(new Error('timed out')));
  const stop = (): void => void socket.destroy(new Error('given up'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await settled(socket, secure ? 'secureConnect' : 'connect');
    socket.setTimeout(0);
    if (socket instanceof TLSSocket) requireName(options, socket);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw connectionError(cause, place);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export interface Listener {
  /** `127.0.0.1:9878`, the port as it was given or found. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens on one address and nowhere else: plain TCP, on which others do the rest. Rejects with `FIX_LISTEN`. */
export async function listen(
  { bind, port: asked }: Pick<FixSessionOptions, 'bind' | 'port'>,
  connection: (socket: Socket) => void,
  failed: (cause: Error) => void,
): Promise<Listener> {
  const server = createServer(connection);
  const place = `${bind}:${asked}`;
  server.listen({ host: bind, port: asked });
  try {
    await settled(server, 'listening');
  } catch (cause) {
    const text = `cannot listen on ${place}: ${systemCode(cause) ?? 'failed'}`;
    throw new GatewayError('FIX_LISTEN', text, { cause, place, remedy: listenRemedy(systemCode(cause)) });
  }
  server.on('error', failed);
  const found = server.address();
  const port = typeof found === 'object' && found !== null ? found.port : asked;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { address: `${bind}:${port}`, close };
}

/** Throws `FIX_TLS` where certificate, key and authorities cannot be read or do not belong together. */
export function requireReadable(options: FixSessionOptions): void {
  try {
    createSecureContext(secretsOf(options));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new GatewayError('FIX_TLS', `certificate, key or authorities: ${reason}`, {
      remedy: 'Check the files that tls.cert, tls.key and tls.ca refer to.',
      exitCode: 2,
    });
  }
}

/** What a secure context is made of; holds the key. */
export function secretsOf({ tls }: FixSessionOptions): SecureContextOptions {
  return {
    minVersion: tls?.minVersion ?? 'TLSv1.2',
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    ...(tls?.passphrase !== undefined && { passphrase: tls.passphrase }),
  };
}

function requireName(options: FixSessionOptions, socket: TLSSocket): void {
  const why = namesProblem(options, namesOf(socket.getPeerCertificate()));
  if (why !== undefined) throw new GatewayError('FIX_LOGON_CREDENTIALS', why);
}

/** What stands in `peerNames` for the CompID of the counterparty. */
export const compIdInName = '{targetCompId}';

/** Why a certificate with these names is not the peer's of the session with this CompID; undefined where it is. */
export function namesProblem(
  { tls, targetCompId }: FixSessionOptions,
  names: readonly string[],
  compId = targetCompId,
): string | undefined {
  const wanted = tls?.peerNames?.map((name) => name.replaceAll(compIdInName, () => compId));
  if (wanted === undefined || wanted.some((name) => names.includes(name))) return undefined;
  const shown = names.map((name) => shownText(name)).join(', ');
  return `the peer's certificate is of ${shown || 'nobody'}, not of ${wanted.join(', ')}`;
}

/** Subject CN and DNS names. */
export function namesOf(certificate: PeerCertificate): string[] {
  const subject = certificate.subject?.CN;
  const alternative = (certificate.subjectaltname ?? '').split(', ').flatMap((name) => {
    return name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : [];
  });
  return [...(subject === undefined ? [] : [subject].flat()), ...alternative];
}

function connectionError(cause: unknown, place: string): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const reason = cause instanceof Error ? cause.message : 'failed';
  return new GatewayError('FIX_CONNECTION', `no connection to ${place}: ${reason}`, {
    cause,
    place,
    retryable: true,
    remedy: remedyOf(systemCode(cause)),
  });
}

function listenRemedy(code: string | undefined): string {
  if (code === 'EADDRINUSE') return 'Another process has the port: end it, or name another port.';
  if (code === 'EADDRNOTAVAIL') return 'The address is not of this machine: name one that is.';
  if (code === 'EACCES')
    return 'This user may not have the port: name one from 1024 on, or give it the right.';
  return fixSessionIssues.FIX_LISTEN.remedy;
}

function remedyOf(code: string | undefined): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'See how the name of the host is written.';
  if (code === 'ECONNREFUSED')
    return 'See whether host and port are right, and whether they are open at this hour.';
  return 'Ask the counterparty whether it listens there, and for this machine: a firewall may stand between.';
}

function settled(
  emitter: {
    once(event: string, listener: (cause?: unknown) => void): unknown;
    off(event: string, listener: (cause?: unknown) => void): unknown;
  },
  event: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void => reject(cause);
    emitter.once('error', fail);
    emitter.once(event, () => {
      emitter.off('error', fail);
      resolve();
    });
  });
}
