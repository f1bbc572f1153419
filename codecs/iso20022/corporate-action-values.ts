import type {
  AmountSaid,
  BalanceSaid,
  DateSaid,
  QuantityUnit,
  RateSaid,
  RatioSaid,
  SaidSecurity,
} from '../../src/contract/corporate-action.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import { textAt } from './message.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import { attributeOf, elementsAt, elementsIn, type MxElement, textIn } from './tree.ts';
import { dateIn, timeIn } from './values.ts';

/** The qualifier of ISO 15022 for an element; its own name where ISO 15022 has none that we know. */
export function qualifierOf(
  table: 'dates' | 'periods' | 'rates' | 'amounts' | 'balances',
  local: string,
): string {
  const rows: Readonly<Record<string, string>> = tables[table];
  return Object.hasOwn(rows, local) ? (rows[local] ?? local) : local;
}

export const ratioElements: Readonly<Record<string, string>> = tables.ratios;

/** All elements of these names at any depth, in document order; those of another namespace are not looked into. */
export function elementsNamed(from: MxElement, names: readonly string[]): readonly MxElement[] {
  return elementsIn(from)
    .filter(({ uri }) => uri === from.uri)
    .flatMap((inner) => (names.includes(inner.local) ? [inner] : elementsNamed(inner, names)));
}

function leaf(from: MxElement, names: readonly string[]): string | undefined {
  const found = elementsIn(from).filter(({ uri }) => uri === from.uri);
  for (const inner of found) {
    const deeper = elementsIn(inner).length > 0;
    if (!deeper && names.includes(inner.local)) return textIn(inner).trim();
    const text = deeper ? leaf(inner, names) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The date of a date element: bare, or one of the choices Dt, DtTm and DtCd. */
export function dateSaid(element: MxElement, type: string): DateSaid | undefined {
  const bare = elementsIn(element).length === 0 ? textIn(element).trim() : undefined;
  const text = bare ?? leaf(element, ['Dt', 'DtTm']);
  if (text === undefined) {
    const code = leaf(element, ['Cd', 'NotSpcfdDt', 'PrdCd', 'DtCd', 'Id']);
    return code === undefined ? undefined : { type, code };
  }
  if (text.includes('T')) {
    const time = timeIn(text);
    return time === undefined ? undefined : { type, time };
  }
  const date = dateIn(text);
  return date === undefined ? undefined : { type, date };
}

/** Both ends of a period: `PWAL/from` and `PWAL/to`. */
export function periodSaid(element: MxElement, type: string): readonly DateSaid[] | undefined {
  const [prd = element] = elementsAt(element, 'Prd');
  const ends = [
    ['StartDt', `${type}/from`],
    ['EndDt', `${type}/to`],
  ] as const;
  const found = ends.flatMap(([name, end]) => elementsAt(prd, name).map((one) => dateSaid(one, end)));
  if (found.length > 0) {
    const read = found.filter((one) => one !== undefined);
    return read.length === found.length ? read : undefined;
  }
  const code = leaf(element, ['PrdCd']);
  return code === undefined ? undefined : [{ type: `${type}/from`, code }];
}

/** A rate or price: a number, an amount with its currency, with the type or status that it says; or why there is none. */
export function rateSaid(element: MxElement, type: string): RateSaid | undefined {
  const unknown = leaf(element, ['NotSpcfdRate', 'NotSpcfdPric']);
  if (unknown !== undefined) return { type, code: unknown };
  const exchange = textAt(element, 'XchgRate');
  if (exchange !== undefined) {
    const value = decimalOf(exchange);
    const code = `${textAt(element, 'UnitCcy') ?? ''}/${textAt(element, 'QtdCcy') ?? ''}`;
    return value === undefined ? undefined : { type, value, code };
  }
  const bare = elementsIn(element).length === 0 ? [element] : [];
  const [held] = [...bare, ...elementsNamed(element, ['Rate', 'Amt', 'PricVal', 'IndxPts'])];
  const value = held === undefined ? undefined : decimalOf(textIn(held).trim());
  if (held === undefined || value === undefined) return undefined;
  const currency = attributeOf(held, 'Ccy');
  const [named] = elementsNamed(element, ['RateTp']);
  const code =
    (named === undefined ? undefined : leaf(named, ['Cd', 'Id'])) ??
    leaf(element, ['PctgPricTp', 'AmtPricTp', 'RateSts']);
  return { type, value, ...(currency !== undefined && { currency }), ...(code !== undefined && { code }) };
}

/** A ratio of quantities; undefined for the others, which have amounts in them. */
export function ratioSaid(element: MxElement, type: string): RatioSaid | undefined {
  const numerator = decimalOf(textAt(element, 'QtyToQty/Qty1') ?? '');
  const denominator = decimalOf(textAt(element, 'QtyToQty/Qty2') ?? '');
  return numerator === undefined || denominator === undefined ? undefined : { type, numerator, denominator };
}

export function amountSaid(element: MxElement, type: string): AmountSaid | undefined {
  const amount = decimalOf(textIn(element).trim());
  return amount === undefined ? undefined : { type, amount, currency: attributeOf(element, 'Ccy') ?? '' };
}

const quantityNames = ['Unit', 'DgtlTknUnit', 'FaceAmt', 'AmtsdVal'];

/** A quantity, however its choices are nested. Of an original and current face the original counts. */
export function quantitySaid(element: MxElement): { quantity: string; unit: QuantityUnit } | undefined {
  const [held] = [...elementsNamed(element, quantityNames), ...elementsNamed(element, ['Qty'])];
  const quantity = held === undefined ? undefined : decimalOf(textIn(held).trim());
  if (held === undefined || quantity === undefined) return undefined;
  return { quantity, unit: /^(FaceAmt|AmtsdVal)$/.test(held.local) ? 'face' : 'shares' };
}

/** A balance; a short one is less than nothing. */
export function balanceSaid(element: MxElement, type: string): BalanceSaid | undefined {
  const found = quantitySaid(element);
  if (found === undefined) return undefined;
  const short = leaf(element, ['ShrtLngPos']) === 'SHOR' && found.quantity !== '0';
  return { type, quantity: short ? `-${found.quantity}` : found.quantity, unit: found.unit };
}

/** ISIN, and the CUSIP as an other id of type CUSP; undefined where neither is said. */
export function securitySaid(element: MxElement | undefined): SaidSecurity | undefined {
  if (element === undefined) return undefined;
  const isin = textAt(element, 'ISIN');
  const cusip = elementsAt(element, 'OthrId')
    .filter((other) => textAt(other, 'Tp/Cd') === 'CUSP')
    .map((other) => textAt(other, 'Id'))
    .find((id) => id !== undefined);
  if (isin === undefined && cusip === undefined) return undefined;
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}

/** The code of a choice between Cd and Prtry; an element without choices has it itself. */
export function codeIn(from: MxElement | undefined, path: string): string | undefined {
  return textAt(from, `${path}/Cd`) ?? textAt(from, `${path}/Nb`) ?? textAt(from, `${path}/Prtry/Id`);
}

function decimalOf(text: string): string | undefined {
  const read = canonicalDecimal(text);
  return read.ok ? read.value : undefined;
}
