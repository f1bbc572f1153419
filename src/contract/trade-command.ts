import { canonicalDecimal } from '../core/decimal.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import type { Command } from './codec.ts';
import { type CommandReader, commandReader, type JsonObject } from './command-reader.ts';
import type {
  TradeCode,
  TradeFacts,
  TradeParty,
  TradeReference,
  TradeRepo,
  TradeReport,
} from './trade-report.ts';

export interface TradeCommandRead {
  readonly said?: TradeReport;
  /** What the data lacks or cannot say, in sentences. */
  readonly problems: readonly string[];
}

const decimal = /^\d{1,30}(\.\d{1,20})?$/;
const signed = /^-?\d{1,30}(\.\d{1,20})?$/;
const date = /^\d{4}-\d\d-\d\d$/;
const reference = /^[^\r\n]{1,16}$/;

/**
 * The confirmation that a command `trade-confirmation` says: its data is a {@link TradeReport} as JSON, whose kind is left
 * out; a messageId that is left out is the command's key, a function NEWM.
 */
export function readTradeCommand(command: Command): TradeCommandRead {
  const problems: string[] = [];
  const reader = commandReader(problems);
  const data = reader.object(command.data, 'data');
  if (data === undefined) return { problems };
  const given = reader.object(data['trade'] ?? {}, 'trade') ?? {};
  const said: TradeReport = {
    kind: 'confirmation',
    messageId: reader.text(data, 'messageId', reference) ?? command.key,
    preparedAt: reader.text(data, 'preparedAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    sender: reader.text(data, 'sender'),
    receiver: reader.text(data, 'receiver'),
    function: reader.oneOf(data, 'function', ['NEWM', 'CANC'] as const) ?? 'NEWM',
    tradeType: codeIn(data, 'tradeType', reader),
    process: codeIn(data, 'process', reader),
    references: reader.list(data, 'references').map((item): TradeReference => {
      return { by: reader.text(item, 'by', /^[A-Z]{4}$/) ?? '', id: reader.needed(item, 'id') };
    }),
    trade: tradeIn(given, reader),
  };
  const trade = said.trade ?? {};
  for (const name of ['side', 'quantity', 'tradeDate', 'settlementDate'] as const)
    if (trade[name] === undefined) problems.push(`trade.${name} is needed`);
  if (trade.cusip === undefined && trade.isin === undefined)
    problems.push('trade.cusip or trade.isin is needed');
  if (trade.price === undefined && trade.repo === undefined) problems.push('trade.price is needed');
  if (said.references.length === 0) problems.push('references is needed and empty');
  if ((trade.parties ?? []).length === 0) problems.push('trade.parties is needed and empty');
  if (said.references.some(({ by }) => by === '')) problems.push('references.by is needed');
  if (trade.parties?.some(({ role }) => role === '') === true) problems.push('parties.role is needed');
  const money = [trade.net, trade.gross, trade.accrued, trade.repo?.closingAmount];
  if (trade.currency === undefined && money.some((one) => one !== undefined))
    problems.push('trade.currency is needed with an amount');
  // A text alone does not tell an MT515 from an MT514 or MT518: the envelope does.
  for (const name of ['sender', 'receiver', 'preparedAt'] as const)
    if (said[name] === undefined) problems.push(`${name} is needed`);
  return problems.length === 0 ? { said, problems } : { problems };
}

function codeIn(data: JsonObject, name: string, reader: CommandReader): TradeCode | undefined {
  if (data[name] === undefined) return undefined;
  const item = reader.object(data[name], name);
  if (item === undefined) return undefined;
  return { code: reader.needed(item, 'code'), scheme: reader.text(item, 'scheme', /^[A-Z0-9]{1,8}$/) ?? '' };
}

function tradeIn(item: JsonObject, reader: CommandReader): TradeFacts {
  const number = (name: string, form = decimal): string | undefined =>
    canonical(reader.text(item, name, form));
  return {
    side: reader.oneOf(item, 'side', ['buy', 'sell'] as const),
    quantity: number('quantity'),
    unit: reader.oneOf(item, 'unit', ['shares', 'face'] as const) ?? 'shares',
    isin: reader.text(item, 'isin', /^[A-Z]{2}[A-Z0-9]{9}\d$/),
    cusip: reader.text(item, 'cusip', /^[A-Z0-9*@#]{9}$/),
    price: number('price', signed),
    priceType: reader.oneOf(item, 'priceType', [
      'percent',
      'yield',
      'discount',
      'premium',
      'amount',
    ] as const),
    currency: reader.text(item, 'currency', /^[A-Z]{3}$/),
    tradeDate: reader.text(item, 'tradeDate', date),
    tradedAt: reader.text(item, 'tradedAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    settlementDate: reader.text(item, 'settlementDate', date),
    payment: reader.oneOf(item, 'payment', ['against-payment', 'free'] as const) ?? 'against-payment',
    net: number('net'),
    gross: number('gross'),
    accrued: number('accrued'),
    parties: reader.list(item, 'parties').map((party): TradeParty => {
      return {
        role: reader.text(party, 'role', /^[A-Z]{4}$/) ?? '',
        id: reader.needed(party, 'id'),
        scheme: reader.needed(party, 'scheme'),
        reference: reader.text(party, 'reference', reference),
        account: reader.text(party, 'account'),
      };
    }),
    repo: repoIn(item, reader),
    text: reader.text(item, 'text'),
  };
}

function repoIn(trade: JsonObject, reader: CommandReader): TradeRepo | undefined {
  if (trade['repo'] === undefined) return undefined;
  const item = reader.object(trade['repo'], 'repo');
  if (item === undefined) return undefined;
  return {
    closingDate: reader.text(item, 'closingDate', date),
    rate: canonical(reader.text(item, 'rate', signed)),
    closingAmount: canonical(reader.text(item, 'closingAmount', decimal)),
    id: reader.text(item, 'id', reference),
  };
}

function canonical(text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : canonicalDecimal(text);
  return read?.ok === true ? read.value : undefined;
}

/**
 * Names of what a written confirmation says otherwise than it was given to be written; `told` is what it says when it is read
 * again. What is derived in reading (currencies of amounts, the account of the side) is not missed.
 */
export function tradeDifferences(given: TradeReport, told: TradeReport): readonly string[] {
  const wanted = factsOf(given);
  const found = factsOf(told);
  return Object.keys(wanted).filter((name) => wanted[name] !== found[name]);
}

function factsOf(said: TradeReport): Readonly<Record<string, string>> {
  const { trade = {}, references } = said;
  const { parties = [], repo, reasons: _reasons, account: _account, charges: _charges, ...plain } = trade;
  const facts: Record<string, string> = {
    messageId: said.messageId,
    preparedAt: (said.preparedAt ?? '').replace(/\.\d+/, ''),
    function: said.function,
    tradeType: textOf({ ...said.tradeType }),
    process: textOf({ ...said.process }),
    references: references.map(({ by, id }) => `${by} ${id.trim()}`).join(', '),
    parties: parties.map(({ correspondent: _correspondent, ...party }) => textOf(party)).join(', '),
    repo: repo === undefined ? '' : textOf({ ...repo, currency: undefined }),
  };
  for (const name of names)
    facts[name] = String(plain[name] ?? '')
      .trim()
      .replace(/\s+/g, ' ');
  return facts;
}

const names = [
  'side',
  'quantity',
  'unit',
  'isin',
  'cusip',
  'price',
  'priceType',
  'currency',
  'tradeDate',
  'tradedAt',
  'settlementDate',
  'payment',
  'net',
  'gross',
  'accrued',
  'text',
] as const;

function textOf(value: object): string {
  const members = Object.entries(value).filter(([, one]) => one !== undefined && one !== '');
  return canonicalJson(Object.fromEntries(members) as { [name: string]: JsonValue });
}
