import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  type BeginString,
  beginStrings,
  type FixSessionOptionsInput,
  fixSessionOptions,
  Hub,
  openFixSession,
} from '../../../adapters/fix/index.ts';
import type { Session, SessionSignal } from '../../../src/contract/session.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { limits } from '../../../src/core/limits.ts';
import { AcceptanceStore } from './acceptance-store.ts';
import { AcceptanceApplication } from './application.ts';

export interface FixAcceptanceOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  /** Settings of its sessions that differ from those of the pack's own server: for definitions that ask for them. */
  readonly settings?: Partial<FixSessionOptionsInput>;
  tell(news: AcceptanceNews): void;
}

/** What the acceptor says while it runs. */
export type AcceptanceNews =
  | { readonly news: 'listening'; readonly port: number }
  | { readonly news: 'up' | 'down'; readonly session: BeginString; readonly reason?: string }
  | {
      readonly news: 'trouble';
      readonly session: BeginString;
      readonly code: string;
      readonly message: string;
    };

/** The acceptor that the public conformance pack is played to: ISLD, for TW, in every version behind one port. */
export interface FixAcceptance {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the acceptor. What its sessions are configured with, and why, is {@link acceptanceOptions}. */
export async function openFixAcceptance(options: FixAcceptanceOptions): Promise<FixAcceptance> {
  const port = options.port === 0 ? await freePort() : options.port;
  const hub = new Hub();
  const sessions: Session[] = [];
  try {
    for (const beginString of beginStrings) {
      sessions.push(await openOne(beginString, hub, { ...options, port }));
    }
  } catch (cause) {
    await closeAll(sessions);
    throw cause;
  }
  options.tell({ news: 'listening', port });
  return { port, close: () => closeAll(sessions) };
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
  hub: Hub,
  { port, clock, settings, tell }: FixAcceptanceOptions,
): Promise<Session> {
  const application = new AcceptanceApplication(beginString);
  const opened: { session?: Session } = {};
  const store = new AcceptanceStore((message) => {
    assert(opened.session !== undefined, 'nobody can have sent anything before the session is open');
    const reply = application.reply(message);
    if (reply === undefined) return;
    opened.session.send(reply.type, reply.body).catch((cause: unknown) => {
      const news = notSaid(cause, beginString);
      if (news !== undefined) tell(news);
    });
  });
  const report = (signal: SessionSignal): void => {
    if (signal.signal === 'down') application.loggedOut();
    const news = newsOf(signal, beginString);
    if (news !== undefined) tell(news);
  };
  const options = fixSessionOptions.parse({ ...acceptanceOptions, ...settings, beginString, port });
  opened.session = await openFixSession(options, { store, clock, limits, report }, hub);
  return opened.session;
}

/** Why an answer was not said; nothing where the peer has gone meanwhile, because then nobody waits for it. */
function notSaid(cause: unknown, session: BeginString): AcceptanceNews | undefined {
  if (!(cause instanceof GatewayError)) throw cause;
  const { code, message } = cause;
  if (code === 'FIX_NOT_LOGGED_ON' || code === 'FIX_CLOSED') return undefined;
  return { news: 'trouble', session, code, message };
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

/** All sessions name the same port, so it has to be known before the first one opens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert(typeof address === 'object' && address !== null);
  return address.port;
}
