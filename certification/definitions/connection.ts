import type { Socket } from 'node:net';
import { systemCode } from '../../src/core/errors.ts';
import { answerBytesMax, cutAnswer } from './answer.ts';

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

/** So many bytes are held that nobody asked for; then the other side waits. More than the largest message that is read. */
const heldBytesMax = 2 * answerBytesMax;
/** How long the other side may take nothing of what is written, before the connection counts as over. */
const writeWaitMs = 10_000;
/** How long the other side has to close after we did, before the connection is thrown away. */
const closeWaitMs = 500;

interface Received {
  /** What came and was not read, in pieces: put together when somebody looks. */
  pieces: Buffer[];
  length: number;
  ended: boolean;
  reset: boolean;
}

/** The socket has to keep its half open when the other side ends (`allowHalfOpen`). */
export function definitionConnection(socket: Socket): DefinitionConnection {
  const state: Received = { pieces: [], length: 0, ended: false, reset: false };
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const wake of waiting) wake();
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    state.pieces.push(chunk);
    state.length += chunk.length;
    if (state.length > heldBytesMax) socket.pause();
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
    const all = unread(state);
    state.pieces = [all.subarray(length)];
    state.length -= length;
    if (state.length <= heldBytesMax) socket.resume();
    return all.subarray(0, length);
  };
  const look = (): Reading | undefined => {
    const bytes = unread(state);
    const cut = cutAnswer(bytes);
    if (cut.kind === 'message') return { kind: 'message', bytes: take(cut.length) };
    if (cut.kind === 'unreadable') return { ...cut, bytes };
    return state.ended ? { kind: 'ended', bytes, reset: state.reset } : undefined;
  };
  const lookForEnd = (): Ending | undefined => {
    if (state.length > 0) return 'data';
    if (!state.ended) return undefined;
    return state.reset ? 'reset' : 'ended';
  };
  return {
    send: (bytes) => written(socket, bytes),
    read: (timeoutMs, signal) =>
      wait<Reading>(look, timeoutMs, signal, () => ({ kind: 'silent', bytes: unread(state) }), {
        kind: 'stopped',
      }),
    ending: (timeoutMs, signal) => wait<Ending>(lookForEnd, timeoutMs, signal, () => 'open', 'stopped'),
    unread: () => unread(state),
    close: () => closed(socket),
  };
}

function unread(state: Received): Buffer {
  const [only = Buffer.alloc(0)] = state.pieces;
  if (state.pieces.length <= 1) return only;
  const all = Buffer.concat(state.pieces);
  state.pieces = [all];
  return all;
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
