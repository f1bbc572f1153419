import { readFileSync } from 'node:fs';
import { limits } from '../../../src/core/limits.ts';
import type { SchemaRow, SchemaTable, TypeRow } from '../schema.ts';
import { attributeOf, elementsIn, type MxElement, readXml } from '../tree.ts';

/**
 * The table of one message out of its XML Schema: the facts of order, occurrence, facets and codes, and nothing of its
 * text. `node codecs/iso20022/tables/extract.ts FILE.xsd` prints it.
 */
export function extractTable(xsd: Uint8Array): SchemaTable | undefined {
  const { root } = readXml(xsd, limits);
  if (root === undefined) return undefined;
  const named = elementsIn(root).filter((one) => attributeOf(one, 'name') !== undefined);
  const types = named.filter(({ local }) => local !== 'element').map((one): [string, TypeRow] => [nameOf(one), typeRow(one)]);
  const namespace = attributeOf(root, 'targetNamespace') ?? '';
  const document = types.find(([name]) => name === 'Document')?.[1];
  const [element = '', type = ''] = document?.all?.[0]?.split(':') ?? [];
  const message = namespace.slice(namespace.lastIndexOf(':') + 1);
  return { message, element, type, types: Object.fromEntries(types.filter(([name]) => name !== 'Document')) };
}

function nameOf(element: MxElement): string {
  return attributeOf(element, 'name') ?? '';
}

function typeRow(type: MxElement): TypeRow {
  const [inner] = elementsIn(type).filter(({ local }) => local !== 'annotation');
  if (inner === undefined) return {};
  if (inner.local === 'sequence') return { all: elementsIn(inner).map(rowOf) };
  if (inner.local === 'choice') return { one: elementsIn(inner).map(rowOf) };
  if (inner.local === 'simpleContent') return contentRow(inner);
  return facetsOf(inner);
}

/** `SfkpgAcct?:SecuritiesAccount19`; occurrence is one of nothing, `?`, `*`, `+`, or `{from,to}`. */
function rowOf(element: MxElement): SchemaRow {
  if (element.local === 'any') return 'any:*';
  const from = attributeOf(element, 'minOccurs') ?? '1';
  const to = attributeOf(element, 'maxOccurs') ?? '1';
  const signs = new Map([
    ['1,1', ''],
    ['0,1', '?'],
    ['0,unbounded', '*'],
    ['1,unbounded', '+'],
  ]);
  return `${nameOf(element)}${signs.get(`${from},${to}`) ?? `{${from},${to}}`}:${attributeOf(element, 'type') ?? ''}`;
}

function contentRow(content: MxElement): TypeRow {
  const [extension] = elementsIn(content);
  if (extension === undefined) return {};
  const [attribute] = elementsIn(extension);
  const base = attributeOf(extension, 'base') ?? '';
  if (attribute === undefined) return { base };
  return { base, attribute: `${nameOf(attribute)}:${attributeOf(attribute, 'type') ?? ''}` };
}

function facetsOf(restriction: MxElement): TypeRow {
  const facets = elementsIn(restriction);
  const number = (name: string): number | undefined => {
    const found = facets.find(({ local }) => local === name);
    return found === undefined ? undefined : Number(attributeOf(found, 'value'));
  };
  const codes = facets.filter(({ local }) => local === 'enumeration').map((one) => attributeOf(one, 'value') ?? '');
  const pattern = facets.find(({ local }) => local === 'pattern');
  const said: Record<string, unknown> = {
    base: (attributeOf(restriction, 'base') ?? '').replace(/^\w+:/, ''),
    codes: codes.length === 0 ? undefined : codes.join(' '),
    pattern: pattern === undefined ? undefined : attributeOf(pattern, 'value'),
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    totalDigits: number('totalDigits'),
    fractionDigits: number('fractionDigits'),
    minInclusive: number('minInclusive'),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

if (import.meta.main) {
  const table = extractTable(readFileSync(process.argv[2] ?? ''));
  const types = Object.entries(table?.types ?? {}).map(([name, row]) => `    ${JSON.stringify(name)}: ${JSON.stringify(row)}`);
  const head = JSON.stringify({ ...table, types: undefined }).slice(1, -1);
  process.stdout.write(`{ ${head},\n  "types": {\n${types.join(',\n')}\n  }\n}\n`);
}
