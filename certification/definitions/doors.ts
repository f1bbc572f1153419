import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { GatewayError, systemCode } from '../../src/core/errors.ts';
import { type DefinitionConnection, definitionConnection } from './connection.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How the connections of one definition come about. */
export interface Door {
  /** The next connection; a text says why there is none. */
  open(timeoutMs: number, signal: AbortSignal): Promise<DefinitionConnection | string>;
  /** Lets nobody in any more. The connections that were given stay. */
  close(): Promise<void>;
}

/** Connects to an engine that listens. */
export function connectingDoor(target: Address): Door {
  return {
    open: (timeoutMs, signal) => dial(target, timeoutMs, signal),
    close: () => Promise.resolve(),
  };
}

/** How long a refused connection is tried again: an engine that just hung up may take a moment to listen again. */
const dialAgainMs = 100;

async function dial(
  { host, port }: Address,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DefinitionConnection | string> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const socket = connect({ host, port, allowHalfOpen: true });
    const failed = await reached(socket, Math.max(1, until - performance.now()), signal);
    if (failed === undefined) return definitionConnection(socket);
    socket.destroy();
    if (signal.aborted || performance.now() + dialAgainMs > until) return failed;
    await new Promise((resolve) => setTimeout(resolve, dialAgainMs));
  }
}

function reached(socket: Socket, timeoutMs: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done('no answer to the connection'), timeoutMs);
    const stop = (): void => done('the run was stopped');
    const done = (why: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(why);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => done(undefined));
    // It stays for the life of the socket: what happens later is heard by the connection.
    socket.on('error', (cause) => done(systemCode(cause) ?? cause.message));
  });
}

/** Fails with CERT_TARGET where nobody answers within `timeoutMs`; the connection that found out is closed again. */
export async function requireTarget(target: Address, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const opened = await dial(target, timeoutMs, signal);
  if (typeof opened !== 'string') return opened.close();
  throw new GatewayError('CERT_TARGET', `nobody answers at ${target.host}:${target.port}: ${opened}`, {
    retryable: true,
    place: `${target.host}:${target.port}`,
    remedy:
      opened === 'ENOTFOUND' || opened === 'EAI_AGAIN'
        ? 'see how the name of the host is written: nobody knows its address'
        : 'start the engine under test, and see where it listens',
  });
}

/**
 * Listens for an engine that connects. A port of 0 takes a free one, which `address` says. Those who connect beyond what is asked
 * for wait their turn, and are hung up on when the door closes.
 */
export async function listeningDoor(at: Address): Promise<Door & { readonly address: Address }> {
  const arrived: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    arrived.push(socket);
    server.emit('arrived');
  });
  await listening(server, at);
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return {
    address: { host: at.host, port: address.port },
    open: (timeoutMs, signal) => nextOf(server, arrived, timeoutMs, signal),
    async close() {
      for (const socket of arrived) socket.destroy();
      // Not waited for: it closes when the last connection does, and those belong to the definition.
      server.close();
    },
  };
}

async function listening(server: Server, { host, port }: Address): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new GatewayError('CERT_TARGET', `cannot listen on ${host}:${port}: ${systemCode(cause) ?? cause}`, {
      place: `${host}:${port}`,
      remedy: 'name an address of this machine and a port that is free',
      cause,
    });
  }
}

async function nextOf(
  server: Server,
  arrived: Socket[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DefinitionConnection | string> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  while (arrived.length === 0) {
    if (over.aborted) return `nobody connected within ${timeoutMs / 1000} s`;
    await once(server, 'arrived', { signal: over }).catch(() => undefined);
  }
  const socket = arrived.shift();
  assert(socket !== undefined);
  return definitionConnection(socket);
}
