import assert from 'node:assert/strict';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { confirmationEvents } from '../../src/contract/confirmation-events.ts';
import { instructionEvents } from '../../src/contract/instruction-events.ts';
import type { SettlementConfirmation } from '../../src/contract/settlement-confirmation.ts';
import type {
  MessageFacts,
  SettlementDetails,
  SettlementInstruction,
} from '../../src/contract/settlement-instruction.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './families.ts';
import type { MtField } from './fields.ts';
import type { MtMessage } from './message.ts';
import { missingValue, readingInto } from './needed-values.ts';
import { relatedIn } from './normalize-mt548.ts';
import { datedField, detailSequences, detailsIn, quantityField } from './settlement-details.ts';
import { quantityOf } from './settlement-values.ts';
import directions from './tables/settlement-directions.json' with { type: 'json' };
import { findFields, findSequences } from './tree.ts';
import { dateOf, timeOf } from './values.ts';

/** MT540 to MT543. Source: ISO 15022, MT540 to MT543; the meanings are those of `instructionEvents`. */
export const instructionFamily: Family = {
  problems: (message) => readInstruction(message).problems,
  events: (message, context) => instructionMeaning(message, context),
};

/** MT544 to MT547. Source: ISO 15022, MT544 to MT547; the meanings are those of `confirmationEvents`. */
export const confirmationFamily: Family = {
  problems: (message) => readConfirmation(message).problems,
  events: (message, context) => confirmationMeaning(message, context),
};

function instructionMeaning(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { said, problems } = readInstruction(message);
  return problems.length > 0 ? [] : instructionEvents(said, context);
}

function confirmationMeaning(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { said, problems } = readConfirmation(message);
  return problems.length > 0 ? [] : confirmationEvents(said, context);
}

export interface Read<T> {
  readonly said: T;
  readonly problems: readonly Issue[];
}

/** Decoding asks for the problems and normalizing for the rest: a message is read once for both. */
export function readOnce<T>(read: (message: MtMessage) => Read<T>): (message: MtMessage) => Read<T> {
  const known = new WeakMap<MtMessage, Read<T>>();
  return (message) => {
    const found = known.get(message) ?? read(message);
    known.set(message, found);
    return found;
  };
}

/** Who says a message of category 5 to whom, when, and under which reference. */
export function messageFacts(message: MtMessage): MessageFacts {
  const { envelope } = message;
  return {
    messageId: message.field('GENL.20C::SEME')?.content ?? '',
    preparedAt: timeOf(message.field('GENL.98a::PREP')?.content ?? ''),
    sender: envelope.sender,
    receiver: envelope.receiver,
  };
}

/** What 23G asks for, without its subfunction; a function that nobody knows is a problem, never taken for a new one. */
export function actionOf<T extends string>(
  message: MtMessage,
  known: ReadonlyMap<string, T>,
  problems: Issue[],
): T | undefined {
  const field = message.field('GENL.23G');
  if (field === undefined) problems.push(missingValue(':23G:', message.root));
  return readingInto(problems)(field, (content) => known.get(content.slice(0, 4)));
}

/** The references of all links, in their order. */
export function linkFields(message: MtMessage): readonly MtField[] {
  return message.fields('GENL/LINK.20a');
}

const actions = new Map<string, SettlementInstruction['action']>([
  ['NEWM', 'new'],
  ['PREA', 'preadvice'],
  ['CANC', 'cancel'],
]);

/** What an MT540 to MT543 says. A cancellation is about the instruction that its link PREV names. */
export const readInstruction = readOnce((message): Read<SettlementInstruction> => {
  const problems: Issue[] = [];
  const facts = messageFacts(message);
  const action = actionOf(message, actions, problems) ?? 'new';
  const links = linkFields(message);
  const previous = links.find(({ qualifier }) => qualifier === 'PREV')?.content;
  const instructionId = action === 'cancel' ? (previous ?? '') : facts.messageId;
  const missing = action === 'cancel' ? ':20C::PREV' : ':20C::SEME';
  if (instructionId === '') problems.push(missingValue(missing, message.root));
  const said: SettlementInstruction = {
    ...facts,
    action,
    instructionId,
    related: relatedIn(links),
    linked: linkedIds(links, action === 'cancel' ? 'RELA' : undefined),
    details: { ...directed(message), ...detailsIn(detailSequences(message.root), 'SETT', problems) },
  };
  return { said, problems };
});

/** Ids of linked instructions: what is linked as RELA, and of a new instruction also what it names as the one before. */
function linkedIds(links: readonly MtField[], only: 'RELA' | undefined): readonly string[] {
  return links
    .filter(({ qualifier }) => qualifier === 'RELA' || (only === undefined && qualifier === 'PREV'))
    .map(({ content }) => content);
}

/** Deliver or receive, against payment or free: what the type of the message says. */
function directed({ type }: MtMessage): Pick<SettlementDetails, 'delivery' | 'payment'> {
  const row = directions.find((one) => one.type === type);
  assert(row !== undefined, type);
  return {
    delivery: row.delivery === 'deliver' ? 'deliver' : 'receive',
    payment: row.payment === 'free' ? 'free' : 'against-payment',
  };
}

const confirmationActions = new Map<string, SettlementConfirmation['action']>([
  ['NEWM', 'new'],
  ['CANC', 'cancel'],
  ['RVSL', 'reverse'],
]);

/** What an MT544 to MT547 says. */
export const readConfirmation = readOnce((message): Read<SettlementConfirmation> => {
  const problems: Issue[] = [];
  const read = readingInto(problems);
  const links = linkFields(message);
  const sequences = detailSequences(message.root);
  const { quantity: settled, ...details } = detailsIn(sequences, 'ESTT', problems);
  const [instructionId = '', ...linked] = links
    .filter(({ qualifier }) => qualifier === 'RELA')
    .map(({ content }) => content);
  if (instructionId === '') problems.push(missingValue(':20C::RELA', message.root));
  if (quantityField(sequences.account, 'ESTT') === undefined)
    problems.push(missingValue(':36a::ESTT', message.root));
  const counted = (name: string) => read(quantityField(sequences.account, name), quantityOf)?.quantity;
  const said: SettlementConfirmation = {
    ...messageFacts(message),
    action: actionOf(message, confirmationActions, problems) ?? 'new',
    instructionId,
    previousId: links.find(({ qualifier }) => qualifier === 'PREV')?.content,
    related: relatedIn(links),
    linked,
    partial: codeOf(message, '22F::PARS', ['PAIN', 'PARC'] as const),
    preconfirmed: codeOf(message, '22H::PREC', ['PRCA', 'PRSE'] as const),
    settled,
    previouslySettled: counted('PSTT'),
    remaining: counted('RSTT'),
    effectiveDate: read(datedField(sequences.trade, 'ESET'), dateOf),
    details: { ...details, ...directed(message) },
  };
  return { said, problems };
});

function codeOf<T extends string>(message: MtMessage, field: string, codes: readonly T[]): T | undefined {
  const [general] = findSequences(message.root, 'GENL');
  const [found] = general === undefined ? [] : findFields(general, field);
  return codes.find((code) => code === found?.content);
}
