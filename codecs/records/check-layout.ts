import type { Issue } from '../../src/core/issue.ts';
import { checkFields } from './check-fields.ts';
import { type RecordsCode, recordsIssue } from './issues.ts';
import { type Layout, type LayoutPath, type RecordRole, type RecordType, recordOfRole } from './layout.ts';
import { mappingOf } from './mapping.ts';

/** Tells one thing that is wrong with a layout, at the line and column where it is written. */
export type Tell = (code: RecordsCode, path: LayoutPath, message: string, what?: 'key' | 'value') => void;

/**
 * Everything that a layout can be wrong in by itself, in the order of its text: columns that overlap or belong to nobody,
 * types that cannot be told from one another, totals over what is no number, events that the catalogue does not have or
 * that nobody would compare.
 * Samples are read by `checkSamples`.
 */
export function checkLayout(layout: Layout): Issue[] {
  const issues: Issue[] = [];
  const tell: Tell = (code, path, message, what = 'value') => {
    issues.push(recordsIssue(code, message, { ...layout.place(path, what), field: path.join('.') }));
  };
  checkRoles(layout, tell);
  for (const type of layout.records) checkFields(layout, type, tell);
  checkMarks(layout, tell);
  checkFile(layout, tell);
  checkControls(layout, tell);
  checkSnapshots(layout, tell);
  issues.push(...mappingOf(layout).issues);
  return issues.sort((left, right) => (left.at?.line ?? 0) - (right.at?.line ?? 0));
}

function checkRoles(layout: Layout, tell: Tell): void {
  if (layout.records.length === 0) tell('LAYOUT_FILE', ['records'], 'the layout describes no record');
  for (const role of ['header', 'trailer'] as const satisfies readonly RecordRole[]) {
    const [, second] = layout.records.filter((record) => record.role === role);
    if (second !== undefined)
      tell('LAYOUT_FILE', ['records', second.name, 'role'], `${second.name} is a second ${role}`);
  }
}

/** Two types can be told apart where in one place each must have what the other cannot. */
function checkMarks(layout: Layout, tell: Tell): void {
  const bare = layout.records.filter(({ marks }) => marks.length === 0);
  for (const type of bare.slice(1)) {
    const text = `${type.name} has no field with \`is\`, and nor has ${bare[0]?.name}`;
    tell('LAYOUT_DISCRIMINATOR', ['records', type.name], text, 'key');
  }
  for (const [index, right] of layout.records.entries()) {
    for (const left of layout.records.slice(0, index)) {
      if (left.marks.length === 0 || right.marks.length === 0 || apart(left, right)) continue;
      const text = `a record could be ${left.name} and ${right.name}: no column tells them apart`;
      tell('LAYOUT_DISCRIMINATOR', ['records', right.name], text, 'key');
    }
  }
}

function apart(left: RecordType, right: RecordType): boolean {
  return left.marks.some((mine) =>
    right.marks.some((theirs) =>
      (mine.is ?? []).every((text) => (theirs.is ?? []).every((other) => differ(mine, text, theirs, other))),
    ),
  );
}

type Mark = RecordType['marks'][number];

/** True where two texts in their places have another character in a column that both take. */
function differ(mine: Mark, text: string, theirs: Mark, other: string): boolean {
  if (mine.at !== undefined || theirs.at !== undefined) return mine.at === theirs.at && text !== other;
  const first = Math.max(mine.from ?? 1, theirs.from ?? 1);
  const last = Math.min(mine.to ?? 0, theirs.to ?? 0);
  const padded = text.padEnd(mine.width);
  const against = other.padEnd(theirs.width);
  for (let column = first; column <= last; column++)
    if (padded[column - (mine.from ?? 1)] !== against[column - (theirs.from ?? 1)]) return true;
  return false;
}

/** What the file part names must stand in the header, and be of the kind that it is used as. */
function checkFile(layout: Layout, tell: Tell): void {
  const { file } = layout.data;
  const header = recordOfRole(layout, 'header');
  const check = (name: string, path: LayoutPath, kind?: string): void => {
    const field = header?.byName.get(name);
    if (field === undefined) tell('LAYOUT_FILE', path, `the header has no field "${name}"`);
    else if (kind !== undefined && field.kind !== kind)
      tell('LAYOUT_FILE', path, `"${name}" must be of kind ${kind}, and is of kind ${field.kind}`);
  };
  for (const [index, name] of (file.key ?? []).entries()) check(name, ['file', 'key', index]);
  if (file.cycle !== undefined) check(file.cycle, ['file', 'cycle']);
  if (file.businessDate !== undefined) check(file.businessDate, ['file', 'businessDate'], 'date');
  if (file.cutAt !== undefined) check(file.cutAt, ['file', 'cutAt'], 'timestamp');
  if (file.cutZone !== undefined) check(file.cutZone, ['file', 'cutZone'], 'zone');
}

function checkControls(layout: Layout, tell: Tell): void {
  for (const [index, control] of layout.controls.entries()) {
    const path = ['controls', index];
    checkNumber(layout, control.record, control.field, path, tell);
    if (layout.byName.get(control.record)?.role === 'detail')
      tell(
        'LAYOUT_CONTROL',
        path,
        `${control.record} is a detail: a file without it would not be controlled; a header or trailer can hold a control`,
      );
    const both = control.counts !== undefined && control.sums !== undefined;
    if (both || (control.counts === undefined && control.sums === undefined))
      tell('LAYOUT_CONTROL', path, 'a control either counts records or sums a field');
    for (const type of control.counts ?? [])
      if (!layout.byName.has(type))
        tell('LAYOUT_CONTROL', [...path, 'counts'], `there is no record "${type}"`);
    for (const [type, field] of control.sums ?? [])
      checkNumber(layout, type, field, [...path, 'sums', type], tell);
  }
}

/** Balances, which are compared as a snapshot or not at all. */
const balances: readonly string[] = ['position.reported', 'cash.reported'];

function checkSnapshots(layout: Layout, tell: Tell): void {
  for (const { name, events } of layout.records) {
    for (const [index, { slot, type, data }] of events.entries()) {
      if (!balances.includes(type) || Object.hasOwn(data, 'snapshot')) continue;
      const path = ['records', name, 'events', index, 'type'];
      tell('LAYOUT_SNAPSHOT', path, `"${slot}" of ${name} names no snapshot: it would never be compared`);
    }
  }
}

function checkNumber(layout: Layout, record: string, name: string, path: LayoutPath, tell: Tell): void {
  const type = layout.byName.get(record);
  const field = type?.byName.get(name);
  if (type === undefined) tell('LAYOUT_CONTROL', path, `there is no record "${record}"`);
  else if (field === undefined) tell('LAYOUT_CONTROL', path, `${record} has no field "${name}"`);
  else if (field.kind !== 'number')
    tell(
      'LAYOUT_CONTROL',
      path,
      `${record}.${name} is of kind ${field.kind}: only a number can be a total or be summed`,
    );
}
