import { hash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../../src/core/limits.ts';
import type { MessageRow, SchemaTable, TypeRow } from '../schema-table.ts';
import { attributeOf, elementsIn, type MxElement, readXml } from '../tree.ts';

/**
 * The table of one message out of its XML Schema: the facts of order, occurrence, facets and codes, and nothing of its
 * text. Undefined where the bytes are no schema of a message.
 */
export function extractTable(xsd: Uint8Array): SchemaTable | undefined {
  const { root } = readXml(xsd, limits);
  if (root === undefined) return undefined;
  const named = elementsIn(root).filter((one) => attributeOf(one, 'name') !== undefined);
  const types = named.filter(({ local }) => local !== 'element').map((one): [string, TypeRow] => [nameOf(one), typeRow(one)]);
  const namespace = attributeOf(root, 'targetNamespace') ?? '';
  const document = types.find(([name]) => name === 'Document')?.[1];
  const header = named.find(({ local }) => local === 'element');
  const top = typeof document === 'string' ? document : header === undefined ? '' : `${nameOf(header)}:${attributeOf(header, 'type')}`;
  const [element = '', type = ''] = top.split(':');
  if (type === '') return undefined;
  const message = namespace.slice(namespace.lastIndexOf(':') + 1);
  return { message, element, type, types: Object.fromEntries(types.filter(([name]) => name !== 'Document')) };
}

/** All tables of a folder of schemas: the types that they share, and the list of messages. Fails where one name means two things. */
export function extractAll(tables: readonly SchemaTable[]): { types: Record<string, TypeRow>; messages: Record<string, MessageRow> } {
  const types = new Map<string, TypeRow>();
  const messages: Record<string, MessageRow> = {};
  for (const { message, element, type, types: own } of tables) {
    const rows = Object.entries(own);
    for (const [name, row] of rows) {
      const known = types.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(row)) throw new Error(`${name} of ${message} is another one elsewhere`);
      types.set(name, row);
    }
    const elements = rows.reduce((sum, [, row]) => sum + (typeof row === 'string' ? row.split(':').length - 1 : 0), 0);
    messages[message] = { element, type, types: rows.length, elements };
  }
  return { types: Object.fromEntries([...types].sort(([left], [right]) => (left < right ? -1 : 1))), messages };
}

function nameOf(element: MxElement): string {
  return attributeOf(element, 'name') ?? '';
}

function typeRow(type: MxElement): TypeRow {
  const [inner] = elementsIn(type).filter(({ local }) => local !== 'annotation');
  if (inner === undefined) return '';
  if (inner.local === 'sequence') return sequenceRow(elementsIn(inner));
  if (inner.local === 'choice') return `|${elementsIn(inner).map(rowOf).join('|')}`;
  if (inner.local === 'simpleContent') return contentRow(inner);
  return facetsOf(inner);
}

/** A sequence of nothing but a choice is that choice. */
function sequenceRow(parts: readonly MxElement[]): string {
  const [first] = parts;
  if (parts.length === 1 && first?.local === 'choice') return `|${elementsIn(first).map(rowOf).join('|')}`;
  return parts.map((one) => (one.local === 'choice' ? `(${elementsIn(one).map(rowOf).join('|')})` : rowOf(one))).join(' ');
}

const signs: ReadonlyMap<string, string> = new Map([
  ['1,1', ''],
  ['0,1', '?'],
  ['0,unbounded', '*'],
  ['1,unbounded', '+'],
]);

function rowOf(element: MxElement): string {
  const from = attributeOf(element, 'minOccurs') ?? '1';
  const to = attributeOf(element, 'maxOccurs') ?? '1';
  const often = signs.get(`${from},${to}`) ?? `{${from},${to}}`;
  if (element.local === 'any') return `*${often}:${attributeOf(element, 'namespace') ?? '##any'}`;
  return `${nameOf(element)}${often}:${attributeOf(element, 'type') ?? ''}`;
}

function contentRow(content: MxElement): TypeRow {
  const [extension] = elementsIn(content);
  const [attribute] = extension === undefined ? [] : elementsIn(extension);
  if (extension === undefined || attribute === undefined) return '';
  return { of: attributeOf(extension, 'base') ?? '', attribute: `${nameOf(attribute)}:${attributeOf(attribute, 'type') ?? ''}` };
}

function facetsOf(restriction: MxElement): TypeRow {
  const facets = elementsIn(restriction);
  const said = (name: string): string | undefined => {
    const found = facets.find(({ local }) => local === name);
    return found === undefined ? undefined : attributeOf(found, 'value');
  };
  const count = (name: string): number | undefined => (said(name) === undefined ? undefined : Number(said(name)));
  const codes = facets.filter(({ local }) => local === 'enumeration').map((one) => attributeOf(one, 'value') ?? '');
  const base = (attributeOf(restriction, 'base') ?? '').replace(/^\w+:/, '');
  const row: Record<string, unknown> = {
    base: base === 'string' ? undefined : base,
    codes: codes.length === 0 ? undefined : codes.join(' '),
    pattern: said('pattern'),
    length: count('length'),
    minLength: count('minLength'),
    maxLength: count('maxLength'),
    totalDigits: count('totalDigits'),
    fractionDigits: count('fractionDigits'),
    minInclusive: said('minInclusive'),
    maxInclusive: said('maxInclusive'),
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** `node codecs/iso20022/tables/extract.ts FOLDER` writes `types.json` and `messages.json` out of the schemas of a folder. */
function main(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.xsd')).sort();
  const tables = files.flatMap((name) => extractTable(readFileSync(join(folder, name))) ?? []);
  const { types, messages } = extractAll(tables);
  const text = lines(types);
  writeFileSync(new URL('types.json', import.meta.url), `{\n${text}\n}\n`);
  const digest = hash('sha256', text);
  writeFileSync(new URL('messages.json', import.meta.url), `{\n"digest": "${digest}",\n"messages": {\n${lines(messages)}\n}\n}\n`);
}

function lines(rows: Readonly<Record<string, unknown>>): string {
  return Object.entries(rows).map(([name, row]) => `${JSON.stringify(name)}: ${JSON.stringify(row)}`).join(',\n');
}

if (import.meta.main) main(process.argv[2] ?? '.');
