import type { TradeCode, TradeFacts, TradeParty, TradeReport } from '../../src/contract/trade-report.ts';
import { type WriteOptions, type WrittenField, writeMt } from './write.ts';
import { comma, digitsOf, given, sequence, wrapped } from './written-fields.ts';

/**
 * The bytes of an MT515 that says this, in the order of the standard. Values are written as they stand: `compose` judges them,
 * this does not. Source: ISO 15022, MT515, sequences A, C, D and F.
 */
export function writeMt515(said: TradeReport, options: WriteOptions = {}): Uint8Array {
  const { trade = {}, sender, receiver, preparedAt } = said;
  const fields = [...general(said), ...details(said, trade), ...amounts(trade), ...repo(trade)];
  if (sender === undefined || receiver === undefined) return writeMt('515', fields, options);
  const inputTime = digitsOf(preparedAt ?? '2000-01-01T00:00:00Z').slice(2, 12);
  return writeMt('515', fields, { ...options, envelope: { sender, receiver, inputTime } });
}

function general({ messageId, preparedAt, references, tradeType, ...said }: TradeReport): WrittenField[] {
  return sequence('GENL', [
    ['20C', `:SEME//${messageId}`],
    ['23G', said.function],
    ...given('98E', 'PREP', preparedAt === undefined ? undefined : `${digitsOf(preparedAt)}/00`),
    ...coded('22F', 'TRTR', tradeType ?? { code: 'TRAD' }),
    ...references.flatMap(({ by, id }) => sequence('LINK', [['20C', `:${by}//${id}`]])),
  ]);
}

function coded(tag: string, qualifier: string, code: TradeCode | undefined): WrittenField[] {
  return code === undefined ? [] : [[tag, `:${qualifier}/${code.scheme ?? ''}/${code.code}`]];
}

function details({ process }: TradeReport, trade: TradeFacts): WrittenField[] {
  const { side, quantity, unit, payment, text } = trade;
  return sequence('CONFDET', [
    ...dateFields('TRAD', trade.tradeDate, trade.tradedAt),
    ...dateFields('SETT', trade.settlementDate, undefined),
    ...price(trade),
    ...given('22H', 'BUSE', side === undefined ? undefined : side === 'buy' ? 'BUYI' : 'SELL'),
    ...coded('22F', 'PROC', process),
    ...given('22H', 'PAYM', payment === 'free' ? 'FREE' : 'APMT'),
    ...(trade.parties ?? []).flatMap(party),
    ...given(
      '36B',
      'CONF',
      quantity === undefined ? undefined : `${unit === 'face' ? 'FAMT' : 'UNIT'}/${comma(quantity)}`,
    ),
    ['35B', security(trade)],
    ...given('70E', 'TPRO', text === undefined ? undefined : wrapped(text)),
  ]);
}

function dateFields(qualifier: string, date: string | undefined, time: string | undefined): WrittenField[] {
  if (time !== undefined) return [['98C', `:${qualifier}//${digitsOf(time)}`]];
  return given('98A', qualifier, date?.replaceAll('-', ''));
}

const codes = { percent: 'PRCT', yield: 'YIEL', discount: 'DISC', premium: 'PREM', amount: 'ACTU' } as const;

/** The price of a repo is said as 0: its rate stands with its second leg. */
function price({
  price: said,
  priceType = 'percent',
  currency = '',
  repo: second,
}: TradeFacts): WrittenField[] {
  if (said === undefined) return second === undefined ? [] : [['90A', ':DEAL//PRCT/0,']];
  if (priceType === 'amount') return [['90B', `:DEAL//ACTU/${currency}${comma(said)}`]];
  const sign = said.startsWith('-') ? 'N' : '';
  return [['90A', `:DEAL//${codes[priceType]}/${sign}${comma(said.replace('-', ''))}`]];
}

function party({ role, id, scheme, reference, account }: TradeParty): WrittenField[] {
  const field: WrittenField =
    scheme === 'bic'
      ? ['95P', `:${role}//${id}`]
      : scheme === 'name'
        ? ['95Q', `:${role}//${id}`]
        : ['95R', `:${role}/${scheme}/${id}`];
  return sequence('CONFPRTY', [field, ...given('97A', 'SAFE', account), ...given('20C', 'PROC', reference)]);
}

function security({ isin, cusip }: TradeFacts): string {
  const lines = [
    ...(isin === undefined ? [] : [`ISIN ${isin}`]),
    ...(cusip === undefined ? [] : [`/US/${cusip}`]),
  ];
  return lines.join('\n');
}

function amounts({ gross, accrued, net, currency = '' }: TradeFacts): WrittenField[] {
  const said = [
    ...given('19A', 'DEAL', gross === undefined ? undefined : `${currency}${comma(gross)}`),
    ...given('19A', 'ACRU', accrued === undefined ? undefined : `${currency}${comma(accrued)}`),
    ...given('19A', 'SETT', net === undefined ? undefined : `${currency}${comma(net)}`),
  ];
  if (said.length === 0) return [];
  return sequence('SETDET', [['22F', ':SETR//TRAD'], ...said.flatMap((field) => sequence('AMT', [field]))]);
}

function repo({ repo: said, currency = '' }: TradeFacts): WrittenField[] {
  if (said === undefined) return [];
  const { closingDate, closingAmount, rate, id } = said;
  const sign = rate?.startsWith('-') ? 'N' : '';
  return sequence('REPO', [
    ...given('98A', 'TERM', closingDate?.replaceAll('-', '')),
    ...given('20C', 'REPO', id),
    ...given('92A', 'REPO', rate === undefined ? undefined : `${sign}${comma(rate.replace('-', ''))}`),
    ...given('19A', 'REPA', closingAmount === undefined ? undefined : `${currency}${comma(closingAmount)}`),
  ]);
}
