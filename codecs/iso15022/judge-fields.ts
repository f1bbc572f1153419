import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import type { MtEnvelope } from './envelope.ts';
import { fieldName, type MtField } from './fields.ts';
import { characterSets, setsOf } from './format-scan.ts';
import { formatText, scannerOf } from './formats.ts';
import { mtIssue } from './issues.ts';

/**
 * Tells characters outside of the set of a field, and values that have not the format of their tag. A value that has its format has its
 * characters too; behind a fixed header they are judged all the same, because the clearing corporation takes fewer.
 */
export function judgeFields(
  text: string,
  fields: readonly MtField[],
  kind: MtEnvelope['kind'],
  found: Issue[],
): void {
  for (const field of fields) {
    const from = field.from + field.tag.length + 2;
    const to = from + field.value.length;
    const fits = scannerOf(field.tag)?.(text, from, to);
    if (fits !== true || kind === 'ficc') {
      if (found.length >= limits.issuesPerFrameMax * 2) return;
      const issue = departure(text, field, from, to, fits, kind);
      if (issue !== undefined) found.push(issue);
    }
    if (field.tag === '20C' && isBlankAround(field.content)) {
      const message = `${fieldName(field)} is "${shownText(field.content)}"`;
      found.push(mtIssue('MT_REFERENCE_BLANK', message, placeOf(field)));
    }
  }
}

function isBlankAround(content: string): boolean {
  return content.charCodeAt(0) === 0x20 || content.charCodeAt(content.length - 1) === 0x20;
}

function departure(
  text: string,
  field: MtField,
  from: number,
  to: number,
  fits: boolean | undefined,
  kind: MtEnvelope['kind'],
): Issue | undefined {
  const format = formatText(field.tag);
  const set = kind === 'ficc' ? 'ficc' : setOf(format);
  const strange = firstOutside(text, from, to, characterSets[set]);
  if (strange >= 0) {
    const shown = shownText(text.charAt(strange));
    const message = `${fieldName(field)} has "${shown}", which is not in ${setNames[set]}`;
    return mtIssue('MT_CHARACTER', message, { ...placeOf(field), offset: strange, length: 1 });
  }
  if (fits !== false) return undefined;
  const message = `${fieldName(field)} is not ${format}: "${shownText(field.value)}"`;
  return mtIssue('MT_FIELD_FORMAT', message, placeOf(field));
}

function placeOf(field: MtField): { offset: number; length: number; field: string } {
  return { offset: field.from, length: field.to - field.from, field: fieldName(field) };
}

const setNames = {
  x: 'character set x',
  y: 'character set y',
  z: 'character set z',
  ficc: 'the character set of the clearing corporation',
} as const;

/** The widest set that a format names; a field of no known format has set x. */
function setOf(format: string | undefined): 'x' | 'y' | 'z' {
  if (format === undefined) return 'x';
  if (/\d+!?z/.test(format)) return 'z';
  return /\d+!?y/.test(format) ? 'y' : 'x';
}

/** Offset of the first character that is neither in the set nor part of a line end; -1 where there is none. */
function firstOutside(text: string, from: number, to: number, set: number): number {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (((setsOf[code] ?? 0) & set) === 0 && code !== 0x0a && code !== 0x0d) return at;
  }
  return -1;
}
