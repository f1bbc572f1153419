import type { SchemaTable, TypeRow } from '../../codecs/iso20022/schema-table.ts';

/** An XML Schema that says what a table says, so that another validator can judge by it. */
export function schemaText({ message, element, type, types }: SchemaTable): string {
  const namespace = `urn:iso:std:iso:20022:tech:xsd:${message}`;
  const ids = new Set<string>();
  const visit = (id: string): void => {
    const row = types[id];
    if (ids.has(id) || row === undefined) return;
    ids.add(id);
    for (const inner of typesIn(row)) visit(inner);
  };
  visit(type);
  const root =
    element === 'AppHdr'
      ? `<xs:element name="AppHdr" type="${type}"/>`
      : `<xs:element name="Document" type="Document"/><xs:complexType name="Document"><xs:sequence><xs:element name="${element}" type="${type}"/></xs:sequence></xs:complexType>`;
  const rows = [...ids].map((id) => typeText(id, types[id] ?? ''));
  return `<xs:schema xmlns="${namespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" targetNamespace="${namespace}">${root}${rows.join('\n')}</xs:schema>`;
}

function typesIn(row: TypeRow): readonly string[] {
  if (typeof row === 'string') return [...row.matchAll(/:([^ |)]+)/g)].map(([, id = '']) => id);
  return 'of' in row ? [row.of, row.attribute.split(':')[1] ?? ''] : [];
}

function typeText(id: string, row: TypeRow): string {
  if (typeof row === 'string') return `<xs:complexType name="${id}">${contentText(row)}</xs:complexType>`;
  if ('of' in row) {
    const [name, type] = row.attribute.split(':');
    return `<xs:complexType name="${id}"><xs:simpleContent><xs:extension base="${row.of}"><xs:attribute name="${name}" type="${type}" use="required"/></xs:extension></xs:simpleContent></xs:complexType>`;
  }
  const { base = 'string', codes, ...facets } = row;
  const lines = [
    ...(codes?.split(' ') ?? []).map((code) => ['enumeration', code]),
    ...Object.entries(facets),
  ].map(([name, value]) => `<xs:${name} value="${quoted(String(value))}"/>`);
  return `<xs:simpleType name="${id}"><xs:restriction base="xs:${base}">${lines.join('')}</xs:restriction></xs:simpleType>`;
}

function contentText(row: string): string {
  if (row.startsWith('|')) return choiceText(row.slice(1));
  const parts = row.split(' ').filter((text) => text !== '');
  const lines = parts.map((part) => (part.startsWith('(') ? choiceText(part.slice(1, -1)) : partText(part)));
  return `<xs:sequence>${lines.join('')}</xs:sequence>`;
}

function choiceText(text: string): string {
  return `<xs:choice>${text.split('|').map(partText).join('')}</xs:choice>`;
}

const often: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['', ['1', '1']],
  ['?', ['0', '1']],
  ['*', ['0', 'unbounded']],
  ['+', ['1', 'unbounded']],
]);

function partText(part: string): string {
  const match = /^(\*|[\w.-]+)([?*+]|\{\d+,\d+\})?:(.*)$/.exec(part);
  const [, name = '', sign = '', type = ''] = match ?? [];
  const [from, to] = often.get(sign) ?? sign.slice(1, -1).split(',');
  const count = `minOccurs="${from}" maxOccurs="${to}"`;
  if (name === '*') return `<xs:any namespace="${type}" processContents="lax" ${count}/>`;
  return `<xs:element name="${name}" type="${type}" ${count}/>`;
}

function quoted(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
