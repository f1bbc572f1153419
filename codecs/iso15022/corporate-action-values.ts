import type {
  AmountSaid,
  DateSaid,
  QuantityUnit,
  RateSaid,
  RatioSaid,
} from '../../src/contract/corporate-action.ts';
import type { MtField } from './fields.ts';
import { dateOf, decimalOf, timeOf } from './values.ts';

/**
 * The date of 98a: A a date, B a code, C and E a time, F a code and a time; undefined where it is none of them. Source:
 * ISO 15022, field 98a.
 */
export function dateSaid({ tag, qualifier, content }: MtField): DateSaid | undefined {
  if (tag === '98B' || tag === '98F') {
    const code = /^([A-Z]{4})(?=$|\/)/.exec(content)?.[1];
    return code === undefined ? undefined : { type: qualifier, code };
  }
  const found = momentOf(content);
  return found === undefined ? undefined : { type: qualifier, ...found };
}

/** Both ends of a period, field 69a: `PWAL/from` and `PWAL/to`. */
export function periodSaid({ qualifier, content }: MtField): readonly DateSaid[] | undefined {
  const [from = '', to] = content.split('/');
  const first = momentOf(from);
  const last = to === undefined ? {} : momentOf(to);
  if (first === undefined || last === undefined) return undefined;
  const begin = { type: `${qualifier}/from`, ...first };
  return to === undefined ? [begin] : [begin, { type: `${qualifier}/to`, ...last }];
}

function momentOf(text: string): Omit<DateSaid, 'type'> | undefined {
  if (/^[A-Z]{4}$/.test(text)) return { code: text };
  if (/^\d{8}$/.test(text)) {
    const date = dateOf(text);
    return date === undefined ? undefined : { date };
  }
  const time = timeOf(text);
  return time === undefined ? undefined : { time };
}

/**
 * The rate of 92a or the price of 90a: a number, an amount of a currency, with a type of its own before it or behind it, or
 * a code alone. Source: ISO 15022, fields 92a and 90a. Undefined for the ratios (D, L, M, N) and what cannot be read.
 */
export function rateSaid({ qualifier: type, content }: MtField): RateSaid | undefined {
  if (/^[A-Z]{4}$/.test(content)) return { type, code: content };
  const match = /^(?:([A-Z]{4})\/)?(N?)([A-Z]{3})?([0-9,]+)(?:\/([A-Z]{4}))?$/.exec(content);
  const value = signedOf(match?.[4], match?.[2]);
  if (value === undefined) return undefined;
  const code = match?.[1] ?? match?.[5];
  const currency = match?.[3];
  return { type, value, ...(currency !== undefined && { currency }), ...(code !== undefined && { code }) };
}

/** An exchange rate, 92B: `USD/EUR/0,92`, both currencies as its code. */
export function exchangeSaid({ qualifier: type, content }: MtField): RateSaid | undefined {
  const match = /^([A-Z]{3}\/[A-Z]{3})\/([0-9,]+)$/.exec(content);
  const value = decimalOf(match?.[2] ?? '');
  return value === undefined ? undefined : { type, value, code: match?.[1] };
}

/** A ratio of quantities, 92D: `2,/1,`. */
export function ratioSaid({ qualifier: type, content }: MtField): RatioSaid | undefined {
  const [left = '', right = ''] = content.split('/');
  const numerator = decimalOf(left);
  const denominator = decimalOf(right);
  return numerator === undefined || denominator === undefined ? undefined : { type, numerator, denominator };
}

/** An amount, 19B: `USD12,5`, `NUSD12,5` below nothing. */
export function amountSaid({ qualifier: type, content }: MtField): AmountSaid | undefined {
  const match = /^(N?)([A-Z]{3})([0-9,]+)$/.exec(content);
  const amount = signedOf(match?.[3], match?.[1]);
  return amount === undefined ? undefined : { type, amount, currency: match?.[2] ?? '' };
}

/**
 * A quantity of 36B or a balance of 93B and 93C: `UNIT/100,`, `UNIT/ELIG/100,`, N in front of the number for what is short;
 * FAMT and AMOR count face value.
 */
export function quantitySaid(content: string): { quantity: string; unit: QuantityUnit } | undefined {
  const match = /^([A-Z]{4})\/(?:[A-Z]{4}\/)?(N?)([0-9,]+)$/.exec(content);
  const quantity = signedOf(match?.[3], match?.[2]);
  const face = match?.[1] === 'FAMT' || match?.[1] === 'AMOR';
  return quantity === undefined ? undefined : { quantity, unit: face ? 'face' : 'shares' };
}

function signedOf(text = '', minus = ''): string | undefined {
  const value = decimalOf(text);
  return value === undefined || minus === '' || value === '0' ? value : `-${value}`;
}
