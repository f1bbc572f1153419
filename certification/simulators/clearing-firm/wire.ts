import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { type FixField, type FixMessage, fix, fixFramer, writeFix } from '../../../codecs/fix/index.ts';
import type { Framer } from '../../../src/contract/frame.ts';
import { type Clock, isoOfMicros } from '../../../src/core/clock.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { limits } from '../../../src/core/limits.ts';

/** What happens to the first transmission of a report, by its ExecID(17). Sent again, it passes as it is. */
export type Faults = ReadonlyMap<string, 'lose' | 'garble'>;

export interface WireOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Where the session itself listens. */
  readonly sessionPort: number;
  readonly senderCompId: string;
  readonly targetCompId: string;
  readonly faults: Faults;
  /** The session remembers nothing from before. */
  readonly fresh: boolean;
  readonly clock: Clock;
}

/**
 * The line between the simulated firm's session and whoever connects to it. The session is a true one and knows nothing of
 * this: frames are lost, garbled or written twice here, as a line or a bad gateway would do it.
 */
export interface Wire {
  readonly port: number;
  /** The last number that the other side said it has committed: LastMsgSeqNumProcessed(369); 0 before it said any. */
  processed(): number;
  /** Resolves once the report was put on the line (or lost there). */
  passed(execId: string): Promise<void>;
  /**
   * Writes the last reports of this numbering once more, with PossDupFlag(43), as soon as the other side has said that it
   * keeps them; and again, where the connection ends before it can have read them.
   */
  again(count: number): void;
  /** The other side may not have read everything that was to be written once more. */
  repeating(): boolean;
  /**
   * Begins the numbering of both sides anew in the middle of the session: a Logon(A) with ResetSeqNumFlag(141) to the
   * other side, whose answer makes the session follow. Resolves once both stand at the beginning.
   */
  reset(): Promise<void>;
  counts(): WireCounts;
  close(): Promise<void>;
}

export interface WireCounts {
  readonly connections: number;
  readonly lost: number;
  readonly garbled: number;
  /** Reports that were to be written once more; a connection that ends may take more than one writing. */
  readonly again: number;
}

/** Reports that are written once more. */
interface Repeating {
  readonly reports: readonly FixMessage[];
  /** The last number among them. */
  readonly last: number;
  /** The connection that they were written to. */
  on: Socket | undefined;
  /** The first number that was written behind them: who keeps it has read them. */
  behind: number;
}

/** Reports of a numbering that can be written once more. */
const rememberedMax = 1_000;

export async function openWire(options: WireOptions): Promise<Wire> {
  const line = new Line(options);
  await line.listen();
  return line;
}

class Line implements Wire {
  readonly #options: WireOptions;
  readonly #server = createServer((client) => this.#accept(client));
  readonly #sockets = new Set<Socket>();
  readonly #passed = new Set<string>();
  #waiting: { readonly execId: string; readonly done: () => void }[] = [];
  #client: Socket | undefined;
  /** The connection on which both Logon(A)s have passed. */
  #greeted: Socket | undefined;
  /** The latest reports of the current numbering, by number, as they first passed. */
  readonly #sent = new Map<number, FixMessage>();
  #repeating: Repeating | undefined;
  /** The session's last Logon(A), to make another one from. */
  #logon: FixMessage | undefined;
  /** While a reset runs: what to do when the session has followed. */
  #resetDone: (() => void) | undefined;
  #processed = 0;
  #counts = { connections: 0, lost: 0, garbled: 0, again: 0 };

  constructor(options: WireOptions) {
    this.#options = options;
  }

  async listen(): Promise<void> {
    const { port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) =>
        reject(
          new GatewayError('SIM_LISTEN', `127.0.0.1:${port} cannot be listened on`, {
            cause,
            place: `127.0.0.1:${port}`,
            remedy: 'take another port with --port, or 0 for a free one',
          }),
        ),
      );
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    const address = this.#server.address();
    assert(typeof address === 'object' && address !== null);
    return address.port;
  }

  processed(): number {
    return this.#processed;
  }

  passed(execId: string): Promise<void> {
    if (this.#passed.has(execId)) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ execId, done }));
  }

  again(count: number): void {
    const numbers = [...this.#sent.keys()].sort((left, right) => left - right).slice(-count);
    const reports = numbers.flatMap((number) => this.#sent.get(number) ?? []);
    this.#counts.again += reports.length;
    this.#repeating = { reports, last: numbers.at(-1) ?? 0, on: undefined, behind: Number.POSITIVE_INFINITY };
  }

  repeating(): boolean {
    return this.#repeating !== undefined;
  }

  reset(): Promise<void> {
    const logon = this.#logon;
    const client = this.#client;
    assert(logon !== undefined && client !== undefined, 'a session is reset while it is up');
    return new Promise((done) => this.#beginAnew(client, logon, done));
  }

  #beginAnew(client: Socket, logon: FixMessage, done: () => void): void {
    this.#resetDone = done;
    this.#sent.clear();
    this.#repeating = undefined;
    this.#processed = 0;
    client.write(this.#resetting(logon));
  }

  counts(): WireCounts {
    return { ...this.#counts };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    const session = connect(this.#options.sessionPort, '127.0.0.1');
    this.#counts.connections += 1;
    this.#client = client;
    this.#tie(client, session);
    this.#tie(session, client);
    session.on(
      'data',
      cutter((bytes, message) => this.#toClient(client, bytes, message)),
    );
    client.on(
      'data',
      cutter((bytes, message) => this.#fromClient(session, client, bytes, message)),
    );
  }

  /** What ends on one side ends on the other. */
  #tie(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('end', () => other.end());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroySoon();
    });
  }

  #fromClient(session: Socket, client: Socket, bytes: Uint8Array, message: FixMessage | undefined): void {
    if (message !== undefined && this.#isStranger(message)) {
      this.#beginAnew(client, message, () => undefined);
      return;
    }
    if (message?.type === 'A' && message.get(141) !== 'Y' && this.#resetDone !== undefined) {
      // The other side was gone before it had answered: it is asked again.
      client.write(this.#resetting(message));
      return;
    }
    // While a reset runs, the other side may still speak of numbers of the old numbering.
    if (this.#resetDone === undefined) this.#processed = message?.number(369) ?? this.#processed;
    if (client === this.#greeted) this.#repeat(client);
    session.write(bytes);
  }

  /** Looks at what is to be written once more when the other side has said how far it is. */
  #repeat(client: Socket): void {
    const repeating = this.#repeating;
    if (repeating === undefined || this.#processed < repeating.last) return;
    if (repeating.on === client) {
      if (this.#processed >= repeating.behind) this.#repeating = undefined;
      return;
    }
    Object.assign(repeating, { on: client, behind: Number.POSITIVE_INFINITY });
    for (const report of repeating.reports) client.write(this.#possibleDuplicate(report));
  }

  /**
   * The other side goes on with the numbers of an earlier run, and this one has not begun: as a firm that lost its
   * numbers does, it answers with ResetSeqNumFlag(141).
   */
  #isStranger(message: FixMessage): boolean {
    const fresh = this.#logon === undefined && this.#options.fresh;
    return fresh && message.type === 'A' && message.get(141) !== 'Y' && (message.number(34) ?? 1) > 1;
  }

  #toClient(client: Socket, bytes: Uint8Array, message: FixMessage | undefined): void {
    if (message?.type === 'A') this.#logon = message;
    if (this.#resetDone !== undefined) {
      this.#duringReset(client, message, this.#resetDone);
      return;
    }
    const execId = message?.get(17);
    if (message === undefined || execId === undefined) client.write(bytes);
    else this.#report(client, bytes, message, execId);
    if (message?.type === 'A') this.#greeted = client;
    if (message !== undefined && message.get(43) !== 'Y') this.#goesBehind(client, message.number(34));
  }

  #goesBehind(client: Socket, number = 0): void {
    const repeating = this.#repeating;
    if (repeating?.on === client) repeating.behind = Math.min(repeating.behind, number);
  }

  /** The old numbering is over for the other side: nothing of it may follow, and the new Logon(A) it has already. */
  #duringReset(client: Socket, message: FixMessage | undefined, done: () => void): void {
    if (message?.type !== 'A' || message.get(141) !== 'Y') return;
    this.#resetDone = undefined;
    this.#greeted = client;
    done();
  }

  #report(client: Socket, bytes: Uint8Array, message: FixMessage, execId: string): void {
    const again = message.get(43) === 'Y';
    this.#remember(message);
    const fault = again || this.#passed.has(execId) ? undefined : this.#options.faults.get(execId);
    if (fault === 'lose') this.#counts.lost += 1;
    else client.write(fault === 'garble' ? this.#garbled(bytes) : bytes);
    this.#passed.add(execId);
    this.#waiting = this.#waiting.filter((waiting) => {
      if (waiting.execId === execId) waiting.done();
      return waiting.execId !== execId;
    });
  }

  #remember(message: FixMessage): void {
    const number = message.number(34);
    if (number === undefined || this.#sent.has(number)) return;
    this.#sent.set(number, message);
    this.#sent.delete(number - rememberedMax);
  }

  /** One bit of CheckSum(10) turned over on the way. */
  #garbled(bytes: Uint8Array): Uint8Array {
    this.#counts.garbled += 1;
    const copy = Uint8Array.from(bytes);
    const at = copy.length - 2;
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  }

  #possibleDuplicate(message: FixMessage): Uint8Array {
    const now = this.#now();
    const fields: FixField[] = [];
    for (const [tag, value] of message.fields()) {
      if ([8, 9, 10, 43, 122].includes(tag)) continue;
      if (tag === 52) fields.push([43, 'Y'], [52, now], [122, message.get(122) ?? value]);
      else fields.push([tag, value]);
    }
    return writeFix(message.beginString, fields);
  }

  /** In the session's name, whoever's Logon(A) it is made from. */
  #resetting(logon: FixMessage): Uint8Array {
    const { senderCompId, targetCompId } = this.#options;
    return writeFix(logon.beginString, [
      [35, 'A'],
      [34, '1'],
      [49, senderCompId],
      [52, this.#now()],
      [56, targetCompId],
      [98, '0'],
      [108, logon.get(108) ?? '30'],
      [141, 'Y'],
    ]);
  }

  /** `20261112-13:30:00.123`. */
  #now(): string {
    const iso = isoOfMicros(this.#options.clock.now());
    return `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 23)}`;
  }
}

/** Reads chunks as frames; what is no frame is passed on as it is. */
function cutter(pass: (bytes: Uint8Array, message: FixMessage | undefined) => void): (chunk: Buffer) => void {
  const framer: Framer = fixFramer;
  const state = framer.open(limits);
  return (chunk) => {
    for (const cut of state.feed(chunk, false)) {
      if (cut.kind === 'frame') pass(cut.bytes, fix.decode(cut).message);
      else if (cut.kind === 'garbage') pass(cut.bytes, undefined);
    }
  };
}
