import type { EntryDraft } from '../contract/entry.ts';
import type { ChannelHead, Log } from '../contract/log.ts';
import type { SessionCommand, SessionState, SessionStatus } from '../contract/session.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import { gatewayIssues } from './issues.ts';
import { auditEntry, named, type Person } from './person.ts';
import { positionOf, positionsOf, type SessionPosition, withPosition } from './session-places.ts';

/**
 * Changes the sequence numbers of a session that does not run: what was done and why, the new epoch where one begins,
 * and the numbers are one commit. An outbound number that goes back begins a new epoch, because those behind it are taken.
 * Throws `GATEWAY_NOT_RUNNING` for a logout, `REASON_MISSING`.
 */
export async function changeSession(
  log: Log,
  clock: Clock,
  channel: string,
  command: SessionCommand,
  person: Person,
): Promise<SessionStatus> {
  if (command.command === 'logout') {
    const { meaning, remedy } = gatewayIssues.GATEWAY_NOT_RUNNING;
    throw new GatewayError('GATEWAY_NOT_RUNNING', meaning, { remedy, place: channel, exitCode: 2 });
  }
  const head = await log.head(channel);
  const { session } = command;
  const several = positionsOf(head).size > 0;
  const before = session === undefined && !several ? positionOf(head) : sessionIn(head, session ?? '');
  const after = changed(before, command);
  const audit = auditEntry(clock, named(person), `session.${command.command}`, { ...command });
  const begins = after.epoch !== before.epoch;
  const batch = begins ? [audit, epochEntry(clock, after, session)] : [audit];
  const position = session === undefined ? { ...after } : withPosition(head, nameOf(head, session), after);
  await log.append(channel, batch, begins ? { position, epoch: head.epoch + 1 } : { position });
  return quietSession(channel, { ...head, position });
}

/** A session by its channel's head: where it will go on. */
export function quietSession(channel: string, head: ChannelHead): SessionStatus {
  const sessions = [...positionsOf(head)].map(([name, position]) => quiet(name, position));
  return { ...quiet(channel, positionOf(head)), ...(sessions.length > 0 && { sessions }) };
}

function quiet(session: string, { epoch, nextIn, nextOut }: SessionPosition): SessionStatus {
  return {
    session,
    role: 'initiator',
    connected: false,
    loggedOn: false,
    state: { epoch, nextIn, nextOut },
    seenIn: nextIn,
    address: '',
  };
}

/** The numbers of one of several sessions. Throws `SESSION_UNKNOWN`. */
function sessionIn(head: ChannelHead, session: string): SessionPosition {
  const found = positionsOf(head).get(nameOf(head, session));
  if (found !== undefined) return found;
  const { remedy } = gatewayIssues.SESSION_UNKNOWN;
  throw new GatewayError('SESSION_UNKNOWN', `there is no session "${session}" in ${head.channel}`, {
    place: head.channel,
    remedy,
    exitCode: 2,
  });
}

function nameOf(head: ChannelHead, session: string): string {
  return nameAmong([...positionsOf(head).keys()], session) ?? session;
}

/**
 * People may name a session as `clearport sessions` shows it, `FIRM-BRK1`, or by its counterparty alone. All names of a channel
 * begin with who we are: so `BRK1` is not the end of `FIRM-X-BRK1` where there is a `FIRM-BRK2`.
 */
export function nameAmong(names: readonly string[], session: string): string | undefined {
  const isWhole = (name: string): boolean => {
    const ours = name.slice(0, -session.length);
    return name.endsWith(`-${session}`) && names.every((other) => other.startsWith(ours));
  };
  return names.find((name) => name === session) ?? names.find(isWhole);
}

function changed(
  before: SessionPosition,
  command: Exclude<SessionCommand, { command: 'logout' }>,
): SessionPosition {
  if (command.command === 'reset') return { epoch: before.epoch + 1, nextIn: 1, nextOut: 1 };
  const { nextIn = before.nextIn, nextOut = before.nextOut } = command;
  if (nextOut < before.nextOut) return { epoch: before.epoch + 1, nextIn, nextOut };
  return { ...before, nextIn, nextOut };
}

function epochEntry(
  clock: Clock,
  { epoch, nextIn, nextOut }: SessionState,
  session: string | undefined,
): EntryDraft {
  return {
    kind: 'epoch',
    direction: 'in',
    origin: {
      scope: session === undefined ? 'operator/epoch' : `operator/epoch/${session}`,
      key: String(epoch),
    },
    receivedAt: clock.now(),
    bytes: utf8Bytes(canonicalJson({ session, epoch, nextIn, nextOut, reason: 'operator' })),
  };
}
