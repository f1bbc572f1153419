import type { Command } from './codec.ts';
import { type CommandReader, commandReader, type JsonObject } from './command-reader.ts';
import { transactionMembers } from './settlement-command.ts';
import type { MessageFacts, SettlementDetails, SettlementInstruction } from './settlement-instruction.ts';
import type { RelatedId } from './settlement-status.ts';
import type { ProcessingChange, TransactionCommand, TransactionRequest } from './transaction-command.ts';

/** What a command says, or in sentences what its data lacks or cannot say. */
export interface SaidOrProblems<T> {
  readonly said?: T;
  readonly problems: readonly string[];
}

/**
 * What a command `settlement-instruction` says: its data is a {@link SettlementInstruction} as JSON. Direction, payment,
 * quantity and account are needed; action is `new` and the type `TRAD` where they are left out, and an instruction that is
 * not named goes by the command's key.
 */
export function readSettlementInstruction(command: Command): SaidOrProblems<SettlementInstruction> {
  return readInstruction(command, (details, problems) => {
    for (const name of ['delivery', 'payment', 'quantity', 'account'] as const)
      if (details[name] === undefined) problems.push(`${name} is needed`);
    return { transactionType: 'TRAD', ...defined(details) };
  });
}

/**
 * What a command `securities-movement` says: a {@link SettlementInstruction} whose details name the two balances
 * (`fromBalance`, `toBalance`) of a move inside of one account.
 */
export function readSecuritiesMovement(command: Command): SaidOrProblems<SettlementInstruction> {
  return readInstruction(command, (details, problems) => {
    for (const name of ['fromBalance', 'toBalance', 'quantity', 'account'] as const)
      if (details[name] === undefined) problems.push(`${name} is needed`);
    if (details.delivery !== undefined || details.payment !== undefined)
      problems.push('a move inside of one account has no delivery and no payment');
    return details;
  });
}

/** What a command `transaction-command` says: its data is a {@link TransactionCommand} as JSON. */
export function readTransactionCommand(command: Command): SaidOrProblems<TransactionCommand> {
  const problems: string[] = [];
  const reader = commandReader(problems);
  const data = reader.object(command.data, 'data');
  if (data === undefined) return { problems };
  const requests = reader.list(data, 'requests').map((item) => requestIn(item, reader));
  const said = { ...factsIn(data, command, reader), account: reader.text(data, 'account'), requests };
  if (requests.length === 0) problems.push('requests is needed and empty');
  for (const { instructionId, related = [], changes } of requests) {
    if (instructionId === '' && related.length === 0) problems.push('instructionId or related is needed');
    if (changes.length === 0) problems.push('changes is needed and empty');
  }
  return checked(said, problems);
}

function requestIn(item: JsonObject, reader: CommandReader): TransactionRequest {
  const changes = reader.list(item, 'changes').map((change): ProcessingChange => {
    return {
      kind: reader.needed(change, 'kind'),
      code: reader.needed(change, 'code'),
      scheme: reader.text(change, 'scheme'),
    };
  });
  return {
    instructionId: reader.text(item, 'instructionId') ?? '',
    related: relatedIn(item, reader),
    linked: textsIn(item, 'linked', reader),
    changes,
  };
}

function readInstruction(
  command: Command,
  completed: (details: SettlementDetails, problems: string[]) => SettlementDetails,
): SaidOrProblems<SettlementInstruction> {
  const problems: string[] = [];
  const reader = commandReader(problems);
  const data = reader.object(command.data, 'data');
  if (data === undefined) return { problems };
  const action = reader.oneOf(data, 'action', ['new', 'preadvice', 'cancel'] as const) ?? 'new';
  const facts = factsIn(data, command, reader);
  const given = reader.text(data, 'instructionId');
  if (action === 'cancel' && given === undefined) problems.push('instructionId is needed');
  const instructionId = given ?? facts.messageId;
  const item = reader.object(data['details'], 'details');
  if (item === undefined) return { problems };
  const details = completed(detailsIn(item, reader), problems);
  if (details.isin === undefined && details.cusip === undefined) problems.push('isin or cusip is needed');
  if (details.settlementDate === undefined) problems.push('settlementDate is needed');
  if (details.amount !== undefined && details.currency === undefined) problems.push('currency is needed');
  const messageId = data['messageId'] === undefined && action !== 'cancel' ? instructionId : facts.messageId;
  const named = { related: relatedIn(data, reader), linked: textsIn(data, 'linked', reader) };
  return checked({ ...facts, messageId, action, instructionId, ...named, details }, problems);
}

function checked<T extends MessageFacts>(said: T, problems: readonly string[]): SaidOrProblems<T> {
  const enveloped = said.sender !== undefined && said.receiver !== undefined;
  const late = enveloped && said.preparedAt === undefined;
  const all = late ? [...problems, 'preparedAt is needed with sender and receiver'] : problems;
  return all.length === 0 ? { said, problems: all } : { problems: all };
}

function factsIn(data: JsonObject, command: Command, reader: CommandReader): MessageFacts {
  return {
    messageId: reader.text(data, 'messageId') ?? command.key,
    preparedAt: reader.text(data, 'preparedAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    sender: reader.text(data, 'sender'),
    receiver: reader.text(data, 'receiver'),
  };
}

const relatedKinds = ['market', 'counterparty-market', 'processor', 'netting', 'common', 'trade'] as const;

function relatedIn(data: JsonObject, reader: CommandReader): readonly RelatedId[] {
  return reader.list(data, 'related').map((item): RelatedId => {
    return { by: reader.oneOf(item, 'by', relatedKinds) ?? 'common', id: reader.needed(item, 'id') };
  });
}

function textsIn(data: JsonObject, name: string, reader: CommandReader): readonly string[] {
  const value = data[name];
  if (!Array.isArray(value)) return reader.list(data, name).map(() => '');
  return value.flatMap((_, index) => reader.text({ [name]: value[index] }, name) ?? []);
}

function detailsIn(item: JsonObject, reader: CommandReader): SettlementDetails {
  const decimal = /^\d{1,30}(\.\d{1,20})?$/;
  return {
    ...transactionMembers(item, reader),
    transactionType: reader.text(item, 'transactionType'),
    conditions: textsIn(item, 'conditions', reader),
    leg: reader.oneOf(item, 'leg', ['street', 'customer'] as const),
    safekeepingPlace: reader.text(item, 'safekeepingPlace'),
    price: reader.text(item, 'price', decimal),
    priceType: reader.oneOf(item, 'priceType', ['percent', 'amount'] as const),
    priceCurrency: reader.text(item, 'priceCurrency', /^[A-Z]{3}$/),
    accrued: reader.text(item, 'accrued', decimal),
    closingDate: reader.text(item, 'closingDate', /^\d{4}-\d\d-\d\d$/),
    fromBalance: reader.text(item, 'fromBalance'),
    toBalance: reader.text(item, 'toBalance'),
  };
}

/** Without the members that are undefined, so that what is left out may be filled. */
function defined(details: SettlementDetails): SettlementDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
