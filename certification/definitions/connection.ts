import type { Socket } from 'node:net';
import { systemCode } from '../../src/core/errors.ts';
import { cutAnswer } from './answer.ts';

export type Reading =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  | { readonly kind: 'unreadable'; readonly bytes: Buffer; readonly why: string }
  | { readonly kind: 'silent'; readonly bytes: Buffer }
  | { readonly kind: 'ended'; readonly bytes: Buffer; readonly reset: boolean }
  | { readonly kind: 'stopped' };

/** How a connection stands after a wait for its end. `data`: something came first. */
export type Ending = 'ended' | 'reset' | 'data' | 'open' | 'stopped';

/** One TCP connection with the engine under test. Nothing is read further than somebody asks for. */
export interface DefinitionConnection {
  /** False where the connection is known to be over. */
  send(bytes: Uint8Array): Promise<boolean>;
  /** The next message, or why there is none. */
  read(timeoutMs: number, signal: AbortSignal): Promise<Reading>;
  /** Waits for the end. What came before it is left where it is. */
  ending(timeoutMs: number, signal: AbortSignal): Promise<Ending>;
  /** Bytes that came and were not read. */
  unread(): Buffer;
  /** Closes in order, and waits a moment for the other side to have seen it. */
  close(): Promise<void>;
}

/** How long the other side may take nothing of what is written, before the connection counts as over. */
const writeWaitMs = 10_000;
/** How long the other side has to close after we did, before the connection is thrown away. */
const closeWaitMs = 500;

interface Received {
  bytes: Buffer;
  ended: boolean;
  reset: boolean;
}

/** The socket has to keep its half open when the other side ends (`allowHalfOpen`). */
export function definitionConnection(socket: Socket): DefinitionConnection {
  const state: Received = { bytes: Buffer.alloc(0), ended: false, reset: false };
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const wake of waiting) wake();
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    state.bytes = state.bytes.length === 0 ? chunk : Buffer.concat([state.bytes, chunk]);
    changed();
  });
  socket.on('end', () => {
    state.ended = true;
    changed();
  });
  socket.on('error', (cause) => {
    state.reset = systemCode(cause) !== 'EPIPE';
    state.ended = true;
    changed();
  });
  socket.on('close', () => {
    state.ended = true;
    changed();
  });
  const wait = <Result>(
    look: () => Result | undefined,
    timeoutMs: number,
    signal: AbortSignal,
    late: () => Result,
    stopped: Result,
  ): Promise<Result> => waitFor(waiting, look, timeoutMs, signal, late, stopped);

  const take = (length: number): Buffer => {
    const taken = state.bytes.subarray(0, length);
    state.bytes = state.bytes.subarray(length);
    return taken;
  };
  const look = (): Reading | undefined => {
    const cut = cutAnswer(state.bytes);
    if (cut.kind === 'message') return { kind: 'message', bytes: take(cut.length) };
    if (cut.kind === 'unreadable') return { ...cut, bytes: state.bytes };
    return state.ended ? { kind: 'ended', bytes: state.bytes, reset: state.reset } : undefined;
  };
  const lookForEnd = (): Ending | undefined => {
    if (state.bytes.length > 0) return 'data';
    if (!state.ended) return undefined;
    return state.reset ? 'reset' : 'ended';
  };
  return {
    send: (bytes) => written(socket, bytes),
    read: (timeoutMs, signal) =>
      wait<Reading>(look, timeoutMs, signal, () => ({ kind: 'silent', bytes: state.bytes }), {
        kind: 'stopped',
      }),
    ending: (timeoutMs, signal) => wait<Ending>(lookForEnd, timeoutMs, signal, () => 'open', 'stopped'),
    unread: () => state.bytes,
    close: () => closed(socket),
  };
}

/** Looks at once and whenever something changed, until there is a result, the time is over, or the run is stopped. */
function waitFor<Result>(
  waiting: Set<() => void>,
  look: () => Result | undefined,
  timeoutMs: number,
  signal: AbortSignal,
  late: () => Result,
  stopped: Result,
): Promise<Result> {
  return new Promise((resolve) => {
    const done = (result: Result): void => {
      waiting.delete(wake);
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    const wake = (): void => {
      const result = look();
      if (result !== undefined) done(result);
    };
    const stop = (): void => done(stopped);
    const timer = setTimeout(() => done(look() ?? late()), timeoutMs);
    waiting.add(wake);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else wake();
  });
}

function written(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  if (!socket.writable) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), writeWaitMs);
    socket.write(bytes, (cause) => {
      clearTimeout(timer);
      resolve(cause === undefined || cause === null);
    });
  });
}

function closed(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), closeWaitMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // What still comes is of no interest, but has to be read for the end behind it to be seen.
    socket.resume();
    socket.end();
  });
}
