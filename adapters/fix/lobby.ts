import type { Socket } from 'node:net';
import { type FixMessage, fix } from '../../codecs/fix/index.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { pardons } from './garbled.ts';
import { sessionFor } from './identity.ts';
import { fixIssue } from './issues.ts';
import { Link, type LinkOwner, type PlacedCut } from './link.ts';
import type { FixSessionOptions } from './options.ts';
import { maskedBytes } from './secret-fields.ts';

/** Connections that have not said who they are, besides one for each session: more are closed unread. */
const waitingMax = 16;
/** Strangers whose bytes are kept within a minute; a port scan must not fill the log. */
const keptPerMinute = 10;

/** A session behind a door, or a template of sessions. */
export interface Member {
  readonly options: FixSessionOptions;
  readonly limits: Limits;
  /** A moment that no other connection has. */
  moment(): Micros;
  /** Why the session of this CompID does not let in whoever sent this Logon(A). */
  refusal(compId: string, logon: FixMessage): Issue | undefined;
  /** Takes the link over; `first` begins with its first message, which is a Logon(A) of `compId`. */
  admit(link: Link, compId: string, first: readonly PlacedCut[]): void;
  /** Keeps what came on a connection that nobody is let in on. */
  stranger(link: Link, placed: PlacedCut, why: Issue, compId: string): void;
  trouble(issue: Issue): void;
}

/** A connection that the door let through, and what it knows of who is on it. */
export interface Arrival {
  readonly socket: Socket;
  /** The real client, where a load balancer speaks for it. */
  readonly peer: string;
  /** Why this session is not meant by the connection, whatever the first message says: its address, its certificate. */
  objection(member: Member, compId: string): Issue | undefined;
}

/**
 * Where connections wait until their first message shows whose they are. Whoever is of no session is hung up on without a
 * word; the bytes are kept by the first session behind the door, because a log has no place of its own for them.
 */
export class Lobby {
  readonly #members: readonly Member[];
  readonly #waiting = new Map<Link, NodeJS.Timeout>();
  #minute = 0;
  #kept = 0;

  /** `members` may change: the first of them keeps what is nobody's. */
  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** True when there is no place for one more, counting those that are still at the door. */
  isFull(atDoor: number): boolean {
    const places = this.#members.reduce(
      (sum, { options }) => sum + (options.template ? options.sessionsMax : 1),
      waitingMax,
    );
    if (this.#waiting.size + atDoor < places) return false;
    this.#count('too many connections wait for their Logon(A)');
    return true;
  }

  enter(arrival: Arrival): void {
    const host = this.#host();
    if (host === undefined) {
      arrival.socket.destroy();
      return;
    }
    const owner: LinkOwner = {
      cuts: (link, cuts) => this.#judge(link, arrival, cuts),
      closed: (link) => this.#leave(link),
      slow: (link) => link.destroy({ by: 'us', reason: 'reads nothing' }),
    };
    const link = new Link(arrival.socket, owner, host.limits, host.moment(), arrival.peer);
    const seconds = Math.max(...this.#members.map(({ options }) => options.logonTimeoutSeconds));
    const timer = setTimeout(() => link.destroy({ by: 'us', reason: 'no Logon(A) in time' }), seconds * 1000);
    this.#waiting.set(link, timer);
  }

  /** A connection that failed before it could say anything: TLS, mostly. */
  failed(cause: Error, peer?: string): void {
    const who = peer === undefined ? 'a connection' : `a connection of ${peer}`;
    this.#count(`${who} failed: ${cause.message}`, 'FIX_CONNECTION');
  }

  close(): void {
    for (const link of [...this.#waiting.keys()]) link.destroy({ by: 'us', reason: 'the session closes' });
  }

  #host(): Member | undefined {
    return this.#members[0];
  }

  /** The first message decides; what is no message is nobody's. */
  #judge(link: Link, arrival: Arrival, cuts: readonly PlacedCut[]): void {
    if (!this.#waiting.has(link)) return;
    const at = cuts.findIndex(({ cut }) => cut.kind === 'frame' || cut.why.severity !== 'info');
    const first = cuts[at];
    if (first === undefined) return;
    const { member, compId, why } = this.#found(first, arrival);
    this.#leave(link);
    if (why === undefined && member !== undefined) {
      member.admit(link, compId, cuts.slice(at));
      return;
    }
    const reason = why?.message ?? 'nobody is here';
    if (this.#count(reason) && why !== undefined)
      (member ?? this.#host())?.stranger(link, this.#masked(first), why, compId);
    link.end({ by: 'us', reason });
  }

  #found(
    { cut }: PlacedCut,
    arrival: Arrival,
  ): { readonly member?: Member; readonly compId: string; readonly why?: Issue } {
    const spoilt = cut.kind === 'garbage' ? cut.why : undefined;
    if (spoilt !== undefined && !this.#members.some(({ options }) => pardons(options, spoilt.code)))
      return { compId: '', why: spoilt };
    const { message } = fix.decode({ bytes: cut.bytes });
    const compId = message?.get(49) ?? '';
    const member = message === undefined ? undefined : sessionFor(this.#members, message);
    if (message === undefined || member === undefined) {
      const who = `${message?.beginString ?? ''} ${compId} to ${message?.get(56) ?? ''}`;
      return { compId, why: fixIssue('FIX_LOGON_UNKNOWN', shownText(who, 128)) };
    }
    if (spoilt !== undefined && !pardons(member.options, spoilt.code)) return { compId, why: spoilt };
    const why =
      arrival.objection(member, compId) ?? firstProblem(message.type) ?? member.refusal(compId, message);
    return { member, compId, ...(why !== undefined && { why }) };
  }

  /** What is kept of a stranger hides the secrets of every session behind the door: who was meant, nobody knows. */
  #masked({ offset, cut }: PlacedCut): PlacedCut {
    const tags = this.#members.flatMap(({ options }) => Object.keys(options.logonFields));
    return { offset, cut: { ...cut, bytes: maskedBytes(cut.bytes, tags) } };
  }

  #leave(link: Link): void {
    clearTimeout(this.#waiting.get(link));
    this.#waiting.delete(link);
  }

  /** True while this minute's strangers are few enough to be kept. */
  #count(message: string, code: 'FIX_STRANGERS' | 'FIX_CONNECTION' = 'FIX_STRANGERS'): boolean {
    const host = this.#host();
    if (host === undefined) return false;
    const minute = Math.floor(host.moment() / 60e6);
    if (minute !== this.#minute) this.#kept = 0;
    this.#minute = minute;
    this.#kept++;
    if (code === 'FIX_CONNECTION' && this.#kept <= keptPerMinute) host.trouble(fixIssue(code, message));
    if (this.#kept === keptPerMinute + 1) host.trouble(fixIssue('FIX_STRANGERS', `and more: ${message}`));
    return this.#kept <= keptPerMinute;
  }
}

function firstProblem(type: string): Issue | undefined {
  if (type === 'A') return undefined;
  return fixIssue('FIX_LOGON_FIRST', `the first message has MsgType(35)=${shownText(type)}`);
}
