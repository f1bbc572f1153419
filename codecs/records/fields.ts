import { canonicalDecimal, decimalText, readDecimal } from '../../src/core/decimal.ts';
import { isTimeKind, timeFormat } from './dates.ts';
import type { Field, FieldKind } from './layout.ts';
import { isZone } from './zones.ts';

/** What a field's text says: its value, or in one half sentence what is wrong with it. */
export type Reading = { readonly value: string } | { readonly wrong: string; readonly open?: true };

/** The value of a field that is not blank, in the form that events have; `raw` is its text as it stands in the record. */
export function readField(field: Field, raw: string): Reading {
  const text = kindsOf[field.kind].read(field, raw);
  if ('wrong' in text) return text;
  if (field.is !== undefined && !field.is.includes(text.value))
    return { wrong: `must be ${field.is.join(' or ')}` };
  if (field.codes === undefined) return text;
  const word = Object.hasOwn(field.codes, text.value) ? field.codes[text.value] : undefined;
  if (word !== undefined) return { value: word };
  return { wrong: 'is no code of its list', ...(field.open && { open: true as const }) };
}

/** True where nothing stands in a field: blanks, or nothing at all. */
export function isBlank(raw: string): boolean {
  for (let at = 0; at < raw.length; at++) if (raw.charCodeAt(at) !== 0x20) return false;
  return true;
}

/**
 * The text of a value as it stands in the record, at the field's full width; undefined where the value does not fit
 * there. What `readField` gives of it is the value again.
 */
export function writeField(field: Field, value: string): string | undefined {
  if (value === '') return ''.padEnd(field.width);
  const text = kindsOf[field.kind].write(field, codeOf(field, value));
  if (text === undefined || (field.width > 0 && text.length !== field.width)) return undefined;
  return text;
}

/** A word stands for its code; what is no word is a code already. */
function codeOf(field: Field, value: string): string {
  if (field.codes === undefined) return value;
  const found = Object.entries(field.codes).find(([, word]) => word === value);
  return found?.[0] ?? value;
}

interface KindOfField {
  read(field: Field, raw: string): { readonly value: string } | { readonly wrong: string };
  write(field: Field, value: string): string | undefined;
}

const text: KindOfField = {
  read: (field, raw) => ({ value: field.align === 'right' ? raw.trimStart() : raw.trimEnd() }),
  write: (field, value) =>
    field.align === 'right' ? value.padStart(field.width) : value.padEnd(field.width),
};

const moment: KindOfField = {
  read: (field, raw) => {
    const value = isTimeKind(field.kind) ? timeFormat(field.kind, field.format)?.read(raw) : undefined;
    return value === undefined ? { wrong: `is no ${field.kind}${formatOf(field)}` } : { value };
  },
  write: (field, value) =>
    isTimeKind(field.kind) ? timeFormat(field.kind, field.format)?.write(value) : undefined,
};

const zone: KindOfField = {
  read: (field, raw) => {
    const { value } = text.read(field, raw) as { readonly value: string };
    return isZone(value) ? { value } : { wrong: 'is no time zone' };
  },
  write: text.write,
};

const number: KindOfField = { read: readNumber, write: writeNumber };

const kindsOf: Readonly<Record<FieldKind, KindOfField>> = {
  text,
  number,
  date: moment,
  time: moment,
  timestamp: moment,
  zone,
  filler: text,
};

function formatOf(field: Field): string {
  return field.format === undefined ? '' : ` as ${field.format}`;
}

/** Digits with an implied or a written point, and a sign on one side. Blanks may stand before a number with a written point. */
function readNumber(field: Field, raw: string): { readonly value: string } | { readonly wrong: string } {
  const { digits, minus } = signed(field, field.point === 'written' ? raw.trim() : raw);
  if (digits === undefined) return { wrong: `has no ${field.sign} sign` };
  const shape = field.point === 'implied' ? /^\d+$/ : /^\d+(?:\.\d+)?$/;
  if (!shape.test(digits)) return { wrong: `is no number${shapeOf(field)}` };
  const fraction = digits.split('.')[1]?.length ?? 0;
  if (fraction > field.decimals) return { wrong: `has more than ${field.decimals} decimals` };
  const whole = field.point === 'implied' ? pointed(digits, field.decimals) : digits;
  const read = canonicalDecimal(minus ? `-${whole}` : whole);
  return read.ok ? { value: read.value } : { wrong: 'has too many digits' };
}

function shapeOf({ point, decimals }: Field): string {
  return point === 'implied' ? ` of digits only, ${decimals} of them decimals` : '';
}

function signed(
  { sign, signs, point }: Field,
  text: string,
): { readonly digits?: string; readonly minus: boolean } {
  if (sign === 'none') return { digits: text, minus: false };
  const at = sign === 'leading' ? 0 : text.length - 1;
  const mark = text.charAt(at);
  const digits = sign === 'leading' ? text.slice(1) : text.slice(0, -1);
  if (mark === signs.charAt(1)) return { digits, minus: true };
  if (mark === signs.charAt(0) || mark === ' ') return { digits, minus: false };
  // Where the point is written, so is the number as people write it: without a plus.
  return point === 'written' ? { digits: text, minus: false } : { minus: false };
}

function pointed(digits: string, decimals: number): string {
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

function writeNumber(field: Field, value: string): string | undefined {
  const read = readDecimal(value);
  if (!read.ok) return undefined;
  const { units, scale } = read.value;
  const minus = units < 0n;
  const plain = decimalText({ units: minus ? -units : units, scale });
  const [whole = '', fraction = ''] = plain.split('.');
  if (fraction.length > field.decimals || (minus && field.sign === 'none')) return undefined;
  const mark = minus ? field.signs.charAt(1) : field.signs.charAt(0);
  if (field.point === 'implied') {
    const columns = Math.max(1, field.width - (field.sign === 'none' ? 0 : 1));
    const digits = (whole + fraction.padEnd(field.decimals, '0')).replace(/^0+/, '').padStart(columns, '0');
    return withSign(field, digits, mark);
  }
  const written = field.decimals === 0 ? whole : `${whole}.${fraction.padEnd(field.decimals, '0')}`;
  return withSign(field, written, minus ? mark : '').padStart(field.width);
}

function withSign({ sign }: Field, digits: string, mark: string): string {
  if (sign === 'none') return digits;
  return sign === 'leading' ? mark + digits : digits + mark;
}
