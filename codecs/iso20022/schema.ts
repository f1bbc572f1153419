import { shownText } from '../../src/core/bytes.ts';
import { compareDecimals, readDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { type MxIssueCode, mxIssue } from './issues.ts';
import sese024 from './tables/sese.024.json' with { type: 'json' };
import { attributeOf, elementsIn, type MxElement, textIn } from './tree.ts';
import { dateIn } from './values.ts';

/** `SfkpgAcct?:SecuritiesAccount19`: a name, how often (`?`, `*`, `+`, `{from,to}`; nothing: once), and a type. */
export type SchemaRow = string;

/** A type: elements in their order, one of several, or a text with its facets. */
export interface TypeRow {
  readonly all?: readonly SchemaRow[];
  readonly one?: readonly SchemaRow[];
  /** `string`, `decimal`, `date`, `dateTime`, `boolean`, or a type of the table. */
  readonly base?: string;
  readonly codes?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly minInclusive?: number;
  /** `Ccy:ActiveCurrencyCode`: the attribute that has to be there. */
  readonly attribute?: string;
}

export interface SchemaTable {
  /** `sese.024.001.13` */
  readonly message: string;
  /** The element of the message inside of Document. */
  readonly element: string;
  readonly type: string;
  readonly types: Readonly<Record<string, TypeRow>>;
}

/** What the schema says of one message. */
export interface Schema {
  readonly message: string;
  readonly element: string;
  readonly name: string;
  readonly type: Complex | Simple;
}

interface Complex {
  readonly choice: boolean;
  readonly parts: readonly Part[];
}

interface Part {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Undefined: anything. */
  readonly type: () => Complex | Simple | undefined;
}

interface Simple {
  readonly facets: TypeRow;
  readonly pattern: RegExp | undefined;
  readonly codes: ReadonlySet<string> | undefined;
  readonly attribute:
    | { readonly name: string; readonly type: () => Complex | Simple | undefined }
    | undefined;
}

/** By message without variant and version: `sese.024`. */
const schemas = new Map<string, Schema>([
  ['sese.024', schemaOf(sese024, 'Securities Settlement Transaction Status Advice')],
]);

/** The schema of `sese.024.001.13`, whatever its variant and version. */
export function schemaFor(type: string): Schema | undefined {
  return schemas.get(type.split('.').slice(0, 2).join('.'));
}

function schemaOf({ message, element, type, types }: SchemaTable, name: string): Schema {
  const made = new Map<string, Complex | Simple>();
  const typeOf = (id: string): Complex | Simple | undefined => {
    const known = made.get(id);
    const row = types[id];
    if (known !== undefined || row === undefined) return known;
    const fresh =
      row.all !== undefined || row.one !== undefined ? complexOf(row, typeOf) : simpleOf(row, types, typeOf);
    made.set(id, fresh);
    return fresh;
  };
  return { message, element, name, type: typeOf(type) ?? { choice: false, parts: [] } };
}

type TypeOf = (id: string) => Complex | Simple | undefined;

function complexOf({ all, one }: TypeRow, typeOf: TypeOf): Complex {
  const parts = (all ?? one ?? []).map((row): Part => {
    const match = /^(\w+)(?:([?*+])|\{(\d+),(\d+)\})?:(.*)$/.exec(row);
    const [, name = '', sign, from, to, type = ''] = match ?? [];
    const min = from !== undefined ? Number(from) : sign === '?' || sign === '*' ? 0 : 1;
    const max = to !== undefined ? Number(to) : sign === '*' || sign === '+' ? Number.POSITIVE_INFINITY : 1;
    return { name, min, max, type: () => typeOf(type) };
  });
  return { choice: one !== undefined, parts };
}

function simpleOf(row: TypeRow, types: SchemaTable['types'], typeOf: TypeOf): Simple {
  const base = row.base === undefined ? undefined : types[row.base];
  const facets = { ...row, ...base };
  const [name = '', type = ''] = row.attribute?.split(':') ?? [];
  return {
    facets,
    pattern: facets.pattern === undefined ? undefined : new RegExp(`^(?:${facets.pattern})$`),
    codes: facets.codes === undefined ? undefined : new Set(facets.codes.split(' ')),
    attribute: row.attribute === undefined ? undefined : { name, type: () => typeOf(type) },
  };
}

/** Where an element of a message departs from its schema. Elements of other namespaces inside of it are left alone. */
export function judgeSchema(message: MxElement, { type }: Schema): readonly Issue[] {
  const issues: Issue[] = [];
  judge(message, type, message.local, issues);
  return issues;
}

function judge(element: MxElement, type: Complex | Simple, path: string, issues: Issue[]): void {
  judgeAttributes(element, type, path, issues);
  if (!('facets' in type) && textIn(element).trim() !== '')
    issues.push(issueAt('MX_VALUE', `${path} holds text where elements have to be`, element, path));
  if ('facets' in type) judgeValue(element, type, path, issues);
  else if (type.choice) judgeChoice(element, type, path, issues);
  else judgeSequence(element, type, path, issues);
}

function judgeSequence(element: MxElement, { parts }: Complex, path: string, issues: Issue[]): void {
  const counts = new Map<Part, number>();
  let last = 0;
  for (const inner of elementsIn(element)) {
    const at = parts.findIndex((part) => fits(inner, element, part));
    const part = parts[at];
    const place = `${path}/${inner.local}`;
    if (part === undefined) {
      issues.push(issueAt('MX_ELEMENT_UNKNOWN', `${place} is not in the schema`, inner, place));
      continue;
    }
    if (at < last)
      issues.push(issueAt('MX_ELEMENT_ORDER', `${place} stands behind ${parts[last]?.name}`, inner, place));
    last = Math.max(last, at);
    const count = (counts.get(part) ?? 0) + 1;
    counts.set(part, count);
    if (count === part.max + 1)
      issues.push(issueAt('MX_ELEMENT_REPEATED', `${place} may stand ${part.max} times`, inner, place));
    const type = part.type();
    if (type !== undefined) judge(inner, type, place, issues);
  }
  for (const part of parts) {
    if ((counts.get(part) ?? 0) >= part.min) continue;
    const place = `${path}/${part.name}`;
    issues.push(issueAt('MX_ELEMENT_MISSING', `${place} is missing`, element, place));
  }
}

function judgeChoice(element: MxElement, { parts }: Complex, path: string, issues: Issue[]): void {
  const chosen = new Set<Part>();
  for (const inner of elementsIn(element)) {
    const part = parts.find((one) => fits(inner, element, one));
    const place = `${path}/${inner.local}`;
    if (part === undefined) {
      issues.push(issueAt('MX_ELEMENT_UNKNOWN', `${place} is not in the schema`, inner, place));
      continue;
    }
    if (chosen.size > 0 && (!chosen.has(part) || part.max === 1))
      issues.push(issueAt('MX_ELEMENT_REPEATED', `${place}: the choice is made already`, inner, place));
    chosen.add(part);
    const type = part.type();
    if (type !== undefined) judge(inner, type, place, issues);
  }
  if (chosen.size === 0) issues.push(issueAt('MX_ELEMENT_MISSING', `${path} chooses nothing`, element, path));
}

/** Attributes of XML itself and of XML Schema may stand anywhere; they have a prefix. */
function judgeAttributes(element: MxElement, type: Complex | Simple, path: string, issues: Issue[]): void {
  const known = 'facets' in type ? type.attribute?.name : undefined;
  for (const { name } of element.attributes) {
    if (name === known || name === 'xmlns' || name.includes(':')) continue;
    const place = `${path}@${shownText(name)}`;
    issues.push(issueAt('MX_ELEMENT_UNKNOWN', `${place} is not in the schema`, element, place));
  }
}

function fits(inner: MxElement, outer: MxElement, { name }: Part): boolean {
  return name === 'any' || (inner.local === name && inner.uri === outer.uri);
}

function judgeValue(element: MxElement, type: Simple, path: string, issues: Issue[]): void {
  const [inner] = elementsIn(element);
  if (inner !== undefined) {
    const place = `${path}/${inner.local}`;
    issues.push(issueAt('MX_ELEMENT_UNKNOWN', `${place} stands where text has to be`, inner, place));
  }
  const why = valueWrong(textIn(element), type);
  if (why !== undefined) issues.push(issueAt('MX_VALUE', `${path} ${why}`, element, path));
  if (type.attribute === undefined) return;
  const { name, type: attributeType } = type.attribute;
  const said = attributeOf(element, name);
  const place = `${path}@${name}`;
  const wanted = attributeType();
  if (said === undefined) issues.push(issueAt('MX_ELEMENT_MISSING', `${place} is missing`, element, place));
  else if (wanted !== undefined && 'facets' in wanted) {
    const wrong = valueWrong(said, wanted);
    if (wrong !== undefined) issues.push(issueAt('MX_VALUE', `${place} ${wrong}`, element, place));
  }
}

function issueAt(code: MxIssueCode, text: string, { line, column }: MxElement, field: string): Issue {
  return mxIssue(code, text, { line, column, field });
}

/** What is wrong with a text of a type. Source: XML Schema Part 2, the facets that ISO 20022 uses. */
function valueWrong(text: string, { facets, pattern, codes }: Simple): string | undefined {
  const shown = `"${shownText(text)}"`;
  if (codes !== undefined && !codes.has(text)) return `has no code ${shown}`;
  if (pattern !== undefined && !(text.length <= 1000 && pattern.test(text))) return `cannot be ${shown}`;
  const { minLength = 0, maxLength } = facets;
  if (text.length < minLength) return `has less than ${minLength} characters`;
  if (maxLength !== undefined && [...text].length > maxLength) return `has more than ${maxLength} characters`;
  const form = forms.get(facets.base ?? '');
  const day = /^date/.test(facets.base ?? '') && dateIn(text.trim()) === undefined;
  if (day || (form !== undefined && !form.test(text.trim()))) return `is no ${facets.base}: ${shown}`;
  return facets.base === 'decimal' ? digitsWrong(text.trim(), facets) : undefined;
}

const zone = '(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?';
const forms = new Map([
  ['decimal', /^[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})$/],
  ['date', new RegExp(`^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])${zone}$`)],
  [
    'dateTime',
    new RegExp(
      `^\\d{4}-\\d\\d-\\d\\dT(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,12})?|24:00:00(?:\\.0{1,12})?)${zone}$`,
    ),
  ],
  ['boolean', /^(?:true|false|1|0)$/],
]);

function digitsWrong(
  text: string,
  { totalDigits, fractionDigits, minInclusive }: TypeRow,
): string | undefined {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const behind = fraction.replace(/0+$/, '').length;
  const before = whole.replace(/^0+/, '').length;
  if (fractionDigits !== undefined && behind > fractionDigits)
    return `has more than ${fractionDigits} digits behind the point`;
  if (totalDigits !== undefined && before + behind > totalDigits)
    return `has more than ${totalDigits} digits`;
  const value = readDecimal(text);
  if (minInclusive !== 0 || !value.ok || compareDecimals(value.value, { units: 0n, scale: 0 }) >= 0)
    return undefined;
  return 'is less than 0';
}
