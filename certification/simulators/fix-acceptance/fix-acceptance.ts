import assert from 'node:assert/strict';
import {
  type BeginString,
  beginStrings,
  fixSession,
  fixSessionOptions,
} from '../../../adapters/fix/index.ts';
import type { FixMessage } from '../../../codecs/fix/index.ts';
import type { Session, SessionSignal } from '../../../src/contract/session.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { AcceptanceStore } from './acceptance-store.ts';
import { AcceptanceApplication } from './application.ts';

export interface FixAcceptanceOptions {
  /** On 127.0.0.1: of FIX 4.0; the further versions have the ports behind it. 0 takes free ones. */
  readonly port: number;
  readonly clock: Clock;
  tell(news: AcceptanceNews): void;
}

/** What the acceptor says while it runs. */
export type AcceptanceNews =
  | { readonly news: 'listening'; readonly ports: Readonly<Record<string, number>> }
  | { readonly news: 'up' | 'down'; readonly session: BeginString; readonly reason?: string }
  | {
      readonly news: 'trouble';
      readonly session: BeginString;
      readonly code: string;
      readonly message: string;
    };

/** The acceptor that the public conformance pack is played to: ISLD, for TW, in every version. */
export interface FixAcceptance {
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Opens the acceptor. What its sessions are configured with, and why, is {@link acceptanceOptions}. */
export async function openFixAcceptance({ port, clock, tell }: FixAcceptanceOptions): Promise<FixAcceptance> {
  const ports: Record<string, number> = {};
  const sessions: Session[] = [];
  try {
    for (const [at, beginString] of beginStrings.entries()) {
      sessions.push(await openOne(beginString, port === 0 ? 0 : port + at, clock, ports, tell));
    }
  } catch (cause) {
    await closeAll(sessions);
    throw cause;
  }
  tell({ news: 'listening', ports });
  return { ports, close: () => closeAll(sessions) };
}

/**
 * The sessions as the pack's own server has them: both sides begin at 1 with every Logon(A), the dictionary judges everything. The
 * rest is what the definitions expect and a session of ours does otherwise: after a number that is too low the peer may try again at once, and
 * a Logout(5) is answered whatever is missing. Source: `test/setup.sh` of the QuickFIX source tree.
 */
const acceptanceOptions = {
  role: 'acceptor',
  senderCompId: 'ISLD',
  targetCompId: 'TW',
  resetOnLogon: true,
  validate: 'full',
  onTooLow: 'logout',
  logoutWaitsForGap: false,
} as const;

async function openOne(
  beginString: BeginString,
  port: number,
  clock: Clock,
  ports: Record<string, number>,
  tell: FixAcceptanceOptions['tell'],
): Promise<Session> {
  const application = new AcceptanceApplication(beginString);
  const opened: { session?: Session } = {};
  const store = new AcceptanceStore((message) => answer(message, application, opened.session));
  const report = (signal: SessionSignal): void => {
    if (signal.signal === 'down') application.loggedOut();
    if (signal.signal === 'listening') ports[beginString] = Number(/:(\d+)$/.exec(signal.address)?.[1]);
    const news = newsOf(signal, beginString);
    if (news !== undefined) tell(news);
  };
  const options = fixSessionOptions.parse({ ...acceptanceOptions, beginString, port });
  opened.session = await fixSession.open(options, { store, clock, limits, report });
  return opened.session;
}

function answer(message: FixMessage, application: AcceptanceApplication, session: Session | undefined): void {
  assert(session !== undefined, 'nobody can have sent anything before the session is open');
  const reply = application.reply(message);
  // Where the peer has gone meanwhile nobody waits for the answer.
  if (reply !== undefined) session.send(reply.type, reply.body).catch(() => undefined);
}

function newsOf(signal: SessionSignal, session: BeginString): AcceptanceNews | undefined {
  if (signal.signal === 'up') return { news: 'up', session };
  if (signal.signal === 'down') return { news: 'down', session, reason: signal.reason };
  if (signal.signal !== 'trouble') return undefined;
  const { code, message } = signal.issue;
  return { news: 'trouble', session, code, message };
}

async function closeAll(sessions: readonly Session[]): Promise<void> {
  await Promise.all(sessions.map((session) => session.close('the simulation ends')));
}
