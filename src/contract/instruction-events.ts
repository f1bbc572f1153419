import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import {
  detailsData,
  freeSlot,
  namesOf,
  saidBy,
  servicerOf,
  settlementAttributes,
  settlementKey,
} from './settlement-attributes.ts';
import type { SettlementInstruction } from './settlement-instruction.ts';
import type { ProcessingChange, TransactionCommand, TransactionRequest } from './transaction-command.ts';

/**
 * What an instruction means. A pre-advice and the request to cancel one are `settlement.pending`: nothing is instructed
 * by the one, and nothing is cancelled until the servicer says so. A move between sub-balances of one account is
 * instructed like everything else, with the two balances and without a delivery.
 */
export function instructionEvents(said: SettlementInstruction, context: NormalizeContext): readonly Event[] {
  const { status, type } = meanings[said.action];
  const { reason } = said;
  const attributes = {
    ...settlementAttributes(said.details, said.preparedAt),
    reportedBy: saidBy(context, said.sender),
    businessKey: settlementKey(context, servicerOf(context, said), said.instructionId, status),
  };
  const data = {
    instructionId: said.instructionId,
    ...namesOf(said.related),
    linkedIds: said.linked,
    ...detailsData(said.details),
    status,
    reason: reason === undefined ? undefined : codeText(reason),
    messageId: said.messageId,
    text: reason?.text ?? said.details.text,
  };
  return [eventOf(context, 'instruction', type, attributes, data)];
}

const meanings = {
  new: { status: 'NEWM', type: 'settlement.instructed' },
  preadvice: { status: 'PREA', type: 'settlement.pending' },
  cancel: { status: 'CANC', type: 'settlement.pending' },
} as const;

/** What a command means: for each instruction that it names, that changes of its processing are asked for. */
export function commandEvents(said: TransactionCommand, context: NormalizeContext): readonly Event[] {
  const taken = new Set<string>();
  return said.requests.map((request) =>
    requestEvent(said, request, freeSlot(`request-${nameOf(request)}`, taken), context),
  );
}

/** The account owner's reference, else the first of the others' names of it. */
function nameOf({ instructionId, related = [] }: TransactionRequest): string {
  return instructionId === '' ? (related[0]?.id ?? '') : instructionId;
}

function requestEvent(
  said: TransactionCommand,
  request: TransactionRequest,
  slot: string,
  context: NormalizeContext,
): Event {
  const { instructionId, related = [], changes } = request;
  const asked = changes.map(changeText);
  const side = ['TPRC', said.messageId, ...asked].join(' ');
  const attributes = {
    ...settlementAttributes({ account: said.account }, said.preparedAt),
    reportedBy: saidBy(context, said.sender),
    businessKey: settlementKey(context, servicerOf(context, said), nameOf(request), side),
  };
  const data = {
    instructionId,
    ...namesOf(related),
    linkedIds: request.linked,
    status: 'TPRC',
    changes: asked,
    messageId: said.messageId,
  };
  return eventOf(context, slot, 'settlement.pending', attributes, data);
}

function changeText({ kind, code, scheme = '' }: ProcessingChange): string {
  return `${kind}/${codeText({ code, scheme })}`;
}

function codeText({ code, scheme = '' }: { code: string; scheme?: string | undefined }): string {
  return scheme === '' ? code : `${scheme}/${code}`;
}
