import { canonicalDecimal } from '../core/decimal.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import type { Event } from './event.ts';
import { type Members, membersOf } from './members.ts';

/** One value under which people find an event. */
export interface SearchKey {
  /** What sort of name it is: `business`, `exec`, `order`, `trade`, `account`, `security`, `symbol`, `file`, … */
  readonly kind: string;
  readonly value: string;
}

/** The values of all fields that the catalogue marks (key), each once, in the catalogue's order. */
export function searchKeys(event: Event): readonly SearchKey[] {
  const found = new Map<string, SearchKey>();
  const { common, types } = catalogue();
  collectKeys(membersOf(event), common, found);
  const data = types.get(event.type)?.message;
  if (data !== undefined) collectKeys(membersOf(event.data), data, found);
  return [...found.values()];
}

/** Every sort of key that the catalogue has, in its order. */
export function searchKinds(): readonly string[] {
  const { common, messages } = catalogue();
  const kinds = [common, ...messages].flatMap(({ fields }) => fields.map(({ key }) => key));
  return [...new Set(kinds)].filter((kind) => kind !== undefined);
}

function collectKeys(members: Members, plan: MessagePlan, found: Map<string, SearchKey>): void {
  for (const field of plan.fields) {
    if (field.key === undefined && field.message === undefined) continue;
    for (const item of itemsOf(members[field.name])) {
      if (field.message !== undefined) collectKeys(membersOf(item as object), field.message, found);
      else if (typeof item === 'string' && item !== '' && field.key !== undefined) {
        found.set(`${field.key} ${item}`, { kind: field.key, value: item });
      }
    }
  }
}

/**
 * What two reports of one fact must agree on, as canonical text: the fields that the catalogue marks (economics), the
 * account and the security among them. Equal economics give equal text: decimals by their value, lists in any order.
 */
export function economics(event: Event): string {
  const { common, types } = catalogue();
  const data = types.get(event.type)?.message;
  const said = data === undefined ? {} : economicsOf(membersOf(event.data), data, false);
  return canonicalJson({ ...economicsOf(membersOf(event), common, false), data: said });
}

/** The compared fields of a message; inside of one that is compared, all fields where none is marked. */
function economicsOf(members: Members, plan: MessagePlan, compared: boolean): { [name: string]: JsonValue } {
  const all = compared && !plan.fields.some((field) => field.economics);
  const found: { [name: string]: JsonValue } = {};
  for (const field of plan.fields) {
    const value = members[field.name];
    if (value === undefined || value === '' || !(all || field.economics)) continue;
    const items = itemsOf(value).map((item) => economicsOfOne(item, field));
    found[field.name] = field.list ? inOrder(items) : (items[0] ?? null);
  }
  return found;
}

function economicsOfOne(value: unknown, field: FieldPlan): JsonValue {
  if (field.message !== undefined) return economicsOf(membersOf(value as object), field.message, true);
  if (field.kind !== 'decimal') return value as JsonValue;
  const read = canonicalDecimal(String(value));
  return read.ok ? read.value : String(value);
}

function inOrder(items: readonly JsonValue[]): JsonValue {
  return items.map((item) => canonicalJson(item)).sort();
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
