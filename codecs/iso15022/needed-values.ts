import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import type { MtSequence } from './tree.ts';

/** A field that events cannot be made without, and is not there. */
export function missingValue(field: string, { from }: MtSequence): Issue {
  return mtIssue('MT_VALUE_NEEDED', `${field} is needed and missing`, { offset: from, field });
}

/** A field that stands there, is needed, and cannot be read. */
export function unreadableValue(field: MtField): Issue {
  const name = fieldName(field);
  const at = { offset: field.from, length: field.to - field.from, field: name };
  return mtIssue('MT_VALUE_NEEDED', `${name} cannot be "${shownText(field.content)}"`, at);
}

/** Reads a field's content: undefined where there is none; where it cannot be read that is a problem, too. */
export type FieldReader = <T>(
  field: MtField | undefined,
  read: (content: string) => T | undefined,
) => T | undefined;

export function readingInto(problems: Issue[]): FieldReader {
  return (field, read) => {
    const value = field === undefined ? undefined : read(field.content);
    if (field !== undefined && value === undefined) problems.push(unreadableValue(field));
    return value;
  };
}
