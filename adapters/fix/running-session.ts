import type { Socket } from 'node:net';
import { fix } from '../../codecs/fix/index.ts';
import type {
  Session,
  SessionCommand,
  SessionPorts,
  SessionState,
  SessionStatus,
} from '../../src/contract/session.ts';
import { isLoopback } from '../../src/core/address.ts';
import type { Micros } from '../../src/core/clock.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Limits } from '../../src/core/limits.ts';
import { readBody } from './body.ts';
import { Commits } from './commits.ts';
import type { Action, AppendAction } from './core.ts';
import type { SessionDialect } from './dialect.ts';
import { Dialer, type DialerOwner } from './dialer.ts';
import { closedText } from './hours.ts';
import type { Hub, Seat } from './hub.ts';
import { fixIssue } from './issues.ts';
import { Link, type LinkEnd, type LinkOwner, type PlacedCut } from './link.ts';
import type { Member } from './lobby.ts';
import { type Machine, openMachine } from './machine.ts';
import { type FixSessionOptions, farHost, speaksTls } from './options.ts';
import { bringStored } from './resending.ts';
import { hoursAt, standingOf } from './standing.ts';

/** How often the machine is told that time passes. */
const tickMs = 100;
/** Bytes read and not committed: above it the socket is not read, below half of it it is again. */
const uncommittedBytesMax = 1024 * 1024;

/**
 * A session that runs: its machine, its connection and its commits. An initiator connects and connects again, an acceptor
 * takes a seat behind a door.
 */
export class RunningSession implements Session, Member, LinkOwner, DialerOwner {
  readonly options: FixSessionOptions;
  readonly limits: Limits;
  readonly #codec: SessionDialect['codec'];
  readonly #ports: SessionPorts;
  readonly #dialer: Dialer;
  readonly #stop = new AbortController();
  readonly #whenDown = new Set<() => void>();
  #machine: Machine;
  #commits: Commits;
  #link: Link | undefined;
  #seat: Seat | undefined;
  #address: string;
  #ticker: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lastMoment: Micros = 0;
  /** The store failed, and is asked again where the session stands. */
  #reloading = false;
  /** What was told of the hours last. */
  #open: boolean | undefined;
  /** An operator changes numbers: nobody connects meanwhile. */
  #commanding = false;

  constructor({ options, codec }: SessionDialect, ports: SessionPorts, state: SessionState) {
    this.options = options;
    this.#codec = codec;
    this.limits = ports.limits;
    this.#ports = ports;
    this.#dialer = new Dialer(options, this, this.#stop.signal);
    this.#address = `${farHost(options)}:${options.port}`;
    this.#machine = this.#newMachine(state);
    this.#commits = this.#newCommits(state);
  }

  /** Without a hub somebody else stands at the door for it. */
  async start(hub: Hub | undefined): Promise<void> {
    const { options } = this;
    if (!speaksTls(options) && !isLoopback(farHost(options))) {
      this.trouble(fixIssue('FIX_INSECURE', `${this.#address} is spoken to without TLS`));
    }
    if (options.role === 'acceptor' && hub !== undefined) {
      this.#seat = await hub.join(this);
      this.#address = this.#seat.address;
      this.#ports.report({ signal: 'listening', address: this.#address });
    }
    // What has come is read first: after a pause of this process it is there, and the peer was not silent.
    const tick = (): void => {
      this.#tell((at) => this.#machine.tick(at));
      this.#followHours();
    };
    this.#ticker = setInterval(() => setImmediate(tick), tickMs);
    this.#dialer.soon(0);
  }

  /** The beginning and the end of a session are told; an initiator connects when it may. */
  #followHours(): void {
    const { hours } = this.#ports;
    const now = this.#ports.clock.now();
    if (hours === undefined || this.#stop.signal.aborted) return;
    const open = hours.at(now) !== undefined;
    if (open === this.#open) return;
    this.#open = open;
    this.#ports.report({ signal: 'hours', ...hoursAt(hours, now) });
    if (open) this.#dialer.soon(0);
  }

  async send(type: string, body: JsonValue): Promise<{ readonly sequence: number }> {
    const { header, fields } = readBody(type, body, this.options.allowPosDup);
    while (this.#commits.waitingBytes > uncommittedBytesMax) await this.#commits.settled();
    this.#requireOpen();
    this.#requireLasting();
    const commits = this.#commits;
    const sequence = this.#machine.send(this.#ports.clock.now(), type, fields, header);
    this.#run();
    await commits.settled();
    return { sequence };
  }

  async command(command: SessionCommand): Promise<SessionStatus> {
    this.#requireOpen();
    this.#commanding = true;
    this.#dialer.rest();
    try {
      await this.#leave(command.command === 'logout' ? command.text : 'sequence numbers are changed');
      if (command.command !== 'logout') this.#tell((at) => this.#machine.command(at, command));
      await this.#commits.settled();
    } finally {
      this.#commanding = false;
    }
    this.#dialer.loggedOn();
    this.#dialer.soon(command.command === 'logout' ? this.options.reconnectSecondsMin : 0);
    return this.status();
  }

  status(): SessionStatus {
    return standingOf(this.#machine.core, this.#ports.clock.now(), {
      connected: this.#link !== undefined,
      address: this.#address,
      committed: this.#commits.committed,
    });
  }

  async close(reason: string): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    clearTimeout(this.#retry);
    this.#dialer.rest();
    const closed = this.#seat?.leave();
    await this.#leave(reason);
    await closed;
    clearInterval(this.#ticker);
    await this.#commits.settled();
  }

  /** Logs out where that can be done in time; resolves when there is no connection. */
  async #leave(text: string | undefined): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    const down = new Promise<void>((resolve) => this.#whenDown.add(resolve));
    const { phase } = this.#machine.core;
    if (phase === 'up') this.#tell((at) => this.#machine.logout(at, text));
    if (phase === 'greeting') link.destroy({ by: 'us', reason: text ?? 'logged out' });
    await down;
  }

  /* What the link tells. */

  cuts(link: Link, cuts: readonly PlacedCut[]): void {
    if (link !== this.#link) return;
    const at = this.#ports.clock.now();
    for (const { offset, cut } of cuts) this.#take(at, offset, cut);
    this.#run();
    if (this.#commits.waitingBytes > uncommittedBytesMax) link.pause();
  }

  #take(at: Micros, offset: number, cut: PlacedCut['cut']): void {
    if (cut.kind === 'garbage') {
      this.#machine.garbled(at, offset, cut.bytes, cut.why);
      return;
    }
    const { bytes } = cut;
    const { message, issues } = this.#machine.read(bytes);
    if (message !== undefined) this.#machine.received({ at, offset, bytes, message, issues });
    else this.#machine.garbled(at, offset, bytes, issues[0] ?? fixIssue('FIX_SESSION_FIELD', 'unreadable'));
  }

  closed(link: Link, { by, reason }: LinkEnd): void {
    if (link !== this.#link) return;
    const { loggedOn } = this.#machine.core;
    this.#link = undefined;
    this.#tell((at) => this.#machine.disconnected(at, by, reason));
    if (!loggedOn && by !== 'us') this.trouble(fixIssue('FIX_CONNECTION', `${link.peer}: ${reason}`));
    if (loggedOn) this.#dialer.loggedOn();
    else this.#dialer.failed();
    for (const resolve of this.#whenDown) resolve();
    this.#whenDown.clear();
    this.#dialer.soon(this.#dialer.waitSeconds);
  }

  slow(link: Link): void {
    this.trouble(fixIssue('FIX_PEER_SLOW', `${link.peer} does not read`));
    link.destroy({ by: 'us', reason: 'the peer does not read' });
  }

  /* What the door asks and tells. */

  moment(): Micros {
    this.#lastMoment = Math.max(this.#ports.clock.now(), this.#lastMoment + 1);
    return this.#lastMoment;
  }

  refusal(): Issue | undefined {
    const { hold } = this.#machine.core;
    if (hold !== undefined) return fixIssue('FIX_SESSION_HELD', hold.message);
    if (this.#link !== undefined) return fixIssue('FIX_LOGON_SECOND', 'the session is connected already');
    const busy = this.#reloading || this.#commanding || this.#stop.signal.aborted;
    return busy ? fixIssue('FIX_SESSION_HELD', 'the session is being changed') : undefined;
  }

  admit(link: Link, _compId: string, first: readonly PlacedCut[]): void {
    link.handTo(this);
    this.#attach(link);
    this.cuts(link, first);
  }

  stranger(link: Link, { offset, cut }: PlacedCut, why: Issue): void {
    const { bytes } = cut;
    const { message, issues } =
      cut.kind === 'frame' ? fix.decode({ bytes }) : { message: undefined, issues: [] };
    this.#tell((at) => this.#machine.stranger({ at, offset, bytes, issues }, link.openedAt, message, why));
  }

  trouble(issue: Issue): void {
    this.#ports.report({ signal: 'trouble', issue });
  }

  /* What an initiator's dialer asks and tells. */

  mayDial(): 'now' | 'later' | 'no' {
    const { hold } = this.#machine.core;
    const { aborted } = this.#stop.signal;
    const busy = this.#commanding || this.#reloading || this.#link !== undefined;
    if (aborted || busy || hold !== undefined) return 'no';
    return this.#isCurrent() ? 'now' : 'later';
  }

  dialing(address: string): void {
    this.#address = address;
    this.#ports.report({ signal: 'connecting', address });
  }

  dialed(socket: Socket): void {
    this.#attach(new Link(socket, this, this.limits, this.moment()));
  }

  notDialed(cause: unknown): void {
    this.trouble(fixIssue('FIX_CONNECTION', cause instanceof Error ? cause.message : 'failed'));
  }

  #isCurrent(): boolean {
    return this.#machine.isCurrent(this.#ports.clock.now());
  }

  #attach(link: Link): void {
    this.#link = link;
    this.#machine.connected(link.openedAt, link.peer);
    this.#run();
  }

  /* What the machine asks for. */

  #tell(input: (at: Micros) => void): void {
    input(this.#ports.clock.now());
    this.#run();
  }

  #run(): void {
    const link = this.#link;
    for (const action of this.#machine.take()) this.#perform(action, link);
  }

  #perform(action: Action, link: Link | undefined): void {
    switch (action.do) {
      case 'report':
        this.#ports.report(action.signal);
        return;
      case 'append':
        this.#append(action, link);
        return;
      case 'write':
        this.#commits.after(() => link?.write(action.writes));
        return;
      case 'disconnect':
        this.#commits.after(() => this.#hangUp(link, action));
        return;
      case 'resend':
        this.#resend(action, link).catch((cause: unknown) => this.#storeFailed(cause));
    }
  }

  /** Whoever was hung up on may take a while to close: somebody else may connect meanwhile. */
  #hangUp(link: Link | undefined, end: LinkEnd): void {
    if (link === undefined) return;
    link.end(end);
    this.closed(link, end);
  }

  /** What waits for the commit holds what is written after it, and not the frames. */
  #append({ frames, state, writes }: AppendAction, link: Link | undefined): void {
    const then = this.#afterwards(link, writes);
    this.#commits.append(frames, state, then);
  }

  #afterwards(link: Link | undefined, writes: readonly Uint8Array[]): () => void {
    return () => this.#committed(link, writes);
  }

  #committed(link: Link | undefined, writes: readonly Uint8Array[]): void {
    link?.write(writes);
    if (link?.isPaused === true && this.#commits.waitingBytes < uncommittedBytesMax / 2) link.resume();
  }

  /** Brings the machine what the store holds, no faster than the peer reads it. */
  async #resend({ job, from, to }: Extract<Action, { do: 'resend' }>, link: Link | undefined): Promise<void> {
    const commits = this.#commits;
    await commits.settled();
    await bringStored({
      store: this.#ports.store,
      from,
      to,
      runs: () => link === this.#link && this.#machine.core.resend?.job === job,
      take: (batch) => this.#tell((at) => this.#machine.stored(at, job, batch)),
      drained: async () => {
        await commits.settled();
        await link?.drained();
      },
      ended: () => this.#tell((at) => this.#machine.storedEnd(at, job)),
    });
  }

  /* When the store fails. */

  #newMachine(state: SessionState, hold?: Issue): Machine {
    return openMachine(this.options, this.limits, state, {
      hold,
      codec: this.#codec,
      hours: this.#ports.hours,
    });
  }

  #newCommits(state: SessionState): Commits {
    return new Commits(this.#ports.store, state, (cause) => this.#storeFailed(cause));
  }

  /** Nothing was accepted: hang up, and begin again where the store says that we stand. */
  #storeFailed(cause: unknown): void {
    if (this.#reloading) return;
    this.#reloading = true;
    this.trouble(fixIssue('FIX_STORE', cause instanceof Error ? cause.message : 'failed'));
    this.#link?.destroy({ by: 'us', reason: 'the log failed' });
    this.#reloadSoon();
  }

  #reloadSoon(): void {
    if (this.#stop.signal.aborted) return;
    this.#retry = setTimeout(() => void this.#reload(), this.options.reconnectSecondsMin * 1000);
  }

  async #reload(): Promise<void> {
    try {
      await this.#commits.answered();
      const state = await this.#ports.store.load();
      const { hold } = this.#machine.core;
      this.#machine = this.#newMachine(state, hold);
      this.#commits = this.#newCommits(state);
      this.#reloading = false;
      this.#dialer.soon(0);
    } catch (cause) {
      this.trouble(fixIssue('FIX_STORE', cause instanceof Error ? cause.message : 'failed'));
      this.#reloadSoon();
    }
  }

  /** Where a new numbering is about to begin nothing is taken: its number would be gone before anybody could ask for it. */
  #requireLasting(): void {
    const { resetOnLogon, resetOnLogout, resetOnDisconnect } = this.options;
    const resets = resetOnLogon || resetOnLogout || resetOnDisconnect;
    let why: string | undefined;
    if (!this.#isCurrent()) why = `the session is closed: ${closedText}`;
    else if (this.#commanding) why = 'the session is being changed';
    else if (resets && this.#machine.core.phase !== 'up')
      why = 'the session is not logged on, and resets when it is';
    if (why !== undefined) throw new GatewayError('FIX_NOT_LOGGED_ON', why, { retryable: true });
  }

  #requireOpen(): void {
    if (this.#stop.signal.aborted) throw new GatewayError('FIX_CLOSED', 'the session is closed');
    if (this.#reloading) throw new GatewayError('FIX_STORE', 'the log failed', { retryable: true });
  }
}
