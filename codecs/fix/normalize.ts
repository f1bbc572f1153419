import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { eventId } from '../../src/events/identity.ts';
import type { Family } from './family.ts';
import type { FixMessage } from './message.ts';
import { type Checks, problemIssues } from './needed.ts';
import { allocationAcks, allocations } from './normalize-allocation.ts';
import { affirmations, confirmations } from './normalize-confirmation.ts';
import { executions, possiblyResent } from './normalize-execution.ts';
import { positionAcks, positions } from './normalize-position.ts';
import { cancelRejects, rejects } from './normalize-reject.ts';
import { captureAcks, captureRequestAcks, captures } from './normalize-report.ts';
import { reporterOf } from './terms.ts';

/** By MsgType(35): the messages that mean something to a book, or that say no to us. `docs/fix.md` has the table. */
const families: ReadonlyMap<string, Family> = new Map([
  ['3', rejects],
  ['8', executions],
  ['9', cancelRejects],
  ['AE', captures],
  ['AK', confirmations],
  ['AO', positionAcks],
  ['AP', positions],
  ['AQ', captureRequestAcks],
  ['AR', captureAcks],
  ['AS', allocations],
  ['AT', allocationAcks],
  ['AU', affirmations],
  ['J', allocations],
  ['P', allocationAcks],
  ['j', rejects],
]);

const none: readonly Issue[] = [];

/** XMLnonFIX(n): known by name, but what it wraps is not. */
const envelopeType = 'n';

/**
 * What a message means. Pure. A message of a known type without a family (session messages, requests, market data)
 * means nothing to a book and makes no event; one of an unknown type is told as `message.unknown`. An envelope means
 * what the FIX message inside it means.
 */
export function normalizeFix(message: FixMessage, context: NormalizeContext): readonly Event[] {
  const { inner } = message;
  if (inner !== undefined) return innerEvents(message, inner, context);
  const family = families.get(message.type);
  if (family !== undefined) return saysEnough(message) ? family.events(message, context) : [];
  if (message.type === '' || (message.name !== '' && message.type !== envelopeType)) return [];
  const data = { standard: message.beginString, messageType: message.type };
  return [eventOf(context, 'unknown', 'message.unknown', { reportedBy: reporterOf(message, context) }, data)];
}

/** What the events of a message cannot be made without and is missing or unreadable, as errors. `checks` collects what was looked at. */
export function neededIssues(message: FixMessage, checks?: Checks): readonly Issue[] {
  const family = families.get(message.type);
  if (family === undefined) return none;
  const problems = family.problems(message, checks);
  message.flat.complete = problems.length === 0;
  return problems.length === 0 ? none : problemIssues(message, problems);
}

/** The tags whose values decide over what the events of a message need; undefined where its tags and checks do not tell it all. */
export function neededBy(message: FixMessage): readonly number[] | undefined {
  return families.get(message.type)?.decidedBy;
}

/** True for a message of a family with all that its events cannot be made without. Asked twice, and looked for once. */
export function saysEnough(message: FixMessage): boolean {
  const { flat } = message;
  const family = families.get(message.type);
  flat.complete ??= family !== undefined && family.problems(message).length === 0;
  return flat.complete;
}

/**
 * Their slots say that they came wrapped, so they cannot meet those of an envelope that has events of its own. An envelope
 * that may have been sent before says so of what is in it: PossResend(97).
 */
function innerEvents(outer: FixMessage, inner: FixMessage, context: NormalizeContext): readonly Event[] {
  return normalizeFix(inner, context).map((event) => {
    const slot = `inner-${event.slot}`;
    const id = eventId(context.channel, event.origin, slot, context.revision);
    const again = possiblyResent(outer) === true && resendable.has(event.type);
    return { ...event, slot, id, ...(again && { data: { ...event.data, possiblyResent: true } }) } as Event;
  });
}

/** Events that say whether they may have been told before. */
const resendable: ReadonlySet<string> = new Set(['trade.executed', 'trade.corrected', 'trade.busted']);
