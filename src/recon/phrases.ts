import { isoOfMicros } from '../core/clock.ts';
import { type Decimal, decimalText, readDecimal } from '../core/decimal.ts';
import { absolute } from './amounts.ts';
import type { Day, Posting, Rejection, Trade } from './terms.ts';

/** `12,345.6`: a number for people; at least as many decimals as asked for. */
export function shown(value: Decimal, decimalsMin = 0): string {
  const [whole = '0', fraction = ''] = decimalText(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const decimals = fraction.padEnd(decimalsMin, '0');
  return decimals === '' ? grouped : `${grouped}.${decimals}`;
}

/** The same for decimal text; other text as it is. */
export function shownText(text: string, decimalsMin = 0): string {
  const read = readDecimal(text);
  return read.ok ? shown(read.value, decimalsMin) : text;
}

/** Without its sign. */
export function size(value: Decimal, decimalsMin = 0): string {
  return shown(absolute(value), decimalsMin);
}

/** `ABCD (CUSIP 990000108)`, or as much of that as is known. */
export function securityText(name: string, { symbols }: Pick<Day, 'symbols'>): string {
  const [scheme = '', ...rest] = name.split(':');
  const id = rest.join(':');
  const symbol = symbols.get(name);
  if (scheme === 'symbol') return id;
  const named = `${scheme.toUpperCase()} ${id}`;
  return symbol === undefined || symbol === id ? named : `${symbol} (${named})`;
}

/** The symbol where there is one: for sentences. */
export function shortSecurity(name: string, { symbols }: Pick<Day, 'symbols'>): string {
  const id = name.slice(name.indexOf(':') + 1);
  return (
    symbols.get(name) ?? (name.startsWith('symbol:') ? id : name.replace(':', ' ').replace(/^\w+/, upper))
  );
}

function upper(text: string): string {
  return text.toUpperCase();
}

/** `purchase of 100 ABCD at 10.50`. */
export function dealText(trade: Pick<Trade, 'quantity' | 'security' | 'price'>, day: Day): string {
  const side = trade.quantity.units < 0n ? 'sale' : 'purchase';
  return `${side} of ${size(trade.quantity)} ${shortSecurity(trade.security, day)} at ${shown(trade.price, 2)}`;
}

/** ` (ExecID E17)`: what it is called; nothing where it has no name. */
export function called(trade: Trade | Rejection | undefined): string {
  const name = trade?.references[0];
  return name === undefined ? '' : ` (${name})`;
}

/** `22:40 UTC on 2026-11-11`. */
export function timeText(micros: number): string {
  const iso = isoOfMicros(micros);
  return `${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`;
}

/** `500 ABCD and 12.00 USD`: what a posting moves, without signs. */
export function movedText({ quantity, cash, security, currency }: Posting, day: Day): string {
  const parts = [
    ...(security === undefined || quantity.units === 0n
      ? []
      : [`${size(quantity)} ${shortSecurity(security, day)}`]),
    ...(cash.units === 0n ? [] : [`${size(cash, 2)} ${currency}`]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
