import type { JsonValue } from '../core/json.ts';
import type { Command } from './codec.ts';
import { type CommandReader, commandReader, type JsonObject } from './command-reader.ts';
import type {
  RelatedId,
  SettlementParty,
  SettlementStatus,
  SettlementTransaction,
  StatusReason,
  StatusSaid,
} from './settlement-status.ts';

export interface CommandRead {
  readonly status?: SettlementStatus;
  /** What the data lacks or cannot say, in sentences. */
  readonly problems: readonly string[];
}

/**
 * The status that a command `settlement-status` says: its data is a {@link SettlementStatus} as JSON; a messageId that is
 * left out is the command's key.
 */
export function readStatusCommand(command: Command): CommandRead {
  if (command.type !== 'settlement-status')
    return { problems: [`no message says the command "${command.type}"`] };
  const problems: string[] = [];
  const reader = commandReader(problems);
  const data = reader.object(command.data, 'data');
  if (data === undefined) return { problems };
  const status: SettlementStatus = {
    messageId: reader.text(data, 'messageId') ?? command.key,
    preparedAt: reader.text(data, 'preparedAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    sender: reader.text(data, 'sender'),
    receiver: reader.text(data, 'receiver'),
    instructionId: reader.needed(data, 'instructionId'),
    related: reader.list(data, 'related').map((item): RelatedId => {
      return { by: reader.oneOf(item, 'by', relatedKinds) ?? 'common', id: reader.needed(item, 'id') };
    }),
    statuses: reader.list(data, 'statuses').map((item) => statusIn(item, reader)),
    transaction: transactionIn(data['transaction'], reader),
  };
  if (status.statuses.length === 0) problems.push('statuses is needed and empty');
  const enveloped = status.sender !== undefined && status.receiver !== undefined;
  if (enveloped && status.preparedAt === undefined)
    problems.push('preparedAt is needed with sender and receiver');
  return problems.length === 0 ? { status, problems } : { problems };
}

const relatedKinds = ['market', 'counterparty-market', 'processor', 'netting', 'common', 'trade'] as const;

function statusIn(item: JsonObject, reader: CommandReader): StatusSaid {
  const reasons = reader.list(item, 'reasons').map((reason): StatusReason => {
    return {
      code: reader.needed(reason, 'code'),
      scheme: reader.text(reason, 'scheme'),
      text: reader.text(reason, 'text'),
    };
  });
  const kind = reader.needed(item, 'kind');
  return { kind, code: reader.needed(item, 'code'), scheme: reader.text(item, 'scheme'), reasons };
}

function transactionIn(
  value: JsonValue | undefined,
  reader: CommandReader,
): SettlementTransaction | undefined {
  if (value === undefined) return undefined;
  const item = reader.object(value, 'transaction');
  return item === undefined ? undefined : transactionMembers(item, reader);
}

/** What a command says of its transaction, as far as a status message repeats it. */
export function transactionMembers(item: JsonObject, reader: CommandReader): SettlementTransaction {
  const decimal = /^\d{1,30}(\.\d{1,20})?$/;
  const date = /^\d{4}-\d\d-\d\d$/;
  return {
    account: reader.text(item, 'account'),
    isin: reader.text(item, 'isin'),
    cusip: reader.text(item, 'cusip'),
    quantity: reader.text(item, 'quantity', decimal),
    unit: reader.oneOf(item, 'unit', ['shares', 'face'] as const),
    delivery: reader.oneOf(item, 'delivery', ['deliver', 'receive'] as const),
    payment: reader.oneOf(item, 'payment', ['against-payment', 'free'] as const),
    amount: reader.text(item, 'amount', decimal),
    currency: reader.text(item, 'currency', /^[A-Z]{3}$/),
    tradeDate: reader.text(item, 'tradeDate', date),
    settlementDate: reader.text(item, 'settlementDate', date),
    place: reader.text(item, 'place'),
    parties: reader.list(item, 'parties').map((party): SettlementParty => {
      const role = reader.needed(party, 'role');
      return { role, id: reader.needed(party, 'id'), scheme: reader.needed(party, 'scheme') };
    }),
    text: reader.text(item, 'text'),
  };
}
