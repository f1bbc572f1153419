import { shownText } from '../../src/core/bytes.ts';
import { compareDecimals, readDecimal } from '../../src/core/decimal.ts';
import type { SimpleRow } from './schema-table.ts';

/** A type that is a text: its facets, made ready. */
export interface SimpleType {
  readonly kind: 'simple';
  readonly facets: SimpleRow;
  readonly pattern: RegExp | undefined;
  readonly codes: ReadonlySet<string> | undefined;
  /** The one attribute that an element of the type has to have. */
  readonly attribute: { readonly name: string; readonly type: SimpleType } | undefined;
}

/**
 * What is wrong with a text of a type; undefined where it fits. Blanks around a text count where its type is a string, and
 * nowhere else. Source: XML Schema Part 2, 3 and 4.3.
 */
export function valueWrong(said: string, { facets, pattern, codes }: SimpleType): string | undefined {
  const { base } = facets;
  const text = base === undefined ? said : said.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (codes !== undefined && !codes.has(text)) return `has no code ${shown(text)}`;
  const long = lengthWrong(text, facets);
  if (long !== undefined) return long;
  if (pattern !== undefined && !pattern.test(text)) return `cannot be ${shown(text)}`;
  if (base === undefined) return undefined;
  if (base === 'decimal') return decimalWrong(text, facets);
  const right = forms.get(base)?.(text) ?? true;
  return right ? undefined : `is no ${base}: ${shown(text)}`;
}

function shown(text: string): string {
  return `"${shownText(text)}"`;
}

/** Characters are counted as Unicode does. */
function lengthWrong(text: string, { length, minLength, maxLength }: SimpleRow): string | undefined {
  const least = length ?? minLength ?? 0;
  const most = length ?? maxLength ?? Number.POSITIVE_INFINITY;
  const units = text.length;
  if (units >= least * 2 && units <= most) return undefined;
  const chars = [...text].length;
  if (chars < least) return `has less than ${least} characters`;
  return chars > most ? `has more than ${most} characters` : undefined;
}

const decimalForm = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

function decimalWrong(text: string, facets: SimpleRow): string | undefined {
  if (!decimalForm.test(text)) return `is no decimal: ${shown(text)}`;
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const behind = fraction.replace(/0+$/, '').length;
  const before = whole.replace(/^0+/, '').length;
  const { totalDigits, fractionDigits } = facets;
  if (fractionDigits !== undefined && behind > fractionDigits)
    return `has more than ${fractionDigits} digits behind the point`;
  if (totalDigits !== undefined && before + behind > totalDigits)
    return `has more than ${totalDigits} digits`;
  return boundWrong(text, facets);
}

function boundWrong(text: string, { minInclusive, maxInclusive }: SimpleRow): string | undefined {
  if (minInclusive !== undefined && compared(text, minInclusive) < 0) return `is less than ${minInclusive}`;
  if (maxInclusive !== undefined && compared(text, maxInclusive) > 0) return `is more than ${maxInclusive}`;
  return undefined;
}

function compared(text: string, bound: string): number {
  if (bound === '0') return /^-.*[1-9]/.test(text) ? -1 : /[1-9]/.test(text) ? 1 : 0;
  const value = readDecimal(text);
  const limit = readDecimal(bound);
  return value.ok && limit.ok ? compareDecimals(value.value, limit.value) : 0;
}

const zone = '(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?';
const year = '(-?(?:[1-9]\\d{4,}|\\d{4}))';
const clock = '(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?|24:00:00(?:\\.0+)?)';
const dateForm = new RegExp(`^${year}-(\\d\\d)-(\\d\\d)(?:${zone})$`);
const dateTimeForm = new RegExp(`^${year}-(\\d\\d)-(\\d\\d)T${clock}${zone}$`);
const timeForm = new RegExp(`^${clock}${zone}$`);
const yearForm = new RegExp(`^${year}${zone}$`);
const yearMonthForm = new RegExp(`^${year}-(?:0[1-9]|1[0-2])${zone}$`);
const base64Form =
  /^(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?$/;

/** Lexical forms by the name of the type. */
const forms: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['boolean', (text: string) => /^(?:true|false|1|0)$/.test(text)],
  ['date', (text: string) => ofCalendar(dateForm.exec(text))],
  ['dateTime', (text: string) => ofCalendar(dateTimeForm.exec(text))],
  ['time', (text: string) => timeForm.test(text)],
  ['gYear', (text: string) => Number(yearForm.exec(text)?.[1] ?? 0) !== 0],
  ['gYearMonth', (text: string) => Number(yearMonthForm.exec(text)?.[1] ?? 0) !== 0],
  ['base64Binary', base64],
  ['hexBinary', (text: string) => /^(?:[0-9A-Fa-f]{2})*$/.test(text)],
]);

/** A year that there was, a month of it, a day of that. */
function ofCalendar(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [, years = '', months = '', days = ''] = match;
  const [number, month, day] = [Number(years), Number(months), Number(days)];
  const leap = number % 4 === 0 && (number % 100 !== 0 || number % 400 === 0);
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return number !== 0 && month >= 1 && month <= 12 && day >= 1 && day <= length;
}

/** Blanks may stand between its characters. */
function base64(text: string): boolean {
  return base64Form.test(text.replace(/[\t\r\n]+/g, ' ').replace(/ +/g, ' '));
}
