import { shownText } from '../core/bytes.ts';
import type { Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { maskAccount } from '../core/mask.ts';
import { isList, memberOf, textOf } from './field-lines.ts';

/** Where names begin, as long as the elements leave room. */
const nameColumn = 46;
const nameWidth = 30;
const valueCharsMax = 200;

/**
 * The elements of a message, one a line, as they are called on the wire: `SfkpgAcct`, then its value, then what that is: `Safekeeping
 * account`, then what a code means. What stands in an element stands one step further in. Issues are said below the element where they
 * begin; `left` has those that begin before all of them or nowhere.
 */
export function elementLines(
  rows: readonly JsonValue[],
  issues: readonly Issue[],
  unmasked: boolean,
  said: (issue: Issue) => string,
): { readonly lines: readonly string[]; readonly left: readonly Issue[] } {
  const shown = rows.flatMap((row) => linesOf(row, '  ', unmasked));
  const at = new Map<Line | undefined, Issue[]>();
  for (const issue of issues) {
    const line = shown.findLast((one) => begins(one, issue));
    at.set(line, [...(at.get(line) ?? []), issue]);
  }
  const lines = shown.flatMap((line) => [
    line.text,
    ...(at.get(line) ?? []).map((issue) => `${line.indent}  ^ ${said(issue)}`),
  ]);
  return { lines, left: at.get(undefined) ?? [] };
}

interface Line {
  readonly text: string;
  readonly indent: string;
  readonly line: number;
  readonly column: number;
}

/** An element begins at the place of an issue, or before it. */
function begins({ line, column }: Line, { at }: Issue): boolean {
  if (at?.line === undefined) return false;
  return line < at.line || (line === at.line && column <= (at.column ?? column));
}

function linesOf(row: JsonValue, indent: string, unmasked: boolean): readonly Line[] {
  const items = memberOf(row, 'items');
  const [line = 0, column = 0] = ['line', 'column'].map((name) => Number(memberOf(row, name) ?? 0));
  const inner = isList(items) ? items.flatMap((item) => linesOf(item, `${indent}  `, unmasked)) : [];
  return [{ text: lineOf(row, indent, unmasked), indent, line, column }, ...inner];
}

function lineOf(row: JsonValue, indent: string, unmasked: boolean): string {
  const element = shownText(textOf(memberOf(row, 'element')), 40);
  const name = textOf(memberOf(row, 'name')).padEnd(nameWidth);
  const text = textOf(memberOf(row, 'text'));
  const wire = [`${indent}${element}`, valueText(row, unmasked), ...attributesOf(row)].filter(
    (part) => part !== '',
  );
  return `${wire.join(' ').padEnd(nameColumn)}  ${name}  ${text}`.trimEnd();
}

function valueText(row: JsonValue, unmasked: boolean): string {
  const value = shownText(textOf(memberOf(row, 'value')), valueCharsMax);
  return memberOf(row, 'personal') !== undefined && !unmasked ? maskAccount(value) : value;
}

/** `Ccy` is said as people say an amount; others by their names. */
function attributesOf(row: JsonValue): readonly string[] {
  const attributes = memberOf(row, 'attributes');
  if (!isList(attributes)) return [];
  return attributes.map((one) => {
    const [name = '', value = ''] = ['name', 'value'].map((member) =>
      shownText(textOf(memberOf(one, member)), 64),
    );
    return name === 'Ccy' ? value : `${name}="${value}"`;
  });
}
