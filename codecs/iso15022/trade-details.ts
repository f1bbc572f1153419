import type { StatusReason } from '../../src/contract/settlement-status.ts';
import type { TradeCharge, TradeFacts, TradeParty, TradeRepo } from '../../src/contract/trade-report.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { MtField } from './fields.ts';
import { type FieldReader, missingValue, readingInto } from './needed-values.ts';
import { accountOf, moneyOf, partyOf, quantityOf, securityOf } from './settlement-values.ts';
import { fieldsIn, findFields, findSequences, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf, decimalOf, narrativeOf, timeOf } from './values.ts';

/**
 * The trade of a message: CONFDET of 514, 515 and 518, ORDRDET of 513, TRADE of 509. `needed`: side, quantity and security
 * have to be there. An amount of 19A that cannot be read (`USD106,886,68`, which is met) is left out: its format issue says so,
 * and no event needs it. The price of a repo stands as 0, with and without a comma; its rate is its price.
 */
export function tradeIn(
  details: MtSequence,
  root: MtSequence,
  problems: Issue[],
  needed: boolean,
): TradeFacts {
  const read = readingInto(problems);
  const one = (path: string): MtField | undefined => findFields(details, path)[0];
  const quantityField =
    one('36a::CONF') ?? one('36a::ORDR') ?? one('36a::EXEC') ?? one('36a::PAFI') ?? one('36a');
  const quantity = read(quantityField, quantityOf);
  const side = read(one('22H::BUSE'), (code) => sides.get(code));
  const repo = repoIn(root, read);
  const amounts = amountsIn(details, root);
  const price = priceIn(one('90a::DEAL') ?? one('90a'), repo !== undefined, read);
  const security = securityOf(one('35B')?.value ?? '');
  const parties = [...partiesIn(details, 'CONFPRTY'), ...partiesIn(details, 'TRADPRTY')];
  if (needed) {
    if (side === undefined && one('22H::BUSE') === undefined)
      problems.push(missingValue(':22H::BUSE', details));
    if (quantityField === undefined) problems.push(missingValue(':36B:', details));
    if (security.cusip === undefined && security.isin === undefined)
      problems.push(missingValue(':35B:', details));
  }
  return {
    side,
    quantity: quantity?.quantity,
    unit: quantity?.unit,
    ...security,
    price: price.price,
    priceType: price.priceType,
    ...datesIn(one, read),
    payment: read(one('22H::PAYM'), (code) => payments.get(code)),
    currency: amounts.currency ?? price.currency,
    net: amounts.of('SETT'),
    gross: amounts.of('DEAL'),
    accrued: amounts.of('ACRU'),
    charges: amounts.charges,
    venue: one('94a::TRAD')?.content,
    account: ownAccount(parties, side),
    parties,
    repo,
    ...narrativeIn(fieldsIn(details)),
  };
}

const sides = new Map<string, 'buy' | 'sell'>([
  ['BUYI', 'buy'],
  ['SELL', 'sell'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);

function datesIn(one: (path: string) => MtField | undefined, read: FieldReader) {
  const traded = one('98B::TRAD') === undefined ? one('98a::TRAD') : undefined;
  const settles = one('98B::SETT') === undefined ? one('98a::SETT') : undefined;
  return {
    tradeDate: read(traded, dateOf),
    tradedAt: timeOf(traded?.content ?? ''),
    settlementDate: read(settles, dateOf),
  };
}

const priceTypes = new Map<string, TradeFacts['priceType']>([
  ['PRCT', 'percent'],
  ['YIEL', 'yield'],
  ['DISC', 'discount'],
  ['PREM', 'premium'],
]);

/** `PRCT/99,375`, `YIEL/N0,25`, `ACTU/USD25,1`. Source: ISO 15022, field 90a. */
function priceIn(
  field: MtField | undefined,
  repo: boolean,
  read: FieldReader,
): Pick<TradeFacts, 'price' | 'priceType' | 'currency'> {
  const found = read(field, (content) => {
    const match = /^([A-Z]{4})\/(N?)(?:([A-Z]{3}))?([0-9,]+)$/.exec(content);
    const price = decimalOf(match?.[4] ?? '');
    if (match === null || price === undefined) return undefined;
    const signed = match[2] === 'N' && price !== '0' ? `-${price}` : price;
    const type = match[3] === undefined ? priceTypes.get(match[1] ?? '') : 'amount';
    return { price: signed, priceType: type, currency: match[3] };
  });
  return found === undefined || (repo && found.price === '0') ? {} : found;
}

/** Amounts of the trade itself and of SETDET/AMT. */
function amountsIn(details: MtSequence, root: MtSequence) {
  const inner = findSequences(root, 'SETDET/AMT').flatMap((one) => findFields(one, '19A'));
  const read = [...findFields(details, '19A'), ...inner].flatMap(({ qualifier, content }) => {
    const money = moneyOf(content);
    return money === undefined ? [] : [{ qualifier, ...money }];
  });
  const of = (qualifier: string): string | undefined =>
    read.find((one) => one.qualifier === qualifier)?.amount;
  const charges = read.flatMap(({ qualifier, amount, currency }): readonly TradeCharge[] => {
    const type = chargeTypes.get(qualifier);
    return type === undefined ? [] : [{ type, amount, currency }];
  });
  const currency = (read.find(({ qualifier }) => qualifier === 'SETT') ?? read[0])?.currency;
  return { of, charges, currency };
}

/** Source: ISO 15022, qualifiers of 19A. */
const chargeTypes = new Map([
  ['LOCO', 'commission'],
  ['EXEC', 'commission'],
  ['CHAR', 'charge'],
  ['LEVY', 'levy'],
  ['TRAN', 'transaction-tax'],
  ['REGF', 'regulatory-fee'],
  ['STAM', 'stamp-duty'],
  ['OTHR', 'other'],
]);

/** `:70E::DECL//GSCC/CORRSIMU`: the executing firm behind the participant, by the clearing corporation's mnemonic. */
const correspondent = /GSCC\/CORR([A-Z0-9]{1,5})/;

function partiesIn(details: MtSequence, code: string): readonly TradeParty[] {
  return sequencesIn(details, code).flatMap((sequence): readonly TradeParty[] => {
    const [field] = findFields(sequence, '95a').filter(({ content }) => content.trim() !== '');
    if (field === undefined) return [];
    const reference = findFields(sequence, '20C::PROC')[0]?.content.trim();
    const behind = correspondent.exec(
      findFields(sequence, '70E::DECL')[0]?.content.replace(/\s/g, '') ?? '',
    )?.[1];
    return [
      {
        ...partyOf(field),
        reference: reference === '' || reference === 'NONREF' ? undefined : reference,
        correspondent: behind,
        account: accountOf(findFields(sequence, '97a::SAFE')[0]),
      },
    ];
  });
}

/** The account of the investor, else of the side that the message is about. */
function ownAccount(parties: readonly TradeParty[], side: 'buy' | 'sell' | undefined): string | undefined {
  const roles = side === undefined ? ['INVE'] : ['INVE', side === 'buy' ? 'BUYR' : 'SELL'];
  return parties.find(({ role, account }) => account !== undefined && roles.includes(role))?.account;
}

/** The second leg of a repo. Its date is TERM in the standard and REPU at the clearing corporation. */
function repoIn(root: MtSequence, read: FieldReader): TradeRepo | undefined {
  const [sequence] = sequencesIn(root, 'REPO');
  if (sequence === undefined) return undefined;
  const one = (path: string): MtField | undefined => findFields(sequence, path)[0];
  const closing = one('98a::TERM') ?? one('98a::REPU');
  const open = closing?.tag === '98B';
  const amount = ['19A::REPA', '19A::TRTE', '19A::TRAA'].map((path) => moneyOf(one(path)?.content ?? ''));
  const closed = amount.find((money) => money !== undefined);
  const rate = (content: string): string | undefined => {
    const decimal = decimalOf(content.replace(/^N/, ''));
    return decimal !== undefined && content.startsWith('N') && decimal !== '0' ? `-${decimal}` : decimal;
  };
  return {
    closingDate: open ? undefined : read(closing, dateOf),
    closingCode: open ? closing.content : undefined,
    rate: read(one('92A::REPO'), rate) ?? read(one('92A::RSPR'), rate),
    closingAmount: closed?.amount,
    currency: closed?.currency,
    interest: moneyOf(one('19A::ACRU')?.content ?? '')?.amount,
    haircut: read(one('92A::SHAI'), rate),
    id: (one('20C::REPO') ?? one('20C::SECO'))?.content.trim(),
    rateType: one('22F::RERT')?.content,
  };
}

/** Words of the trade. Why it is told stands in them by the mnemonics MSGR (message) and DKRS (DK), four characters each. */
function narrativeIn(fields: readonly MtField[]): Pick<TradeFacts, 'reasons' | 'text'> {
  const words = fields.filter(({ tag }) => tag === '70E').map(({ content }) => narrativeOf(content));
  const reasons = words.flatMap((text): readonly StatusReason[] =>
    [...text.matchAll(/\/(?:MSGR|DKRS)\/?([A-Z0-9]{4})/g)].map((match) => ({
      code: match[1] ?? '',
      scheme: 'GSCC',
    })),
  );
  return { reasons, text: words.length === 0 ? undefined : words.join('; ') };
}
