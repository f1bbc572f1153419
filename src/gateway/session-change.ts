import type { EntryDraft } from '../contract/entry.ts';
import type { ChannelHead, Log } from '../contract/log.ts';
import type { SessionCommand, SessionState, SessionStatus } from '../contract/session.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import { gatewayIssues } from './issues.ts';
import { positionOf, type SessionPosition } from './log-store.ts';
import { auditEntry, named, type Person } from './person.ts';

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
  const before = positionOf(head);
  const after = changed(before, command);
  const audit = auditEntry(clock, named(person), `session.${command.command}`, { ...command });
  const begins = after.epoch !== before.epoch;
  const batch = begins ? [audit, epochEntry(clock, after)] : [audit];
  const position = { ...after };
  await log.append(channel, batch, begins ? { position, epoch: head.epoch + 1 } : { position });
  return quietSession(channel, { ...head, position });
}

/** A session by its channel's head: where it will go on. */
export function quietSession(channel: string, head: ChannelHead): SessionStatus {
  const { epoch, nextIn, nextOut } = positionOf(head);
  return {
    session: channel,
    role: 'initiator',
    connected: false,
    loggedOn: false,
    state: { epoch, nextIn, nextOut },
    seenIn: nextIn,
    address: '',
  };
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

function epochEntry(clock: Clock, { epoch, nextIn, nextOut }: SessionState): EntryDraft {
  return {
    kind: 'epoch',
    direction: 'in',
    origin: { scope: 'operator/epoch', key: String(epoch) },
    receivedAt: clock.now(),
    bytes: utf8Bytes(canonicalJson({ epoch, nextIn, nextOut, reason: 'operator' })),
  };
}
