import type { Socket } from 'node:net';
import { fixFramer } from '../../codecs/fix/index.ts';
import type { Cut, FramerState } from '../../src/contract/frame.ts';
import { concatBytes } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Limits } from '../../src/core/limits.ts';

/** Bytes that wait in a socket for a peer that does not read; beyond, the connection is closed and the store resends. */
const unreadBytesMax = 16 * 1024 * 1024;
/**
 * Bytes that are read before whatever else waits has its turn. Node.js reads a socket that has more and more in one go, two
 * mebibytes of it: so long would other sessions wait, and answers of the log.
 */
const turnBytesMax = 160 * 1024;
/** How long the other side may take to close after we did. */
const lingerMs = 1000;

export interface LinkEnd {
  readonly by: 'us' | 'them' | 'transport';
  readonly reason: string;
}

/** What a link tells its owner. Cuts carry the offset of their first byte in the connection. */
export interface LinkOwner {
  cuts(link: Link, cuts: readonly PlacedCut[]): void;
  closed(link: Link, end: LinkEnd): void;
  slow(link: Link): void;
}

export interface PlacedCut {
  readonly offset: number;
  readonly cut: Exclude<Cut, { kind: 'partial' }>;
}

/** One connection: bytes into frames, bytes out, and its end told once. */
export class Link {
  readonly openedAt: Micros;
  readonly peer: string;
  readonly #socket: Socket;
  #owner: LinkOwner;
  readonly #framer: FramerState;
  #offset = 0;
  #end: LinkEnd | undefined;
  #ended = false;
  /** Its owner wants no more for now. */
  #paused = false;
  #turnBytes = 0;

  /** `peer`: who is on the other end, where that is not whom the socket is connected with. */
  constructor(socket: Socket, owner: LinkOwner, limits: Limits, openedAt: Micros, peer = peerOf(socket)) {
    this.#socket = socket;
    this.#owner = owner;
    this.#framer = fixFramer.open(limits);
    this.openedAt = openedAt;
    this.peer = peer;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('end', () => this.#feed(new Uint8Array(0), true));
    socket.on('error', (cause) => this.#ending({ by: 'transport', reason: cause.message }));
    socket.on('close', () => {
      this.#ended = true;
      this.#owner.closed(this, this.#end ?? { by: 'them', reason: 'the connection was closed' });
    });
  }

  /** From now on it is told to somebody else; what was told before is not told again. */
  handTo(owner: LinkOwner): void {
    this.#owner = owner;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  write(parts: readonly Uint8Array[]): void {
    if (parts.length === 0 || this.#ended || this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(concatBytes(parts));
    if (this.#socket.writableLength > unreadBytesMax) this.#owner.slow(this);
  }

  /** Resolves when the socket takes more, or is gone. */
  async drained(): Promise<void> {
    const socket = this.#socket;
    if (!socket.writableNeedDrain || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.once('drain', done).once('close', done);
    });
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  /** Lets go of what was written, then hangs up. */
  end(end: LinkEnd): void {
    this.#ending(end);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  /** Hangs up at once. */
  destroy(end: LinkEnd): void {
    this.#ending(end);
    this.#socket.destroy();
  }

  #ending(end: LinkEnd): void {
    this.#end ??= end;
  }

  #take(chunk: Uint8Array): void {
    this.#feed(chunk, false);
    this.#turnBytes += chunk.length;
    if (this.#turnBytes <= turnBytesMax || this.#paused) return;
    this.#turnBytes = 0;
    this.#socket.pause();
    setImmediate(() => {
      if (!this.#paused) this.#socket.resume();
    });
  }

  #feed(chunk: Uint8Array, last: boolean): void {
    const placed: PlacedCut[] = [];
    for (const cut of this.#framer.feed(chunk, last)) {
      if (cut.kind === 'partial') continue;
      placed.push({ offset: this.#offset, cut });
      this.#offset += cut.bytes.length;
    }
    if (placed.length > 0) this.#owner.cuts(this, placed);
  }
}

/** `192.0.2.7:52011`, or `[2001:db8::7]:52011`. */
export function peerOf(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return placeOf(socket.remoteAddress ?? '', socket.remotePort ?? 0);
}

export function placeOf(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
