import type { JsonValue } from '../../src/core/json.ts';
import { maskSecret } from '../../src/core/mask.ts';
import { encodedText } from './encoded.ts';
import { entryFrom, entryTag, entryTo } from './entries.ts';
import type { FixMessage } from './message.ts';
import secrets from './tables/secrets.json' with { type: 'json' };

type Row = { [key: string]: JsonValue };

/**
 * A message as JSON: every field in wire order with its tag, its name where the dictionary has one, its value as it
 * stands (one character a byte) and the standard's word for it where the value is an enumeration; of an Encoded* field
 * also its text, `decoded` by MessageEncoding(347). The entries of a group stand under its count.
 */
export function viewOf(message: FixMessage): JsonValue {
  const { beginString, type, name, inner } = message;
  const said = { beginString, type, name, fields: rowsOf(message, 0) };
  return inner === undefined ? said : { ...said, inner: inner.view() };
}

/** The fields of an entry, with the entries inside it under their counts. */
function rowsOf(message: FixMessage, entry: number): Row[] {
  const { flat } = message;
  const { entryCount } = flat;
  const at = (of: number, number: number): number => flat.entryAt(of, number);
  const rows: Row[] = [];
  /** By the tag of a count: the entries under the row that has it last. */
  const under = new Map<number, JsonValue[]>();
  let child = entry + 1;
  for (let field = at(entry, entryFrom); field < at(entry, entryTo); field++) {
    while (child < entryCount && at(child, entryFrom) < field) child++;
    if (child === entryCount || at(child, entryFrom) !== field) {
      rows.push(fieldRow(message, field));
      under.delete(message.tagAt(field));
      continue;
    }
    const count = at(child, entryTag);
    const entries = under.get(count) ?? [];
    if (entries.length === 0) {
      const row = rows.findLast(({ tag }) => tag === count);
      if (row !== undefined) row['entries'] = entries;
      under.set(count, entries);
    }
    entries.push(rowsOf(message, child));
    field = at(child, entryTo) - 1;
  }
  return rows;
}

/** Passwords, and the RawData(96) of a Logon(A), where many counterparties want the password. */
function isSecret(message: FixMessage, field: number): boolean {
  const types = secretTypes.get(message.tagAt(field));
  return types !== undefined && (types === '' || types === message.type);
}

/** By tag: the one MsgType(35) in which it is a secret; empty: in all. */
const secretTypes = new Map<number, string>(secrets.map(({ tag, type }) => [tag, type]));

function fieldRow(message: FixMessage, field: number): Row {
  const tag = message.tagAt(field);
  const value = message.textAt(field);
  const shown = isSecret(message, field) ? maskSecret(value) : value;
  const fact = message.dictionary.field(tag);
  if (fact === undefined) return { tag, value: shown };
  const row: Row = { tag, name: fact.name, value: shown };
  const decoded = fact.kind === 'data' ? encodedText(message, field) : undefined;
  if (decoded !== undefined) row['decoded'] = decoded;
  const text = fact.kind === 'words' ? words(value, fact.values) : fact.values?.get(value);
  return text === undefined ? row : { ...row, text };
}

function words(value: string, names: ReadonlyMap<string, string> | undefined): string | undefined {
  if (names === undefined) return undefined;
  return value
    .split(' ')
    .map((word) => names.get(word) ?? word)
    .join(' ');
}
