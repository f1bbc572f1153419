import type { FixMessage } from '../../codecs/fix/index.ts';
import type {
  Session,
  SessionCommand,
  SessionPorts,
  SessionSignal,
  SessionStatus,
  SessionStores,
} from '../../src/contract/session.ts';
import type { Micros } from '../../src/core/clock.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Limits } from '../../src/core/limits.ts';
import { routed } from './body.ts';
import type { SessionDialect } from './dialect.ts';
import type { Hub, Seat } from './hub.ts';
import { covers } from './identity.ts';
import { fixIssue, fixSessionIssues } from './issues.ts';
import type { Link, PlacedCut } from './link.ts';
import type { Member } from './lobby.ts';
import { credentialsMatch } from './logon-acceptance.ts';
import type { FixSessionOptions } from './options.ts';
import { RunningSession } from './running-session.ts';
import { WaitingRoom } from './waiting-room.ts';

/**
 * A session for every counterparty that a pattern covers, each with numbers, memory and timers of its own: those that the
 * log knows from the beginning on, others at their first Logon(A).
 */
export class TemplateSession implements Session, Member {
  readonly options: FixSessionOptions;
  readonly limits: Limits;
  readonly #dialect: SessionDialect;
  readonly #ports: SessionPorts;
  readonly #stores: SessionStores;
  /** Keeps what came from nobody that has a session; it never connects. */
  readonly #desk: RunningSession;
  readonly #sessions = new Map<string, RunningSession>();
  readonly #opening = new Map<string, Promise<RunningSession>>();
  #seat: Seat | undefined;
  #closing = false;

  constructor(dialect: SessionDialect, ports: SessionPorts, stores: SessionStores, desk: RunningSession) {
    this.options = dialect.options;
    this.limits = ports.limits;
    this.#dialect = dialect;
    this.#ports = ports;
    this.#stores = stores;
    this.#desk = desk;
  }

  /** Whoever fails to open it tries again: nothing of a session that was opened may go on beside that. */
  async start(hub: Hub): Promise<void> {
    try {
      await this.#openKnown();
      this.#seat = await hub.join(this);
    } catch (cause) {
      await this.close('it could not be opened').catch(() => undefined);
      throw cause;
    }
    this.#ports.report({ signal: 'listening', address: this.#seat.address });
  }

  async #openKnown(): Promise<void> {
    const ours = `${this.options.senderCompId}-`;
    for (const name of await this.#stores.known()) {
      const compId = name.startsWith(ours) ? name.slice(ours.length) : '';
      if (covers(this.options, compId)) await this.#sessionOf(compId);
    }
  }

  async send(type: string, body: JsonValue): Promise<{ readonly sequence: number }> {
    const { compId, rest } = routed(body);
    if (this.#closing) throw new GatewayError('FIX_CLOSED', 'the session is closed');
    if (!this.#sessions.has(compId) && this.#newcomer(compId) !== undefined) throw unknown(compId);
    return (await this.#sessionOf(compId)).send(type, rest);
  }

  async command(command: SessionCommand): Promise<SessionStatus> {
    const { session = '' } = command;
    const found = [...this.#sessions].find(
      ([compId, running]) => compId === session || running.status().session === session,
    );
    if (found === undefined) throw unknown(session);
    return found[1].command(command);
  }

  status(): SessionStatus {
    const sessions = [...this.#sessions.values()].map((session) => session.status());
    const address = this.#seat?.address ?? '';
    // One that waits for an operator makes its channel wait for one.
    const held = sessions.find((session) => session.held !== undefined)?.held;
    return {
      ...this.#desk.status(),
      address,
      connected: sessions.some(({ connected }) => connected),
      loggedOn: sessions.some(({ loggedOn }) => loggedOn),
      ...(held !== undefined && { held }),
      sessions: sessions.map((session) => ({ ...session, address })),
    };
  }

  async close(reason: string): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const closed = this.#seat?.leave();
    await Promise.allSettled(this.#opening.values());
    const all = [...this.#sessions.values(), this.#desk];
    const outcomes = await Promise.allSettled(all.map((session) => session.close(reason)));
    await closed;
    // Where the log fails, all are closed before anybody is told.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /* What the door asks and tells. */

  moment(): Micros {
    return this.#desk.moment();
  }

  refusal(compId: string, logon: FixMessage): Issue | undefined {
    if (this.#closing) return fixIssue('FIX_SESSION_HELD', 'the session is being changed');
    if (this.#opening.has(compId)) return fixIssue('FIX_LOGON_SECOND', 'the session is connected already');
    const session = this.#sessions.get(compId);
    if (session !== undefined) return session.refusal();
    // Whoever cannot prove who it is gets no session either: places are few.
    const proven = credentialsMatch(this, logon.get(553), logon.get(554));
    const wrong = fixIssue('FIX_LOGON_CREDENTIALS', 'Username(553) or Password(554) is wrong');
    return proven ? this.#newcomer(compId) : wrong;
  }

  /** A new counterparty waits, unread, until its memory is open. */
  admit(link: Link, compId: string, first: readonly PlacedCut[]): void {
    const session = this.#sessions.get(compId);
    if (session !== undefined) {
      session.admit(link, compId, first);
      return;
    }
    const room = new WaitingRoom(link, first);
    this.#sessionOf(compId).then(
      (opened) => room.leaveFor(opened, compId),
      (cause: unknown) => {
        this.trouble(fixIssue('FIX_STORE', cause instanceof Error ? cause.message : 'failed'));
        link.destroy({ by: 'us', reason: 'the log failed' });
      },
    );
  }

  stranger(link: Link, placed: PlacedCut, why: Issue, compId: string): void {
    (this.#sessions.get(compId) ?? this.#desk).stranger(link, placed, why);
  }

  trouble(issue: Issue): void {
    this.#ports.report({ signal: 'trouble', issue });
  }

  /** Why somebody who has no session yet gets none. */
  #newcomer(compId: string): Issue | undefined {
    const { sessionsMax } = this.options;
    if (!covers(this.options, compId)) return fixIssue('FIX_LOGON_UNKNOWN', `${compId} is not covered`);
    const count = this.#sessions.size + this.#opening.size;
    if (count < sessionsMax) return undefined;
    return fixIssue('FIX_SESSIONS_MAX', `${compId} would be one more than ${sessionsMax}`);
  }

  async #sessionOf(compId: string): Promise<RunningSession> {
    const known = this.#sessions.get(compId);
    if (known !== undefined) return known;
    const opening = this.#opening.get(compId) ?? this.#open(compId);
    this.#opening.set(compId, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(compId);
    }
  }

  async #open(compId: string): Promise<RunningSession> {
    const options = { ...this.options, targetCompId: compId, template: false };
    const name = `${options.senderCompId}-${compId}`;
    const store = this.#stores.store(name);
    const report = (signal: SessionSignal): void => this.#ports.report(signal, name);
    const dialect = { ...this.#dialect, options };
    const session = new RunningSession(dialect, { ...this.#ports, store, report }, await store.load());
    await session.start(undefined);
    this.#sessions.set(compId, session);
    return session;
  }
}

function unknown(session: string): GatewayError {
  const { remedy } = fixSessionIssues.FIX_SESSION_NAME;
  const message =
    session === '' ? 'say which session is meant' : `no session of this template is "${session}"`;
  return new GatewayError('FIX_SESSION_NAME', message, { remedy, exitCode: 2 });
}
