import type { JsonValue } from '../../src/core/json.ts';
import { maskSecret } from '../../src/core/mask.ts';
import type { FixMessage } from './message.ts';
import type { Structure } from './structure.ts';
import secrets from './tables/secrets.json' with { type: 'json' };

type Row = { [key: string]: JsonValue };

/**
 * A message as JSON: every field in wire order with its tag, its name where the dictionary has one, its value as it
 * stands (one character a byte) and the standard's word for it where the value is an enumeration. The entries of a
 * group stand under its count.
 */
export function viewOf(message: FixMessage, { entries, owners }: Structure): JsonValue {
  const lists: JsonValue[][] = entries.map(() => []);
  /** By entry: the entries that stand under the count that was read last. */
  const under = new Map<number, JsonValue[]>();
  const placed = new Set<number>([0]);
  for (let field = 0; field < message.fieldCount; field++) {
    const entry = owners?.[field] ?? 0;
    if (!placed.has(entry)) {
      placed.add(entry);
      under.get(entries[entry]?.parent ?? 0)?.push(lists[entry] ?? []);
    }
    const next = entries[owners?.[field + 1] ?? 0];
    const row = fieldRow(message, field);
    if (isSecret(message, field)) row['value'] = maskSecret(message.textAt(field));
    if (next !== undefined && next.from === field + 1 && next.count === message.tagAt(field)) {
      const inner: JsonValue[] = [];
      row['entries'] = inner;
      under.set(entry, inner);
    }
    lists[entry]?.push(row);
  }
  const { beginString, type, name, inner } = message;
  const said = { beginString, type, name, fields: lists[0] ?? [] };
  return inner === undefined ? said : { ...said, inner: inner.view() };
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
  const fact = message.dictionary.field(tag);
  if (fact === undefined) return { tag, value };
  const row: Row = { tag, name: fact.name, value };
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
