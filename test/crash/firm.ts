import { createServer, type Socket } from 'node:net';
import type { FixBody } from '../../certification/simulators/clearing-firm/executions.ts';
import type { Seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { type FixField, type FixMessage, fix, fixFramer, writeFix } from '../../codecs/fix/index.ts';
import type { FramerState } from '../../src/contract/frame.ts';
import { limits } from '../../src/core/limits.ts';

/**
 * A clearing firm that sends drop copy as fast as the line takes it, and holds the gateway to its word. It is written
 * against the standard and not over the session layer under test, so that one mistake cannot stand on both sides.
 */
export interface Firm {
  readonly port: number;
  /** The highest MsgSeqNum(34) that was written to a connection. */
  readonly sentTo: number;
  /** How many of the reports were sent; those behind them were never spoken of. */
  readonly told: number;
  /** A gateway is logged on at this moment. */
  readonly loggedOn: boolean;
  /** Everything that was allowed is sent. */
  readonly idle: boolean;
  /** The highest LastMsgSeqNumProcessed(369) that the gateway ever said: what it may never lose again. */
  readonly spokenFor: number;
  /** What the gateway did that it must not do, whatever was killed. */
  readonly wrongs: readonly string[];
  /** How many ResendRequests it answered, and how many messages it repeated though nobody asked. */
  readonly resends: number;
  readonly unasked: number;
  /** How many more reports may be sent for now. */
  allow(reports: number): void;
  close(): Promise<void>;
}

export interface FirmOptions {
  readonly reports: readonly FixBody[];
  readonly random: Seeded;
  readonly us: string;
  readonly them: string;
}

/** One message of ours as it stands under its number. Admin messages are gap-filled, and keep no body. */
interface Sent {
  readonly body: FixBody | undefined;
  readonly at: string;
}

/** Starts listening on a free port of 127.0.0.1. */
export async function startFirm(options: FirmOptions): Promise<Firm> {
  const desk = new FirmDesk(options);
  const server = createServer((socket) => desk.connected(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(desk, {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        desk.hangUp();
        server.close(() => resolve());
      }),
  });
}

class FirmDesk {
  readonly wrongs: string[] = [];
  spokenFor = 0;
  resends = 0;
  unasked = 0;
  private readonly options: FirmOptions;
  private readonly sent: Sent[] = [];
  private nextReport = 0;
  private allowed = 0;
  private expected = 1;
  private socket: Socket | undefined;
  loggedOn = false;
  private asked = false;
  private going = false;

  constructor(options: FirmOptions) {
    this.options = options;
  }

  get sentTo(): number {
    return this.sent.length;
  }

  get told(): number {
    return this.nextReport;
  }

  get idle(): boolean {
    return this.allowed === 0 || this.nextReport === this.options.reports.length;
  }

  allow(reports: number): void {
    this.allowed += reports;
    this.go();
  }

  hangUp(): void {
    this.socket?.destroy();
  }

  connected(socket: Socket): void {
    this.socket?.destroy();
    this.socket = socket;
    this.loggedOn = false;
    this.asked = false;
    socket.setNoDelay(true);
    const framer = fixFramer.open(limits);
    socket.on('data', (chunk: Buffer) => this.read(framer, chunk, socket));
    socket.on('drain', () => this.go());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.socket === socket) this.loggedOn = false;
    });
  }

  private read(framer: FramerState, chunk: Buffer, socket: Socket): void {
    for (const cut of framer.feed(chunk, false)) {
      if (cut.kind === 'garbage') this.wrongs.push(`wrote bytes that are no message: ${cut.why.message}`);
      if (cut.kind !== 'frame') continue;
      const { message, issues } = fix.decode(cut);
      if (message === undefined) this.wrongs.push(`wrote an unreadable message: ${issues[0]?.message}`);
      else if (this.socket === socket) this.received(message);
    }
  }

  private received(message: FixMessage): void {
    this.spokenFor = Math.max(this.spokenFor, message.number(369) ?? 0);
    const sequence = message.number(34) ?? 0;
    const repeated = message.get(43) === 'Y';
    if (sequence < this.expected && !repeated) {
      this.wrongs.push(`used MsgSeqNum(34) ${sequence} again for ${message.name}`);
      this.hangUp();
      return;
    }
    if (message.type === 'A') this.logon();
    if (sequence > this.expected && !this.asked) {
      this.asked = true;
      this.admin('2', [
        [7, String(this.expected)],
        [16, '0'],
      ]);
    }
    if (message.type === '2') this.resend(message.number(7) ?? 1, message.number(16) ?? 0);
    if (message.type === '1') this.admin('0', [[112, message.get(112) ?? '']]);
    if (message.type === '3') this.wrongs.push(`rejected a message: ${message.get(58)}`);
    if (message.type === '5') this.logout();
    if (message.type === '4' && sequence <= this.expected) {
      this.expected = Math.max(this.expected, message.number(36) ?? 0);
    } else if (sequence === this.expected) this.expected += 1;
    if (sequence <= this.expected) this.asked = false;
    this.go();
  }

  private logon(): void {
    this.admin('A', [
      [98, '0'],
      [108, '30'],
    ]);
    this.loggedOn = true;
  }

  private logout(): void {
    this.admin('5', []);
    this.loggedOn = false;
    this.socket?.end();
  }

  private go(): void {
    if (this.going) return;
    this.going = true;
    setImmediate(() => {
      this.going = false;
      this.pump();
    });
  }

  /** Sends while it may and the line takes it, in bursts; between them it asks for a sign of life, or repeats itself. */
  private pump(): void {
    const { reports, random } = this.options;
    const burst = random.between(1, 60);
    for (let count = 0; count < burst && this.open(); count++) {
      const body = reports[this.nextReport];
      if (this.allowed === 0 || body === undefined) return;
      this.nextReport += 1;
      this.allowed -= 1;
      this.write('8', body);
    }
    if (!this.open()) return;
    if (random.below(3) === 0) this.admin('1', [[112, `T${this.sent.length}`]]);
    if (random.below(8) === 0) this.repeatUnasked();
    this.go();
  }

  private open(): boolean {
    return this.loggedOn && this.socket?.writableNeedDrain === false && !this.socket.destroyed;
  }

  /** Firms do that, after a failover for one: a range of what was sent comes again with PossDupFlag(43). */
  private repeatUnasked(): void {
    const { random } = this.options;
    // What was sent just now, or what the gateway should have had for long.
    const last = random.below(2) === 0 ? this.sent.length : random.between(1, this.sent.length);
    const first = Math.max(1, last - random.below(40));
    for (let sequence = first; sequence <= last; sequence++) {
      const sent = this.sent[sequence - 1];
      if (sent?.body === undefined) continue;
      this.unasked += 1;
      this.put(sequence, '8', sent.body, sent.at);
    }
  }

  private resend(from: number, to: number): void {
    this.resends += 1;
    const last = to === 0 ? this.sent.length : Math.min(to, this.sent.length);
    for (let sequence = from; sequence <= last; ) {
      const sent = this.sent[sequence - 1];
      if (sent?.body !== undefined) {
        this.put(sequence, '8', sent.body, sent.at);
        sequence += 1;
        continue;
      }
      let next = sequence + 1;
      while (next <= last && this.sent[next - 1]?.body === undefined) next += 1;
      const at = sent?.at ?? wireTime();
      this.put(
        sequence,
        '4',
        [
          [123, 'Y'],
          [36, String(next)],
        ],
        at,
      );
      sequence = next;
    }
  }

  private admin(type: string, body: FixBody): void {
    this.write(type, body);
  }

  private write(type: string, body: FixBody): void {
    const at = wireTime();
    this.sent.push({ body: type === '8' ? body : undefined, at });
    this.put(this.sent.length, type, body, undefined, at);
  }

  private put(sequence: number, type: string, body: FixBody, original?: string, at = wireTime()): void {
    const header: FixField[] = [
      [35, type],
      [34, String(sequence)],
      [49, this.options.us],
      [56, this.options.them],
      ...(original === undefined ? [] : ([[43, 'Y']] as const)),
      [52, at],
      ...(original === undefined ? [] : ([[122, original]] as const)),
    ];
    this.socket?.write(writeFix('FIX.4.4', [...header, ...body]));
  }
}

/** SendingTime(52) of now, in milliseconds. */
function wireTime(): string {
  return new Date().toISOString().slice(0, -1).replaceAll('-', '').replace('T', '-');
}
