import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { FieldRow, FixTable } from '../dictionary.ts';
import type { Since, StandardFacts, ValueChanges } from '../load-dictionary.ts';
import { applications } from '../versions.ts';
import corrections from './corrections.json' with { type: 'json' };

/**
 * The compact table of one FIX version, read from a dictionary in QuickFIX's XML form.
 *
 * Only facts of the standard are carried over: numbers, names, types, enumerations, order, required flags. A structure is
 * text: `55!` is a required field, `453(448 447 452)` a group, `@Parties` a component, each in the standard's order.
 * `node codecs/fix/tables/extract.ts DICTIONARY.xml TABLE.json` writes one; the dictionary itself is never kept.
 */
export function extractTable(xml: string): FixTable {
  const root = readXml(xml);
  const fields = child(root, 'fields').children;
  const numbers = new Map(fields.map((field) => [field.attributes['name'] ?? '', field.attributes['number'] ?? '']));
  const structure = (element: Element): string => element.children.map((item) => token(item, numbers)).join(' ');
  return {
    version: versionOf(root),
    header: structure(child(root, 'header')),
    trailer: structure(child(root, 'trailer')),
    components: entries(optional(root, 'components'), (element) => [
      element.attributes['name'] ?? '',
      structure(element),
    ]),
    messages: entries(child(root, 'messages'), (element) => [
      element.attributes['msgtype'] ?? '',
      [element.attributes['name'] ?? '', element.attributes['msgcat'] ?? '', structure(element)],
    ]),
    fields: entries(child(root, 'fields'), (element) => [element.attributes['number'] ?? '', fieldRow(element)]),
  };
}

/** MsgType(35) without its values: they are the messages, which some dictionaries list by other names. */
export function withoutTypes(table: FixTable): FixTable {
  const [name = '', type = ''] = table.fields['35'] ?? [];
  return name === '' ? table : { ...table, fields: { ...table.fields, 35: [name, type] } };
}

/** Names of values that the dictionary misprints, as `corrections.json` lists them. */
export function corrected(table: FixTable): FixTable {
  const fields = { ...table.fields };
  for (const { version, tag, value, name } of corrections) {
    const [called = '', type = '', values = {}] = fields[tag] ?? [];
    if (version === table.version) fields[tag] = [called, type, { ...values, [value]: name }];
  }
  return { ...table, fields };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

function token(element: Element, numbers: ReadonlyMap<string, string>): string {
  const name = element.attributes['name'] ?? '';
  const mark = element.attributes['required'] === 'Y' ? '!' : '';
  if (element.name === 'component') return `@${name}${mark}`;
  const number = numbers.get(name) ?? '0';
  if (element.name !== 'group') return `${number}${mark}`;
  return `${number}${mark}(${element.children.map((item) => token(item, numbers)).join(' ')})`;
}

function fieldRow(element: Element): [string, string] | [string, string, Record<string, string>] {
  const { name = '', type = '' } = element.attributes;
  if (element.children.length === 0) return [name, type];
  const values = element.children.map(({ attributes }): [string, string] => [
    (attributes['enum'] ?? '').trim(),
    shortName(attributes['description'] ?? ''),
  ]);
  return [name, type, Object.fromEntries(values)];
}

/** `SELL_SHORT_EXEMPT` as `SellShortExempt`. */
export function shortName(description: string): string {
  return description.replace(/([A-Za-z0-9])([A-Za-z0-9]*)_?/g, (_, first: string, rest: string) => {
    return first.toUpperCase() + rest.toLowerCase();
  });
}

/** `FIX.4.4`, `FIXT.1.1`, `FIX.5.0SP2`. */
function versionOf({ attributes }: Element): string {
  const { type = 'FIX', major, minor, servicepack = '0' } = attributes;
  return `${type}.${major}.${minor}${servicepack === '0' ? '' : `SP${servicepack}`}`;
}

function entries<T>(element: Element | undefined, row: (element: Element) => [string, T]): Record<string, T> {
  return Object.fromEntries((element?.children ?? []).map(row));
}

function optional(element: Element, name: string): Element | undefined {
  return element.children.find((item) => item.name === name);
}

function child(element: Element, name: string): Element {
  return optional(element, name) ?? { name, attributes: {}, children: [] };
}

/** Elements and attributes are all that such a dictionary has; text, entities and declarations it has not. */
function readXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open: Element[] = [root];
  for (const [, closing, name = '', attributes = '', empty] of xml
    .replace(/<!--[\s\S]*?-->/g, '')
    .matchAll(/<(\/?)([A-Za-z]\w*)((?:\s+\w+=(?:'[^']*'|"[^"]*"))*)\s*(\/?)>/g)) {
    if (closing === '/') {
      open.pop();
      continue;
    }
    const pairs = attributes.matchAll(/(\w+)=(?:'([^']*)'|"([^"]*)")/g);
    const element: Element = {
      name,
      attributes: Object.fromEntries([...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? pair[3] ?? ''])),
      children: [],
    };
    open.at(-1)?.children.push(element);
    if (empty !== '/') open.push(element);
  }
  return root.children[0] ?? root;
}

/** All tables as one: each row with the version that brought it. Values of MsgType(35) are left out: they are the messages. */
export function historyOf(tables: readonly FixTable[], transport: FixTable): StandardFacts {
  const short = ({ version }: FixTable): string => version.slice('FIX.'.length);
  const since = <T>(row: (table: FixTable) => T | undefined): Since<T> => {
    const told: Record<string, T | null> = {};
    let last: T | null = null;
    for (const table of tables) {
      const now = row(table) ?? null;
      if (!isDeepStrictEqual(now, last)) told[short(table)] = now;
      last = now;
    }
    return told;
  };
  const rows = <T>(of: (table: FixTable) => Readonly<Record<string, T>>): Record<string, Since<T>> => {
    const keys = new Set(tables.flatMap((table) => Object.keys(of(table))));
    return Object.fromEntries([...keys].sort(byNumber).map((key) => [key, since((table) => of(table)[key])]));
  };
  return {
    versions: tables.map(({ version }) => version),
    transport,
    header: since(({ header }) => header),
    trailer: since(({ trailer }) => trailer),
    components: rows(({ components }) => components),
    messages: rows(({ messages }) => messages),
    fields: Object.fromEntries(
      Object.entries(rows(({ fields }) => fields)).map(([tag, told]) => [tag, withChanges(told)]),
    ),
  };
}

/** Where a field kept name and type and has values before and after, only what changed among them. */
function withChanges(told: Since<FieldRow>): Since<FieldRow | ValueChanges> {
  let last: FieldRow | null = null;
  return Object.fromEntries(
    Object.entries(told).map(([version, row]) => {
      const shorter = last !== null && row !== null ? changesOf(last, row) : row;
      last = row;
      return [version, shorter];
    }),
  );
}

function changesOf(before: FieldRow, after: FieldRow): FieldRow | ValueChanges {
  const [old, now] = [before[2], after[2]];
  if (before[0] !== after[0] || before[1] !== after[1] || old === undefined || now === undefined) return after;
  const gone = Object.keys(old).filter((value) => !Object.hasOwn(now, value));
  const come = Object.entries(now).filter(([value, name]) => old[value] !== name);
  const changes = Object.fromEntries([...come, ...gone.map((value) => [value, null] as const)]);
  return JSON.stringify(changes).length < JSON.stringify(after).length ? changes : after;
}

function byNumber(left: string, right: string): number {
  return Number(left) - Number(right) || (left < right ? -1 : 1);
}

/** One row a line: a change of the facts reads as a change. */
function factsText(facts: StandardFacts): string {
  const rows = (members: Readonly<Record<string, unknown>>, indent: string): string =>
    Object.entries(members)
      .map(([key, value]) => `${indent}${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const { versions, transport, components, messages, fields, ...plain } = facts;
  const blocks = Object.entries({ components, messages, fields }).map(
    ([key, members]) => `  "${key}": {\n${rows(members, '    ')}\n  }`,
  );
  const first = rows({ versions, transport, ...plain }, '  ');
  return `{\n${[first, ...blocks].join(',\n')}\n}\n`;
}

const [, script, folder, to] = process.argv;
if (import.meta.filename === script && folder !== undefined && to !== undefined) {
  const read = (name: string): FixTable =>
    corrected(withoutTypes(extractTable(readFileSync(`${folder}/${name}.xml`, 'latin1'))));
  const tables = applications.map((version) => read(version.replaceAll('.', '')));
  writeFileSync(to, factsText(historyOf(tables, read('FIXT11'))));
}
