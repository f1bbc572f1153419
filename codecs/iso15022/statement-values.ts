import type {
  RelatedId,
  SettlementParty,
  StatusReason,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import { shownText } from '../../src/core/bytes.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import linkQualifiers from './tables/links.json' with { type: 'json' };
import { findFields, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf, decimalOf, narrativeOf, timeOf } from './values.ts';

/** Reads one sequence: a field that stands there and cannot be read is a problem, one that is left out is not. */
export interface SequenceReader {
  readonly sequence: MtSequence;
  /** The first field of a path in the sequence itself. */
  one(path: string): MtField | undefined;
  all(path: string): readonly MtField[];
  content(path: string): string | undefined;
  read<T>(path: string, reader: (content: string) => T | undefined): T | undefined;
  /** The same of a field that is mandatory. */
  need<T>(path: string, reader: (content: string) => T | undefined): T | undefined;
  each<T>(path: string, reader: (field: MtField) => T | undefined): readonly T[];
}

export function sequenceReader(sequence: MtSequence, problems: Issue[]): SequenceReader {
  const unreadable = (field: MtField): undefined => {
    const name = fieldName(field);
    const at = { offset: field.from, length: field.to - field.from, field: name };
    problems.push(mtIssue('MT_VALUE_NEEDED', `${name} cannot be "${shownText(field.content)}"`, at));
    return undefined;
  };
  const reader: SequenceReader = {
    sequence,
    one: (path) => findFields(sequence, path)[0],
    all: (path) => findFields(sequence, path),
    content: (path) => given(findFields(sequence, path)[0]?.content),
    read(path, read) {
      const field = reader.one(path);
      return field === undefined ? undefined : (read(field.content) ?? unreadable(field));
    },
    need(path, read) {
      if (reader.one(path) === undefined) {
        const place = { offset: sequence.from, field: `:${path}` };
        problems.push(mtIssue('MT_VALUE_NEEDED', `:${path} is needed and missing`, place));
      }
      return reader.read(path, read);
    },
    each: (path, read) =>
      reader.all(path).flatMap((field) => {
        const value = read(field) ?? unreadable(field);
        return value === undefined ? [] : [value];
      }),
  };
  return reader;
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/** A text that is there. */
export function textOf(content: string): string | undefined {
  return given(narrativeOf(content));
}

/** A date, or a time with the zone that it says: `2026-11-12`, `2026-11-12T06:30:00`. */
export function momentOf(content: string): string | undefined {
  return content.length === 8 ? dateOf(content) : timeOf(content);
}

export interface Balance {
  readonly quantity: string;
  readonly unit: 'shares' | 'face';
  /** `UNIT`, `FAMT`, `AMOR`. */
  readonly counted: string;
  readonly availability?: 'available' | 'not-available' | undefined;
}

const availabilities = new Map<string, 'available' | 'not-available'>([
  ['AVAI', 'available'],
  ['NAVL', 'not-available'],
]);

/** `UNIT/N100,` of 93B and 93F, `UNIT/AVAI/100,` of 93C and 93E; N is short. Source: ISO 15022, field 93a. */
export function balanceOf(content: string): Balance | undefined {
  const match = /^([A-Z0-9]{4})\/(?:([A-Z0-9]{4})\/)?(N?)([0-9,]+)$/.exec(content);
  const quantity = decimalOf(match?.[4] ?? '');
  if (match === null || quantity === undefined) return undefined;
  const [, counted = '', available = '', minus] = match;
  return {
    quantity: signed(quantity, minus === 'N'),
    unit: counted === 'FAMT' || counted === 'AMOR' ? 'face' : 'shares',
    counted,
    availability: availabilities.get(available),
  };
}

/** `NUSD2510,5`: an optional N for minus, the currency, the amount. */
export function moneyOf(content: string): { amount: string; currency: string } | undefined {
  const match = /^(N?)([A-Z]{3})([0-9,]+)$/.exec(content);
  const amount = decimalOf(match?.[3] ?? '');
  if (match === null || amount === undefined) return undefined;
  return { amount: signed(amount, match[1] === 'N'), currency: match[2] ?? '' };
}

/** `UNIT/100,` of 36B and 36D, unsigned. */
export function quantityOf(content: string): { quantity: string; unit: 'shares' | 'face' } | undefined {
  const balance = balanceOf(content);
  return balance === undefined || balance.quantity.startsWith('-') ? undefined : balance;
}

/** `ACTU/USD101,25` of 90B, `PRCT/N99,5` of 90A. An unknown price (90E) is none. */
export function priceOf(content: string): { type: string; price: string; currency?: string } | undefined {
  const match = /^([A-Z]{4})\/(N?)([A-Z]{3})?([0-9,]+)$/.exec(content);
  const price = decimalOf(match?.[4] ?? '');
  if (match === null || price === undefined) return undefined;
  const [, type = '', minus, currency] = match;
  return { type, price: signed(price, minus === 'N'), ...(currency !== undefined && { currency }) };
}

function signed(amount: string, minus: boolean): string {
  const read = canonicalDecimal(minus ? `-${amount}` : amount);
  return read.ok ? read.value : amount;
}

/** 97B has the account's type in front of it: `ABIC/12345`. In all options a slash may stand in the account itself. */
export function accountOf(field: MtField | undefined): string | undefined {
  const text = field?.tag === '97B' ? field.content.replace(/^[^/]*\//, '') : field?.content;
  return given(text);
}

/** Kind and name of a place as they stand: `NCSD/DTCYUS33`, `SHHE/vault 3`, `US`. Source: ISO 15022, field 94a. */
export function placeOf(field: MtField | undefined): string | undefined {
  return field === undefined ? undefined : textOf(field.content);
}

/** ISIN and `/US/` CUSIP of 35B. Source: ISO 15022, field 35B; `/US/` names the national number. */
export function securityOf(value: string): { isin?: string; cusip?: string } {
  const isin = /^ISIN ([A-Z0-9]{12})/m.exec(value)?.[1];
  const cusip = /^\/US\/([A-Z0-9*@#]{9})\b/m.exec(value)?.[1];
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}

export function partyOf({ tag, qualifier, issuer, content }: MtField): SettlementParty {
  const scheme = tag === '95P' ? 'bic' : tag === '95R' ? issuer : tag === '95Q' ? 'name' : tag;
  return { role: qualifier, id: narrativeOf(content), scheme };
}

const linkKinds = new Map(
  Object.entries(linkQualifiers).map(([by, qualifier]) => [qualifier, by as RelatedId['by']]),
);

/** The references of a transaction: the account owner's own (RELA), and what others call it. */
export function referencesIn(links: readonly MtSequence[]): {
  readonly instructionId: string | undefined;
  readonly related: readonly RelatedId[];
} {
  const fields = links.flatMap((link) => findFields(link, '20a'));
  const related = fields.flatMap(({ qualifier, content }) => {
    const by = linkKinds.get(qualifier);
    return by === undefined || content === '' ? [] : [{ by, id: content }];
  });
  return { instructionId: given(fields.find(({ qualifier }) => qualifier === 'RELA')?.content), related };
}

/** The statuses of a STAT with their reasons. A reason's qualifier is the status or the kind of status that it is of. */
export function statusesIn(reader: SequenceReader): readonly StatusSaid[] {
  const reasons = sequencesIn(reader.sequence, 'REAS').flatMap(reasonsIn);
  const count = reader.all('25D').length;
  return reader.each('25D', ({ qualifier: kind, content: code, issuer: scheme }) => {
    if (!/^[A-Z0-9]{1,4}$/.test(code)) return undefined;
    const own = reasons.filter(({ of }) => count === 1 || of === code || of === kind);
    return { kind, code, scheme, reasons: own.map(({ reason }) => reason) };
  });
}

function reasonsIn(sequence: MtSequence): readonly { of: string; reason: StatusReason }[] {
  const [text] = findFields(sequence, '70D::REAS');
  const words = text === undefined ? {} : { text: narrativeOf(text.content) };
  return findFields(sequence, '24B').map(({ qualifier, content, issuer }, index) => {
    return { of: qualifier, reason: { code: content, scheme: issuer, ...(index === 0 && words) } };
  });
}
