import type {
  AmountSaid,
  BalanceSaid,
  DateSaid,
  MovementSaid,
  OptionSaid,
  QuantityUnit,
  RateSaid,
  SaidSecurity,
} from '../../src/contract/corporate-action.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import { element, textElement, type WrittenElement } from './write-xml.ts';

type Inner = readonly (WrittenElement | undefined)[];
/** Which message an option stands in: they differ in what a movement is made of. */
type Place = 'notice' | 'confirmation' | 'reversal';

/** An option with its movements, in the order of its message. What the message has no element for is left out. */
export function optionElement(said: OptionSaid, name: string, place: Place): WrittenElement {
  const notice = place === 'notice';
  const number = /^\d+$/.test(said.number) ? 'Nb' : 'Cd';
  const movements = said.movements ?? [];
  return element(name, [
    notice ? textElement('OptnNb', said.number) : element('OptnNb', [textElement(number, said.number)]),
    coded('OptnTp', said.type),
    said.fractions === undefined || place === 'reversal' ? undefined : coded('FrctnDspstn', said.fractions),
    said.status === undefined ? undefined : coded('OptnAvlbtySts', said.status),
    place === 'reversal' ? undefined : textElement('CcyOptn', said.currency),
    notice
      ? element('DfltPrcgOrStgInstr', [textElement('DfltOptnInd', String(said.isDefault ?? false))])
      : undefined,
    ...(notice ? dateElements(said.dates ?? [], 'option') : []),
    ...(notice ? periodElements(said.dates ?? []) : []),
    ...(place === 'reversal' ? [] : rateElements(said.rates ?? [], 'option', 'RateAndAmtDtls')),
    ...movements.filter(({ kind }) => kind === 'securities').map((one) => securitiesElement(one, place)),
    ...movements.filter(({ kind }) => kind === 'cash').map((one) => cashElement(one, place)),
  ]);
}

function securitiesElement(said: MovementSaid, place: Place): WrittenElement {
  const ids = element('FinInstrmId', securityElements(said.security ?? {}));
  const notice = place === 'notice';
  const quantity =
    said.quantity === undefined
      ? undefined
      : element(notice ? 'EntitldQty' : 'PstngQty', [quantityElement('Qty', said.quantity, said.unit)]);
  const { ratio } = said;
  const ratios: Readonly<Record<string, string>> = tables.ratios;
  const ratioName = Object.keys(ratios).find((name) => ratios[name] === ratio?.type);
  const share =
    ratio === undefined || ratioName === undefined
      ? undefined
      : element('RateDtls', [
          element(ratioName, [
            element('QtyToQty', [
              textElement('Qty1', ratio.numerator),
              textElement('Qty2', ratio.denominator),
            ]),
          ]),
        ]);
  return element('SctiesMvmntDtls', [
    notice ? element('SctyDtls', [ids]) : ids,
    textElement('CdtDbtInd', said.direction === 'credit' ? 'CRDT' : 'DBIT'),
    quantity,
    said.fractions === undefined || place === 'reversal' ? undefined : coded('FrctnDspstn', said.fractions),
    ...movementDates(said, place, 'securities'),
    place === 'reversal' ? undefined : share,
    ...(place === 'reversal' ? [] : rateElements(said.rates ?? [], 'securities', 'RateDtls', false)),
  ]);
}

function cashElement(said: MovementSaid, place: Place): WrittenElement {
  const account =
    said.account === undefined
      ? undefined
      : element(place === 'notice' ? 'CshAcctId' : 'CshAcct', [textElement('Prtry', said.account)]);
  const held = place === 'notice' || account === undefined ? account : element('Acct', [account]);
  const main = {
    type: place === 'notice' ? 'ENTL' : 'PSTA',
    amount: said.amount ?? '',
    currency: said.currency ?? '',
  };
  const amounts = [...(said.amount === undefined ? [] : [main]), ...(said.amounts ?? [])];
  const direction = textElement('CdtDbtInd', said.direction === 'credit' ? 'CRDT' : 'DBIT');
  if (place === 'reversal')
    return element('CshMvmntDtls', [
      direction,
      held,
      ...movementDates(said, place, 'cash'),
      moneyElement('PstngAmt', said.amount, said.currency),
    ]);
  return element('CshMvmntDtls', [
    direction,
    held,
    amounts.length === 0 ? undefined : element('AmtDtls', amountElements(amounts)),
    ...movementDates(said, place, 'cash'),
    ...rateElements(said.rates ?? [], place === 'notice' ? 'cash' : 'cashPosted', 'RateAndAmtDtls'),
  ]);
}

function movementDates({ dates = [] }: MovementSaid, place: Place, kind: 'securities' | 'cash'): Inner {
  if (place === 'notice') return dateElements(dates, kind);
  if (place === 'confirmation')
    return dateElements(dates, kind === 'cash' ? 'cashPosted' : 'securitiesPosted');
  return ['PstngDt', 'OrgnlPstngDt'].flatMap((name) => datesNamed(dates, name));
}

/** DtDtls with the dates that there is an element for, in the order of this place. */
export function dateElements(dates: readonly DateSaid[], place: keyof typeof tables.written.dates): Inner {
  const bare = place === 'cashPosted' ? ['ValDt'] : [];
  const inner = tables.written.dates[place].flatMap((name) =>
    bare.includes(name) ? bareDates(dates, name) : datesNamed(dates, name),
  );
  return inner.length === 0 ? [] : [element('DtDtls', inner)];
}

function bareDates(dates: readonly DateSaid[], name: string): Inner {
  const names: Readonly<Record<string, string>> = tables.dates;
  return dates.filter(({ type }) => type === names[name]).map(({ date }) => textElement(name, date));
}

const postedDates = ['PstngDt', 'OrgnlPstngDt'];

/** A posting date is a choice of its own; a date that can have a time stands one level deeper than one that cannot. */
function datesNamed(dates: readonly DateSaid[], name: string): readonly WrittenElement[] {
  const names: Readonly<Record<string, string>> = tables.dates;
  return dates
    .filter(({ type }) => type === names[name])
    .map(({ date, time, code }) => {
      if (code !== undefined) return element(name, [element('DtCd', [textElement('Cd', code)])]);
      const said = textElement(time === undefined ? 'Dt' : 'DtTm', time ?? date);
      const plain = postedDates.includes(name) || tables.plainDates.includes(name);
      return element(name, plain ? [said] : [element('Dt', [said])]);
    });
}

/** PrdDtls of both ends of each period. */
export function periodElements(dates: readonly DateSaid[]): Inner {
  const names: Readonly<Record<string, string>> = tables.periods;
  const inner = tables.written.periods.option.flatMap((name) => {
    const type = names[name];
    const begin = dates.find((one) => one.type === `${type}/from`);
    const end = dates.find((one) => one.type === `${type}/to`);
    if (begin === undefined || end === undefined) return [];
    return [element(name, [element('Prd', [endElement('StartDt', begin), endElement('EndDt', end)])])];
  });
  return inner.length === 0 ? [] : [element('PrdDtls', inner)];
}

function endElement(name: string, { date, time, code }: DateSaid): WrittenElement {
  if (code !== undefined) return element(name, [textElement('NotSpcfdDt', code)]);
  return element(name, [
    element('Dt', [time === undefined ? textElement('Dt', date) : textElement('DtTm', time)]),
  ]);
}

/** The group of rates, and that of prices behind it; without `prices` only what the group itself can hold. */
export function rateElements(
  rates: readonly RateSaid[],
  place: keyof typeof tables.written.rates,
  group: string,
  prices = true,
): Inner {
  const named: Readonly<Record<string, string>> = tables.rates;
  const priceNames: Readonly<Record<string, readonly string[]>> = tables.written.prices;
  const found = (name: string) => rates.filter(({ type }) => type === named[name]);
  const inner = tables.written.rates[place].flatMap((name) =>
    found(name).map((one) => rateElement(name, one)),
  );
  const priced = (priceNames[place === 'cashPosted' ? 'cash' : place] ?? []).flatMap((name) =>
    found(name).map((one) => priceElement(name, one)),
  );
  return [
    inner.length === 0 || !prices ? undefined : element(group, inner),
    priced.length === 0 ? undefined : element('PricDtls', priced),
  ];
}

function rateElement(name: string, { value, currency, code }: RateSaid): WrittenElement {
  if (value === undefined) return element(name, [textElement('NotSpcfdRate', code)]);
  const amount = moneyElement('Amt', value, currency);
  if (code === undefined)
    return element(name, [currency === undefined ? textElement('Rate', value) : amount]);
  const type = coded('RateTp', code);
  if (currency === undefined)
    return element(name, [element('RateTpAndRate', [type, textElement('Rate', value)])]);
  return element(name, [element('RateTpAndAmtAndRateSts', [type, amount])]);
}

function priceElement(name: string, { value, currency, code }: RateSaid): WrittenElement {
  if (value === undefined) return element(name, [textElement('NotSpcfdPric', code)]);
  if (currency === undefined)
    return element(name, [
      element('PctgPric', [textElement('PctgPricTp', code ?? 'PRCT'), textElement('PricVal', value)]),
    ]);
  return element(name, [
    element('AmtPric', [textElement('AmtPricTp', code ?? 'ACTU'), moneyElement('PricVal', value, currency)]),
  ]);
}

function amountElements(amounts: readonly AmountSaid[]): Inner {
  return Object.entries(tables.amounts).flatMap(([name, type]) =>
    amounts.filter((one) => one.type === type).map((one) => moneyElement(name, one.amount, one.currency)),
  );
}

/** The balances that there is an element for, in the order of the schema; the eligible one is built differently. */
export function balanceElements(balances: readonly BalanceSaid[]): Inner {
  const names: Readonly<Record<string, string>> = tables.balances;
  return tables.written.balances.flatMap((name) =>
    balances
      .filter(({ type }) => type === names[name])
      .map((one) => {
        const quantity = one.quantity.replace('-', '');
        const side = textElement('ShrtLngPos', one.quantity.startsWith('-') ? 'SHOR' : 'LONG');
        const inner = quantityElement('Qty', quantity, one.unit);
        if (name === 'TtlElgblBal')
          return element(name, [element('Bal', [element('QtyChc', [element('SgndQty', [side, inner])])])]);
        return element(name, [element('Bal', [side, element('QtyChc', [inner])])]);
      }),
  );
}

export function quantityElement(
  name: string,
  value: string | undefined,
  unit: QuantityUnit | undefined,
): WrittenElement | undefined {
  if (value === undefined) return undefined;
  return element(name, [textElement(unit === 'face' ? 'FaceAmt' : 'Unit', value)]);
}

export function moneyElement(
  name: string,
  amount: string | undefined,
  currency: string | undefined,
): WrittenElement | undefined {
  return textElement(name, amount, { Ccy: currency ?? '' });
}

export function securityElements({ isin, cusip }: SaidSecurity): Inner {
  return [
    textElement('ISIN', isin),
    cusip === undefined
      ? undefined
      : element('OthrId', [textElement('Id', cusip), element('Tp', [textElement('Cd', 'CUSP')])]),
  ];
}

/** A choice of a code of the standard's list. */
export function coded(name: string, code: string): WrittenElement {
  return element(name, [textElement('Cd', code)]);
}
