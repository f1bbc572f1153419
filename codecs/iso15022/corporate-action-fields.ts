import type { BalanceSaid, DateSaid, RateSaid, SaidSecurity } from '../../src/contract/corporate-action.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { dateSaid, exchangeSaid, periodSaid, quantitySaid, rateSaid } from './corporate-action-values.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import { findFields, type MtSequence } from './tree.ts';

/** Reads the fields of a sequence by their formats, whatever their qualifiers. */
export interface FieldReader {
  /** What `reader` makes of a field; a field that stands there and that it cannot read is a problem. */
  read<T>(field: MtField | undefined, reader: (field: MtField) => T | undefined): T | undefined;
  dates(sequence: MtSequence): readonly DateSaid[];
  /** Rates and prices. */
  rates(sequence: MtSequence): readonly RateSaid[];
  balances(sequence: MtSequence): readonly BalanceSaid[];
}

/** A reader that puts what cannot be read into `problems`. */
export function fieldReader(problems: Issue[]): FieldReader {
  const read = <T>(field: MtField | undefined, reader: (field: MtField) => T | undefined): T | undefined => {
    const value = field === undefined ? undefined : reader(field);
    if (field !== undefined && value === undefined) problems.push(unreadable(field));
    return value;
  };
  const all = <T>(fields: readonly MtField[], reader: (field: MtField) => T | undefined): readonly T[] =>
    fields.map((field) => read(field, reader)).filter((one) => one !== undefined);
  return {
    read,
    dates(sequence) {
      const days = findFields(sequence, '98a').filter(({ tag }) => !/[JK]$/.test(tag));
      return [...all(days, dateSaid), ...all(findFields(sequence, '69a'), periodSaid).flat()];
    },
    rates(sequence) {
      const rates = findFields(sequence, '92a').filter(({ tag }) => !/[CDLMN]$/.test(tag));
      const prices = findFields(sequence, '90a').filter(({ tag }) => !/[FJK]$/.test(tag));
      return all([...rates, ...prices], (field) =>
        field.tag === '92B' ? exchangeSaid(field) : rateSaid(field),
      );
    },
    balances(sequence) {
      const found = findFields(sequence, '93a').filter(({ tag }) => tag === '93B' || tag === '93C');
      return all(found, (field): BalanceSaid | undefined => {
        const quantity = quantitySaid(field.content);
        return quantity === undefined ? undefined : { type: field.qualifier, ...quantity };
      });
    },
  };
}

function unreadable(field: MtField): Issue {
  const name = fieldName(field);
  const at = { offset: field.from, length: field.to - field.from, field: name };
  return mtIssue('MT_VALUE_NEEDED', `${name} cannot be "${shownText(field.content)}"`, at);
}

/** 97B has the account's type in front of it: `ABIC/12345`. */
export function accountOf(field: MtField | undefined): string | undefined {
  const content = field?.tag === '97B' ? field.content.replace(/^[^/]*\//, '') : field?.content;
  return content === '' ? undefined : content;
}

/** ISIN and `/US/` CUSIP of 35B; undefined where it says neither. */
export function securityOf(value: string | undefined): SaidSecurity | undefined {
  const isin = /^ISIN ([A-Z0-9]{12})/m.exec(value ?? '')?.[1];
  const cusip = /^\/US\/([A-Z0-9*@#]{9})\b/m.exec(value ?? '')?.[1];
  if (isin === undefined && cusip === undefined) return undefined;
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}
