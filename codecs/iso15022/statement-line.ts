import type { CashEntry } from '../../src/contract/cash-statement.ts';
import { decimalOf, narrativeOf } from './values.ts';

/**
 * Field 61: value date `YYMMDD`, entry date `MMDD`, mark (C, D, RC, RD, and of expected entries EC, ED), the third
 * letter of the currency, amount, type of the transaction, the owner's reference, `//` and the bank's, and on the
 * next line words. Source: MT940, field 61, `6!n[4!n]2a[1!a]15d1!a3!c16x[//16x][34x]`. References that are longer than
 * the format, and amounts without a comma, are met and read.
 */
const line = /^(\d{6})(\d{4})?([RE]?[CD])([A-Z])?(\d[\d,]*)([A-Z][A-Z0-9]{3})/;

/** The entry of a line; undefined where it cannot be read. `day`: the statement's, which tells the year of an entry date. */
export function readStatementLine(
  value: string,
  currency: string,
  day: string | undefined,
): CashEntry | undefined {
  const text = value.trim();
  const match = line.exec(text);
  const [whole = '', date = '', entered, mark = '', , amountText = '', code] = match ?? [];
  const { own, bank, more, strange } = partsOf(text.slice(whole.length));
  const amount = signedOf(mark, amountText);
  const valueDate = shortDateOf(date);
  if (strange || match === null || amount === undefined || valueDate === undefined) return undefined;
  const words = narrativeOf(more);
  return {
    amount,
    currency,
    reversal: mark.startsWith('R') ? true : undefined,
    status: mark.startsWith('E') ? 'pending' : 'booked',
    valueDate,
    bookingDate: entered === undefined ? undefined : entryDateOf(entered, day ?? valueDate),
    code,
    reference: referenceOf(own),
    bankReference: referenceOf(bank),
    text: words === '' ? undefined : words,
  };
}

/** The references behind the type, and the words of the lines behind them. A pattern for all of it would look at every slash anew. */
function partsOf(text: string): { own: string; bank: string; more: string; strange: boolean } {
  const end = text.indexOf('\n');
  const references = (end < 0 ? text : text.slice(0, end)).replace(/\r$/, '');
  const slashes = references.indexOf('//');
  return {
    own: slashes < 0 ? references : references.slice(0, slashes),
    bank: slashes < 0 ? '' : references.slice(slashes + 2),
    more: end < 0 ? '' : text.slice(end + 1),
    strange: references.includes('\r'),
  };
}

/** NONREF says that there is none; so do the names of where else it stands, which Dutch banks write (`EREF`, `PREF`, `MARF`). */
function referenceOf(text: string): string | undefined {
  const own = text.trim();
  return own === '' || /^(NONREF|NOTPROVIDED|EREF|PREF|MARF)$/.test(own) ? undefined : own;
}

/** A credit and the reversal of a debit are what the account receives. */
export function signedOf(mark: string, text: string): string | undefined {
  const amount = decimalOf(text);
  if (amount === undefined) return undefined;
  const receives = mark === 'C' || mark === 'RD' || mark === 'EC';
  return receives || amount === '0' ? amount : `-${amount}`;
}

/** `YYYY-MM-DD` of six digits: years up to 79 are of this century. Source: ISO 15022, "YYMMDD". */
export function shortDateOf(text: string): string | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const date = `${Number(match[1]) < 80 ? '20' : '19'}${match[1]}-${match[2]}-${match[3]}`;
  return isDate(date) ? date : undefined;
}

/** The day of an entry date: the one of the three years around `day` that is nearest to it. */
function entryDateOf(text: string, day: string): string | undefined {
  const year = Number(day.slice(0, 4));
  const near = [year - 1, year, year + 1]
    .map((one) => `${one}-${text.slice(0, 2)}-${text.slice(2)}`)
    .filter(isDate);
  const distance = (one: string): number => Math.abs(Date.parse(one) - Date.parse(day));
  return near.sort((left, right) => distance(left) - distance(right))[0];
}

function isDate(text: string): boolean {
  const made = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(text);
}
