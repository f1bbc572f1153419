import type { SettlementParty } from '../../src/contract/settlement-status.ts';
import type { MtField } from './fields.ts';
import { decimalOf, narrativeOf } from './values.ts';

/** `UNIT/100,`; FAMT and AMOR count face value, UNIT and DITU pieces. Source: ISO 15022, field 36a. */
export function quantityOf(content: string): { quantity: string; unit: 'shares' | 'face' } | undefined {
  const match = /^([A-Z]{4})\/([0-9,]+)$/.exec(content);
  const quantity = decimalOf(match?.[2] ?? '');
  if (quantity === undefined) return undefined;
  return { quantity, unit: /^(FAMT|AMOR)$/.test(match?.[1] ?? '') ? 'face' : 'shares' };
}

/** 97B has the account's type in front of it: `ABIC/12345`. In all options a slash may stand in the account itself. */
export function accountOf(field: MtField | undefined): string | undefined {
  return field?.tag === '97B' ? field.content.replace(/^[^/]*\//, '') : field?.content;
}

/** `NUSD2510,5`: an optional N for minus, the currency, the amount. */
export function moneyOf(content: string): { amount: string; currency: string } | undefined {
  const match = /^(N?)([A-Z]{3})([0-9,]+)$/.exec(content);
  const amount = decimalOf(match?.[3] ?? '');
  if (amount === undefined) return undefined;
  return { amount: match?.[1] === 'N' && amount !== '0' ? `-${amount}` : amount, currency: match?.[2] ?? '' };
}

/** ISIN and `/US/` CUSIP of 35B. Source: ISO 15022, field 35B; `/US/` names the national number. */
export function securityOf(value: string): { isin?: string; cusip?: string } {
  const isin = /^ISIN ([A-Z0-9]{12})/m.exec(value)?.[1];
  const cusip = /^\/US\/([A-Z0-9*@#]{9})\b/m.exec(value)?.[1];
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}

/** A party by its qualifier, with who issued its id: `bic`, the issuer of 95R, `name` for 95Q. */
export function partyOf({ tag, qualifier, issuer, content }: MtField): SettlementParty {
  const scheme = tag === '95P' ? 'bic' : tag === '95R' ? issuer : tag === '95Q' ? 'name' : tag;
  return { role: qualifier, id: narrativeOf(content), scheme };
}

/** `PRCT/99,5` (90A) and `ACTU/USD25,1` (90B). Source: ISO 15022, field 90a. */
export function priceOf(content: string): ReadPrice | undefined {
  const percent = /^(?:PRCT|YIEL|DISC|PREM)\/(N?)([0-9,]+)$/.exec(content);
  const amount = /^[A-Z]{4}\/([A-Z]{3})([0-9,]+)$/.exec(content);
  const price = decimalOf(percent?.[2] ?? amount?.[2] ?? '');
  if (price === undefined) return undefined;
  if (amount !== null) return { price, priceType: 'amount', priceCurrency: amount[1] ?? '' };
  return { price: percent?.[1] === 'N' ? `-${price}` : price, priceType: 'percent' };
}

export interface ReadPrice {
  readonly price: string;
  readonly priceType: 'percent' | 'amount';
  readonly priceCurrency?: string;
}
