import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf, type GivenAttributes } from './normalize.ts';
import {
  detailsData,
  namesOf,
  saidBy,
  settlementAttributes,
  settlementKey,
} from './settlement-attributes.ts';
import meanings from './settlement-meanings.json' with { type: 'json' };
import type { SettlementStatus, StatusSaid } from './settlement-status.ts';

/**
 * What a status message means: one event for each status that it says. The business key is who services the account, the
 * instruction, the status and its reasons: a fail that gets another reason is another fact, not a conflict with the
 * first. A rejection of ours is `message.rejected`; a status that no meaning is known of, such as one with an issuer of
 * its own, is `message.unknown`, so that it is seen. `standard` and `messageType` are the message's own.
 */
export function settlementEvents(
  said: SettlementStatus,
  context: NormalizeContext,
  standard: string,
  messageType: string,
): readonly Event[] {
  const told = new Set<string>();
  const slots = new Set<string>();
  return said.statuses.flatMap((status) => {
    const side = sideOf(status);
    if (told.has(side)) return [];
    told.add(side);
    const slot = freeSlot(status, slots);
    slots.add(slot);
    return [eventOfStatus(said, status, slot, context, { standard, messageType })];
  });
}

/** `SETT-PENF`; with its reasons, and then with its issuer, where the message says the status more than once. */
function freeSlot(status: StatusSaid, taken: ReadonlySet<string>): string {
  const short = `${status.kind}-${status.code}`;
  const long = `${short}-${reasonText(status)}`;
  return [short, long].find((slot) => !taken.has(slot)) ?? `${long}-${status.scheme ?? ''}`;
}

/** What makes one status of an instruction another fact than the next: `SETT//PENF LACK`. */
function sideOf(status: StatusSaid): string {
  const kind = `${status.kind}/${status.scheme ?? ''}/${status.code}`;
  return [kind, reasonText(status)].filter((part) => part !== '').join(' ');
}

interface Told {
  readonly standard: string;
  readonly messageType: string;
}

function eventOfStatus(
  said: SettlementStatus,
  status: StatusSaid,
  slot: string,
  context: NormalizeContext,
  { standard, messageType }: Told,
): Event {
  const attributes = attributesOf(said, status, context);
  const known = meanings.find(({ kind, code }) => kind === status.kind && code === status.code);
  if (known === undefined || (status.scheme ?? '') !== '') {
    const type = `${messageType} ${status.kind}/${status.scheme ?? ''}/${status.code}`;
    return eventOf(context, slot, 'message.unknown', attributes, { standard, messageType: type });
  }
  const text = status.reasons
    ?.flatMap((reason) => (reason.text === undefined ? [] : [reason.text]))
    .join('; ');
  if (known.event === 'refused') {
    const type = context.direction === 'in' ? 'message.rejected' : 'message.refused';
    const code = reasonText(status) === '' ? status.code : reasonText(status);
    return eventOf(context, slot, type, attributes, {
      code,
      text,
      referenceType: known.what,
      referenceId: said.instructionId,
    });
  }
  const data = { ...dataOf(said), status: status.code, reason: reasonText(status), text };
  return eventOf(context, slot, settlementType(known.event), attributes, data);
}

const types = [
  'settlement.instructed',
  'settlement.matched',
  'settlement.pending',
  'settlement.failed',
  'settlement.cancelled',
] as const;

function settlementType(text: string): (typeof types)[number] {
  return types.find((type) => type === text) ?? 'settlement.pending';
}

/** The codes of all reasons, in the order in which they were said. */
function reasonText({ reasons = [] }: StatusSaid): string {
  return reasons.map(({ code, scheme = '' }) => (scheme === '' ? code : `${scheme}/${code}`)).join(' ');
}

function attributesOf(
  said: SettlementStatus,
  status: StatusSaid,
  context: NormalizeContext,
): GivenAttributes {
  const reportedBy = saidBy(context, said.sender);
  return {
    ...settlementAttributes(said.transaction ?? {}, said.preparedAt),
    reportedBy,
    businessKey: settlementKey(context, reportedBy, said.instructionId, sideOf(status)),
  };
}

function dataOf({ instructionId, messageId, requestId, related, transaction = {} }: SettlementStatus) {
  const names = { instructionId, ...namesOf(related), previousId: requestId };
  return { ...names, ...detailsData(transaction), messageId };
}
