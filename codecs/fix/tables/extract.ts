import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { loadQuickfixXml } from '../dictionaries/quickfix-xml.ts';
import type { FieldRow, FixTable } from '../dictionary.ts';
import type { Since, StandardFacts, ValueChanges } from '../load-dictionary.ts';
import { applications } from '../versions.ts';
import corrections from './corrections.json' with { type: 'json' };

/**
 * Writes `standard.json` anew: `node codecs/fix/tables/extract.ts FOLDER codecs/fix/tables/standard.json`, the folder with QuickFIX's
 * dictionaries of all versions. Only facts of the standard are carried over: numbers, names, types, enumerations, order, required
 * flags. The dictionaries themselves are never kept.
 */
/** Names of values that the dictionary misprints, as `corrections.json` lists them. */
export function corrected(table: FixTable): FixTable {
  const fields = { ...table.fields };
  for (const { version, tag, value, name } of corrections) {
    const [called = '', type = '', values = {}] = fields[tag] ?? [];
    if (version === table.version) fields[tag] = [called, type, { ...values, [value]: name }];
  }
  return { ...table, fields };
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
  const read = (name: string): FixTable => {
    const { table, issues } = loadQuickfixXml(readFileSync(`${folder}/${name}.xml`, 'latin1'));
    assert(table !== undefined, `${name}: ${issues[0]?.message}`);
    return corrected(table);
  };
  const tables = applications.map((version) => read(version.replaceAll('.', '')));
  writeFileSync(to, factsText(historyOf(tables, read('FIXT11'))));
}
