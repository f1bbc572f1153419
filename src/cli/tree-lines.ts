import { shownText } from '../core/bytes.ts';
import type { JsonValue } from '../core/json.ts';
import { maskAccount } from '../core/mask.ts';
import { isList, memberOf, textOf } from './field-lines.ts';

/** What is said beside a row: by where it begins in the message. */
export type BesideRow = (at: number) => readonly string[];

/** Where names begin, as long as the fields leave room. */
const nameColumn = 44;
const nameWidth = 30;
const lineCharsMax = 200;

/**
 * The rows of a message in sequences, one a line, as they are on the wire: `:22H::PAYM//APMT`, then what that is: `Payment`, then what it
 * means: `Against payment`. What stands in a sequence stands one step further in, behind its code, its name and its place in the structure.
 */
export function treeLines(
  rows: readonly JsonValue[],
  unmasked: boolean,
  beside: BesideRow,
  indent = '  ',
): string[] {
  return rows.flatMap((row) => {
    const at = memberOf(row, 'at');
    const said = typeof at === 'number' ? beside(at).map((text) => `${indent}  ^ ${text}`) : [];
    const items = memberOf(row, 'items');
    if (!isList(items)) return [...fieldLines(row, unmasked, indent), ...said];
    return [sequenceLine(row, indent), ...said, ...treeLines(items, unmasked, beside, `${indent}  `)];
  });
}

/** Where the rows begin, in rising order. */
export function rowPlaces(rows: readonly JsonValue[]): readonly number[] {
  return rows.flatMap((row) => {
    const at = memberOf(row, 'at');
    const items = memberOf(row, 'items');
    return [...(typeof at === 'number' ? [at] : []), ...(isList(items) ? rowPlaces(items) : [])];
  });
}

function sequenceLine(row: JsonValue, indent: string): string {
  const [code, name, id] = ['sequence', 'name', 'id'].map((member) => textOf(memberOf(row, member)));
  const known = id === '' ? '(not in the structure)' : `${name} (${id})`;
  return `${indent}${shownText(code ?? '', 16)}  ${known}`;
}

function fieldLines(row: JsonValue, unmasked: boolean, indent: string): string[] {
  const [first = '', ...more] = wireOf(row, unmasked).split(/\r?\n/);
  const name = textOf(memberOf(row, 'name')).padEnd(nameWidth);
  const text = shownText(textOf(memberOf(row, 'text')), lineCharsMax);
  return [
    `${`${indent}${shownText(first, lineCharsMax)}`.padEnd(nameColumn)}  ${name}  ${text}`.trimEnd(),
    ...more.map((line) => `${indent}    ${shownText(line, lineCharsMax)}`.trimEnd()),
  ];
}

/** The field as it is on the wire. */
function wireOf(row: JsonValue, unmasked: boolean): string {
  const [tag, qualifier, issuer, value = ''] = ['tag', 'qualifier', 'issuer', 'value'].map((member) =>
    textOf(memberOf(row, member)),
  );
  const personal = memberOf(row, 'personal') !== undefined && !unmasked;
  const shown = personal ? maskAccount(value) : value;
  return qualifier === '' ? `:${tag}:${shown}` : `:${tag}::${qualifier}/${issuer}/${shown}`;
}
