import type { Place } from './issue.ts';
import { fail, ok, type Result } from './result.ts';

/**
 * An exact decimal: `units` divided by ten to the power of `scale`. Money, prices and quantities are decimal *text*
 * in messages and events, and this when somebody computes; never `number`.
 */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Longest decimal text that is read. Reason: no amount in the field needs more, and bigint parsing is not linear. */
export const decimalDigitsMax = 60;

const shape = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * The value of a plain decimal text: optional sign, digits, optional point. No exponent, no grouping, no blank.
 * Fails with `DECIMAL_VALUE`.
 */
export function readDecimal(text: string, at?: Place): Result<Decimal> {
  const match = text.length <= decimalDigitsMax ? shape.exec(text) : null;
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole.length + fraction.length === 0) {
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    const message = `"${shown}" is no decimal number`;
    return fail({ code: 'DECIMAL_VALUE', severity: 'error', message, ...(at && { at }) });
  }
  const units = BigInt(whole + fraction);
  return ok({ units: match[1] === '-' ? -units : units, scale: fraction.length });
}

/**
 * The one text of a value: no plus sign, no leading zeros, no trailing zeros behind the point, `0` for every zero.
 * So equal values have equal text, whatever the wire wrote.
 */
export function decimalText(value: Decimal): string {
  const negative = value.units < 0n;
  const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && value.units !== 0n ? `-${text}` : text;
}

/** The canonical text of a decimal text. Fails with `DECIMAL_VALUE`. */
export function canonicalDecimal(text: string, at?: Place): Result<string> {
  const read = readDecimal(text, at);
  return read.ok ? ok(decimalText(read.value)) : read;
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

export function negateDecimal(value: Decimal): Decimal {
  return { units: -value.units, scale: value.scale };
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = unitsAt(left, scale) - unitsAt(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}
