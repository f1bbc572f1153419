import type { Socket } from 'node:net';
import { fix } from '../../codecs/fix/index.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { fixIssue } from './issues.ts';
import { Link, type LinkOwner, type PlacedCut } from './link.ts';
import type { FixSessionOptions } from './options.ts';

/** Connections that have not said who they are; more are closed unread. */
const waitingMax = 16;
/** Strangers whose bytes are kept within a minute; a port scan must not fill the log. */
const keptPerMinute = 10;

/** What the lobby asks and tells the session that it stands before. */
export interface LobbyOwner extends LinkOwner {
  readonly options: FixSessionOptions;
  readonly limits: Limits;
  /** A moment that no other connection has. */
  moment(): Micros;
  /** Why the session lets nobody in now. */
  refusal(): Issue | undefined;
  admit(link: Link): void;
  stranger(link: Link, placed: PlacedCut, why: Issue): void;
  trouble(issue: Issue): void;
}

/** An acceptor's door: a connection stays here until its first message shows whose it is. */
export class Lobby {
  readonly #owner: LobbyOwner;
  readonly #waiting = new Map<Link, NodeJS.Timeout>();
  #minute = 0;
  #kept = 0;

  constructor(owner: LobbyOwner) {
    this.#owner = owner;
  }

  enter(socket: Socket): void {
    if (this.#waiting.size >= waitingMax) {
      socket.destroy();
      this.#count('too many connections wait for their Logon(A)');
      return;
    }
    const { limits, options } = this.#owner;
    let owner: LinkOwner = {
      cuts: (link, cuts) => {
        const admitted = this.#judge(link, cuts);
        if (admitted) owner = this.#owner;
      },
      closed: (link) => this.#leave(link),
      slow: (link) => link.destroy({ by: 'us', reason: 'reads nothing' }),
    };
    const link = new Link(
      socket,
      {
        cuts: (...told) => owner.cuts(...told),
        closed: (...told) => owner.closed(...told),
        slow: (it) => owner.slow(it),
      },
      limits,
      this.#owner.moment(),
    );
    const timer = setTimeout(
      () => link.destroy({ by: 'us', reason: 'no Logon(A) in time' }),
      options.logonTimeoutSeconds * 1000,
    );
    this.#waiting.set(link, timer);
  }

  /** A connection that failed before it could say anything: TLS, mostly. */
  failed(cause: Error): void {
    this.#count(`a connection failed: ${cause.message}`, 'FIX_CONNECTION');
  }

  close(): void {
    for (const link of [...this.#waiting.keys()]) link.destroy({ by: 'us', reason: 'the session closes' });
  }

  /** True when the link is the session's from now on. */
  #judge(link: Link, cuts: readonly PlacedCut[]): boolean {
    if (!this.#waiting.has(link)) return false;
    const at = cuts.findIndex(({ cut }) => cut.kind === 'frame' || cut.why.severity !== 'info');
    const first = cuts[at];
    if (first === undefined) return false;
    const why = this.#objection(first);
    if (why === undefined) {
      this.#leave(link);
      this.#owner.admit(link);
      this.#owner.cuts(link, cuts.slice(at));
      return true;
    }
    if (this.#count(why.message)) this.#owner.stranger(link, first, why);
    link.end({ by: 'us', reason: why.message });
    this.#leave(link);
    return false;
  }

  #objection({ cut }: PlacedCut): Issue | undefined {
    if (cut.kind === 'garbage') return cut.why;
    const { message } = fix.decode({ bytes: cut.bytes });
    const { options } = this.#owner;
    const sender = message?.get(49);
    const target = message?.get(56);
    const known = sender === options.targetCompId && target === options.senderCompId;
    if (message === undefined || !known || message.beginString !== options.beginString) {
      const who = `${message?.beginString ?? ''} ${sender ?? ''} to ${target ?? ''}`;
      return fixIssue('FIX_LOGON_UNKNOWN', shownText(who, 128));
    }
    if (message.type === 'A') return this.#owner.refusal();
    return fixIssue('FIX_LOGON_FIRST', `the first message has MsgType(35)=${shownText(message.type)}`);
  }

  #leave(link: Link): void {
    clearTimeout(this.#waiting.get(link));
    this.#waiting.delete(link);
  }

  /** True while this minute's strangers are few enough to be kept. */
  #count(message: string, code: 'FIX_STRANGERS' | 'FIX_CONNECTION' = 'FIX_STRANGERS'): boolean {
    const minute = Math.floor(this.#owner.moment() / 60e6);
    if (minute !== this.#minute) this.#kept = 0;
    this.#minute = minute;
    this.#kept++;
    if (code === 'FIX_CONNECTION' && this.#kept <= keptPerMinute)
      this.#owner.trouble(fixIssue(code, message));
    if (this.#kept === keptPerMinute + 1)
      this.#owner.trouble(fixIssue('FIX_STRANGERS', `and more: ${message}`));
    return this.#kept <= keptPerMinute;
  }
}
