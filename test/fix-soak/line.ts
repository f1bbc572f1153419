import { connect, createServer, type Socket } from 'node:net';

/** How a line ends: by a reset of both ends, in order, or by nothing at all, so that each end has to find out by itself. */
export type Break = 'reset' | 'close' | 'silence';
/** Bytes of which way are counted. */
export type Way = 'up' | 'down';

/** A pass-through between two sides that breaks at a chosen byte, in the middle of a message as well as between two. */
export interface Line {
  readonly port: number;
  /** Where connections are passed on to: it may move with every restart of whoever listens there. */
  target: number;
  /** Breaks the connection right behind so many more bytes of a way, or at `ms` at the latest. Resolves when it has, or when there was none. */
  breakAfter(how: Break, way: Way, bytes: number, ms: number): Promise<boolean>;
  close(): Promise<void>;
}

/** How long the ends of a silent line may stay unaware of each other; both sides' heartbeats end it before. */
const silenceMs = 8_000;

interface Plan {
  readonly how: Break;
  readonly way: Way;
  left: number;
  readonly done: (broke: boolean) => void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  silent: boolean;
}

/** A line on a free port of loopback. `up` is from whoever connects to whoever listens. */
export async function openLine(target: number): Promise<Line> {
  const pairs = new Set<Pair>();
  let plan: Plan | undefined;
  let destination = target;

  const broken = (pair: Pair | undefined, how: Break): void => {
    const { done } = plan ?? { done: () => undefined };
    plan = undefined;
    if (pair !== undefined) breakPair(pair, how);
    done(pair !== undefined);
  };
  const pass = (pair: Pair, way: Way, chunk: Buffer): void => {
    const [from, to] = way === 'up' ? [pair.near, pair.far] : [pair.far, pair.near];
    if (pair.silent) return;
    const due = plan?.way === way && plan.left <= chunk.length ? plan : undefined;
    if (due === undefined) {
      if (plan?.way === way) plan.left -= chunk.length;
      if (!to.write(chunk)) hold(from, to);
      return;
    }
    from.pause();
    to.write(chunk.subarray(0, due.left), () => broken(pair, due.how));
  };
  const server = createServer((near) => {
    const far = connect(destination, '127.0.0.1');
    const pair = { near, far, silent: false };
    pairs.add(pair);
    near.on('data', (chunk: Buffer) => pass(pair, 'up', chunk));
    far.on('data', (chunk: Buffer) => pass(pair, 'down', chunk));
    join(pair, () => pairs.delete(pair));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    get target() {
      return destination;
    },
    set target(port: number) {
      destination = port;
    },
    breakAfter: (how, way, bytes, ms) =>
      new Promise((resolve) => {
        const last = (): Pair | undefined => [...pairs].findLast(({ silent }) => !silent);
        const timer = setTimeout(() => broken(last(), how), ms);
        const done = (broke: boolean): void => {
          clearTimeout(timer);
          resolve(broke);
        };
        plan = { how, way, left: Math.max(1, bytes), done };
      }),
    close: () =>
      new Promise((resolve) => {
        for (const { near, far } of pairs) for (const end of [near, far]) end.destroy();
        server.close(() => resolve());
      }),
  };
}

function hold(from: Socket, to: Socket): void {
  from.pause();
  to.once('drain', () => from.resume());
}

function breakPair(pair: Pair, how: Break): void {
  const { near, far } = pair;
  if (how === 'silence') {
    pair.silent = true;
    // Read on, and into nothing: whoever writes sees a line that takes everything.
    for (const end of [near, far]) end.resume();
    setTimeout(() => {
      for (const end of [near, far]) end.destroy();
    }, silenceMs).unref();
    return;
  }
  for (const end of [near, far]) {
    if (how === 'reset') end.resetAndDestroy();
    else end.end();
  }
}

/** When one end goes the other goes too, unless the line is silent: then it has to find out by itself. */
function join(pair: Pair, gone: () => void): void {
  const { near, far } = pair;
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.setNoDelay(true);
    one.on('error', () => undefined);
    one.on('close', () => {
      gone();
      // What was written before still gets there.
      if (!pair.silent) other.destroySoon();
    });
  }
}
