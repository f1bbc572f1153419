import type { SettlementParty } from '../../src/contract/settlement-status.ts';
import type { WrittenField } from './write.ts';

/** A sequence of these fields, between its 16R and 16S. */
export function sequence(code: string, fields: readonly WrittenField[]): WrittenField[] {
  return [['16R', code], ...fields, ['16S', code]];
}

/** A generic field, where its value is given. */
export function given(tag: string, qualifier: string, value: string | undefined): WrittenField[] {
  return value === undefined ? [] : [[tag, `:${qualifier}//${value}`]];
}

/** A generic field whose code may have its issuer in front: `TRAD`, `GSCC/REPO`. */
export function coded(tag: string, qualifier: string, value: string | undefined): WrittenField[] {
  if (value === undefined) return [];
  return [[tag, value.includes('/') ? `:${qualifier}/${value}` : `:${qualifier}//${value}`]];
}

/** The decimal comma is mandatory, also behind a whole number. */
export function comma(decimal: string): string {
  return decimal.includes('.') ? decimal.replace('.', ',') : `${decimal},`;
}

/** `USD2510,5`, with N for minus in front. */
export function money(amount: string, currency = ''): string {
  return amount.startsWith('-') ? `N${currency}${comma(amount.slice(1))}` : `${currency}${comma(amount)}`;
}

/** `20261112063000` of `2026-11-12T06:30:00Z`. */
export function digitsOf(time: string): string {
  return time.replace(/\D/g, '').slice(0, 14);
}

/** 35B: the ISIN, and the CUSIP as the national number behind `/US/`. */
export function securityText({
  isin,
  cusip,
}: {
  isin?: string | undefined;
  cusip?: string | undefined;
}): string {
  const lines = [
    ...(isin === undefined ? [] : [`ISIN ${isin}`]),
    ...(cusip === undefined ? [] : [`/US/${cusip}`]),
  ];
  return lines.join('\n');
}

/** A party in the option that its kind of id asks for: 95P a BIC, 95Q a name, 95R an id with its issuer. */
export function partyField({ role, id, scheme }: SettlementParty): WrittenField {
  if (scheme === 'bic') return ['95P', `:${role}//${id}`];
  return scheme === 'name' ? ['95Q', `:${role}//${wrapped(id)}`] : ['95R', `:${role}/${scheme}/${id}`];
}

const lineMax = 35;

/**
 * Narrative in lines of at most 35 characters, broken at blanks, so that it is read as it was given. A line that begins
 * with a colon or a dash would be taken for a field or the end: the word before it comes along.
 */
export function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.pop();
    const line = last === undefined ? word : `${last} ${word}`;
    const before = last?.lastIndexOf(' ') ?? -1;
    if (line.length <= lineMax) lines.push(line);
    else if (/^[:-]/.test(word) && before > 0) lines.push(line.slice(0, before), line.slice(before + 1));
    else lines.push(...(last === undefined ? [] : [last]), ...(word.match(/.{1,35}/g) ?? []));
  }
  return lines.join('\n');
}
