import type { Tell } from './check-layout.ts';
import { formatNames, isTimeKind, timeFormat } from './dates.ts';
import type { Field, Layout, LayoutPath, RecordType } from './layout.ts';

/** The fields of one record: each has a place, no two share one, and nothing is left between them. */
export function checkFields(layout: Layout, type: RecordType, tell: Tell): void {
  const fixed = layout.data.form.kind === 'fixed';
  const placed = fixed ? checkColumns(type, tell) : checkPositions(type, tell);
  for (const field of type.fields) checkField(type, field, fixed, tell);
  if (placed) checkOrder(type, fixed, tell);
}

function pathOf(type: RecordType, field: Field): LayoutPath {
  return ['records', type.name, 'fields', field.index];
}

/** True where every field has columns. */
function checkColumns(type: RecordType, tell: Tell): boolean {
  if (type.length === 0) tell('LAYOUT_COLUMNS', ['records', type.name], `${type.name} has no length`, 'key');
  const wrong = type.fields.filter(({ from, to, at }) => !from || !to || at !== undefined || from > to);
  for (const field of wrong)
    tell(
      'LAYOUT_COLUMNS',
      pathOf(type, field),
      `${nameOf(field)} needs from and to, the first not behind the last`,
    );
  const beyond = type.fields.filter(({ to = 0 }) => type.length > 0 && to > type.length);
  for (const field of beyond)
    tell(
      'LAYOUT_COLUMNS',
      pathOf(type, field),
      `${nameOf(field)} ends behind column ${type.length}, the last one`,
    );
  return wrong.length === 0 && type.length > 0;
}

function checkPositions(type: RecordType, tell: Tell): boolean {
  const wrong = type.fields.filter(
    ({ from, to, at }) => at === undefined || from !== undefined || to !== undefined,
  );
  for (const field of wrong)
    tell('LAYOUT_COLUMNS', pathOf(type, field), `${nameOf(field)} needs at, and neither from nor to`);
  if (type.length > 0)
    tell('LAYOUT_COLUMNS', ['records', type.name, 'length'], 'a delimited record has no length');
  return wrong.length === 0;
}

/** Fields stand in order, each behind the one before it: what people read beside the paper, and what is written. */
function checkOrder(type: RecordType, fixed: boolean, tell: Tell): void {
  const sorted = [...type.fields].sort((left, right) => startOf(left) - startOf(right));
  let next = 1;
  let before: Field | undefined;
  for (const field of sorted) {
    const first = startOf(field);
    if (first > next)
      tell(
        'LAYOUT_GAP',
        pathOf(type, field),
        `no field of ${type.name} takes ${gapText(fixed, next, first - 1)}`,
      );
    if (first < next && before !== undefined)
      tell('LAYOUT_OVERLAP', pathOf(type, field), `${nameOf(field)} overlaps ${nameOf(before)}`);
    if (endOf(field) >= next) [next, before] = [endOf(field) + 1, field];
  }
  if (fixed && next <= type.length)
    tell(
      'LAYOUT_GAP',
      ['records', type.name, 'length'],
      `no field of ${type.name} takes ${gapText(fixed, next, type.length)}`,
    );
  const astray = type.fields.find((field, index) => sorted[index] !== field);
  if (astray !== undefined)
    tell(
      'LAYOUT_COLUMNS',
      pathOf(type, astray),
      `${nameOf(astray)} does not stand in the order of the record`,
    );
}

function gapText(fixed: boolean, from: number, to: number): string {
  const what = fixed ? 'column' : 'field';
  return from === to ? `${what} ${from}` : `${what}s ${from} to ${to}`;
}

function startOf({ from, at }: Field): number {
  return from ?? at ?? 0;
}

function endOf({ to, at }: Field): number {
  return to ?? at ?? 0;
}

/** What a field says of itself. */
function checkField(type: RecordType, field: Field, fixed: boolean, tell: Tell): void {
  const path = pathOf(type, field);
  const wrong = (message: string): void => tell('LAYOUT_FIELD', path, `${nameOf(field)}: ${message}`);
  if (field.name === undefined && field.kind !== 'filler') wrong('it needs a name');
  if (field.name !== undefined && type.byName.get(field.name) !== field)
    wrong(`${type.name} has two fields of this name`);
  checkFormat(field, fixed, wrong);
  const numeric = field.kind === 'number';
  const signed = field.sign !== 'none' || field.decimals > 0 || field.point !== 'implied';
  if (!numeric && signed) wrong('decimals, point and sign belong to a number');
  if (numeric && field.codes !== undefined) wrong('a number has no codes');
  if (numeric && fixed && field.point === 'implied' && field.width - (field.sign === 'none' ? 0 : 1) < 1)
    wrong('no column is left for a digit');
  if (field.signs.charAt(0) === field.signs.charAt(1) || /\d/.test(field.signs))
    wrong('its signs cannot be told apart');
  if (field.open && field.codes === undefined) wrong('open belongs to a field with codes');
  checkWords(field, fixed, wrong);
}

function checkFormat(field: Field, fixed: boolean, wrong: (message: string) => void): void {
  if (!isTimeKind(field.kind)) {
    if (field.format !== undefined) wrong('only a date or a time has a format');
    return;
  }
  const format = timeFormat(field.kind, field.format);
  if (format === undefined) wrong(`its format must be one of ${formatNames(field.kind).join(', ')}`);
  else if (fixed && format.width !== field.width)
    wrong(`its format takes ${format.width} columns, and it has ${field.width}`);
}

/** Codes and discriminators must fit where they stand, and a word must stand for one code only: writing goes back. */
function checkWords(field: Field, fixed: boolean, wrong: (message: string) => void): void {
  const texts = [...(field.is ?? []), ...Object.keys(field.codes ?? {})];
  const long = texts.find((text) => fixed && text.length > field.width);
  if (long !== undefined) wrong(`"${long}" is longer than its ${field.width} columns`);
  if (texts.some((text) => text.trim() !== text || text === ''))
    wrong('a code has no blanks around it, and is not blank');
  const words = Object.values(field.codes ?? {});
  const twice = repeated(words);
  if (twice !== undefined) wrong(`two codes stand for "${twice}"`);
  if (field.is !== undefined && field.codes !== undefined) wrong('it has `is` or codes, not both');
}

function repeated(words: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const word of words) {
    if (seen.has(word)) return word;
    seen.add(word);
  }
  return undefined;
}

function nameOf(field: Field): string {
  return field.name === undefined ? `the filler in ${field.where}` : `${field.where} ${field.called}`;
}
