import type { MtField } from './fields.ts';
import { dateOf, decimalOf, timeOf } from './values.ts';

/** An amount of money: signed (`N` in front is a minus), a canonical decimal. */
export interface MtAmount {
  readonly currency: string;
  readonly amount: string;
}

/** The amount of 19A, 19B, 32B and the like: `NUSD2510,5`; undefined for anything else. */
export function amountOf(text: string): MtAmount | undefined {
  const match = /^(N?)([A-Z]{3})([\d,]+)$/.exec(text);
  const number = decimalOf(match?.[3] ?? '');
  if (match === null || number === undefined) return undefined;
  return { currency: match[2] ?? '', amount: signed(match[1] ?? '', number) };
}

/** A quantity or balance with its type: `UNIT/100,`, `FAMT/N5000,`, of a balance also `UNIT/AVAI/5,`. */
export interface MtQuantity {
  readonly type: string;
  /** Of 93C, whether it is available: `AVAI`, `NAVL`. */
  readonly availability: string | undefined;
  readonly quantity: string;
}

export function quantityOf(text: string): MtQuantity | undefined {
  const match = /^([A-Z0-9]{4})\/(?:([A-Z0-9]{4})\/)?(N?)([\d,]+)$/.exec(text);
  const number = decimalOf(match?.[4] ?? '');
  if (match === null || number === undefined) return undefined;
  return { type: match[1] ?? '', availability: match[2], quantity: signed(match[3] ?? '', number) };
}

/** A rate or a number with a sign: `N1,25`. */
export function signedOf(text: string): string | undefined {
  const match = /^(N?)([\d,]+)$/.exec(text);
  const number = decimalOf(match?.[2] ?? '');
  return match === null || number === undefined ? undefined : signed(match[1] ?? '', number);
}

/** What 35B says of an instrument. */
export interface MtInstrument {
  readonly isin: string | undefined;
  /** Behind `/US/`. */
  readonly cusip: string | undefined;
  /** Other numbers, by what stands between their slashes: a country, or `TS` for a ticker. */
  readonly others: readonly { readonly scheme: string; readonly id: string }[];
  readonly description: string;
}

/** Source: ISO 15022, field 35B: `ISIN`, one blank, twelve characters; then lines, of which `/XX/` in front names another numbering. */
export function instrumentOf(text: string): MtInstrument {
  const others: { scheme: string; id: string }[] = [];
  const words: string[] = [];
  let isin: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const found = /^ISIN ([A-Z0-9]{12})$/.exec(line)?.[1];
    const [, scheme = '', id = ''] = /^\/([A-Z]{2,4})\/([A-Z0-9.*@#]+)\s*$/.exec(line) ?? [];
    if (found !== undefined && isin === undefined) isin = found;
    else if (scheme === '') words.push(line.trim());
    else others.push({ scheme, id });
  }
  const cusip = others.find(({ scheme, id }) => scheme === 'US' && id.length === 9)?.id;
  const rest = others.filter(({ scheme, id }) => scheme !== 'US' || id !== cusip);
  return { isin, cusip, others: rest, description: words.filter((word) => word !== '').join(' ') };
}

/** Who a field 95 or 97 names: by a BIC, by a number that somebody issued (`DTCYID`), by name and address, by an LEI. */
export interface MtPartyNamed {
  readonly scheme: string;
  readonly id: string;
}

export function partyOf({ tag, issuer, content }: MtField): MtPartyNamed | undefined {
  if (!/^95[A-Z]$/.test(tag) || content === '') return undefined;
  const schemes: Readonly<Record<string, string>> = {
    P: 'bic',
    L: 'lei',
    C: 'country',
    Q: 'name',
    U: 'name',
    V: 'name',
  };
  return { scheme: tag === '95R' ? issuer : (schemes[tag.slice(2)] ?? 'own'), id: content };
}

/** A date, or a date and time with its zone; undefined for a code (`UKWN`) and what is neither. */
export function momentOf(text: string): string | undefined {
  return text.length > 8 ? timeOf(text) : dateOf(text);
}

/** A balance of an account: mark, date, currency and amount of 60a, 62a, 64, 65. */
export interface MtBalance extends MtAmount {
  readonly date: string;
}

export function cashBalanceOf(text: string): MtBalance | undefined {
  const match = /^([CD])(\d{6})([A-Z]{3})([\d,]+)$/.exec(text);
  const date = shortDate(match?.[2] ?? '');
  const number = decimalOf(match?.[4] ?? '');
  if (match === null || date === undefined || number === undefined) return undefined;
  return { date, currency: match[3] ?? '', amount: signed(match[1] === 'D' ? 'N' : '', number) };
}

/** `YYMMDD` of this century up to 79. Source: ISO 15022, dates of six digits. */
export function shortDate(text: string): string | undefined {
  if (!/^\d{6}$/.test(text)) return undefined;
  return dateOf(`${text < '80' ? '20' : '19'}${text}`);
}

function signed(mark: string, number: string): string {
  return mark === '' || number === '0' ? number : `-${number}`;
}
