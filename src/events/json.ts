import type { JsonValue } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import { placeOf } from './encode.ts';
import { type Event, isPerspective } from './event.ts';
import { eventIssue } from './issues.ts';
import { type Members, membersOf } from './members.ts';

/**
 * The event as JSON: `id`, `type`, the other common attributes, `data`, and `unknown` where there is something in it;
 * members in the order of the catalogue, so that equal events print alike. Its schema is `eventJsonSchema()`.
 */
export function eventJson(event: Event): JsonValue {
  const { common, types } = catalogue();
  const { id, ...rest } = jsonOf(membersOf(event), common);
  const plan = types.get(event.type)?.message;
  const data = plan === undefined ? {} : jsonOf(membersOf(event.data), plan);
  const unknown = event.unknown?.map(({ at, number, raw }) => ({ at, number, raw }));
  return { id, type: event.type, ...rest, data, ...(unknown && { unknown }) };
}

type JsonMembers = Record<string, JsonValue | undefined>;

function jsonOf(members: Members, plan: MessagePlan): JsonMembers {
  const json: JsonMembers = {};
  for (const field of plan.fields) {
    const value = members[field.name];
    if (value !== undefined) json[field.name] = jsonValueOf(value, field);
  }
  return json;
}

function jsonValueOf(value: unknown, field: FieldPlan): JsonValue {
  if (Array.isArray(value)) return value.map((item) => jsonValueOf(item, { ...field, list: false }));
  const { message } = field;
  if (message !== undefined) return jsonOf(membersOf(value as object), message);
  return value as JsonValue;
}

/**
 * The event that {@link eventJson} wrote. Nothing is left out in silence: a member that this version does not know, one
 * that is missing and one of another type fail with `EVENT_JSON`. The forms of decimals, dates and times are the
 * schema's, and not looked at here.
 */
export function eventOfJson(json: JsonValue): Result<Event> {
  const wrong = wrongWithEvent(json);
  if (wrong === undefined) return ok(json as unknown as Event);
  return fail(eventIssue('EVENT_JSON', `${wrong.what} at "${wrong.place}"`, { field: wrong.place }));
}

interface Wrong {
  readonly what: string;
  readonly place: string;
}

function wrongWithEvent(json: JsonValue): Wrong | undefined {
  if (!isObject(json)) return { what: 'no object', place: '' };
  const { type, data, unknown, ...rest } = json;
  if (!isPerspective(rest['perspective'])) return { what: 'no perspective', place: 'perspective' };
  const { common, types } = catalogue();
  const plan = typeof type === 'string' ? types.get(type)?.message : undefined;
  if (plan === undefined && type !== 'unknown') return { what: 'no type that is known', place: 'type' };
  const found = wrongWithMembers(rest, common, '') ?? wrongWithUnknown(unknown);
  if (found !== undefined) return found;
  if (!isObject(data)) return { what: 'no object', place: 'data' };
  return wrongWithMembers(data, plan ?? nothing, 'data');
}

const nothing: MessagePlan = { name: 'UnknownData', fields: [], byTag: new Map(), always: [], comment: '' };

function wrongWithMembers(members: Members, plan: MessagePlan, at: string): Wrong | undefined {
  const stranger = Object.keys(members).find((name) => !plan.fields.some((field) => field.name === name));
  if (stranger !== undefined) return { what: 'a member that is not known', place: placeOf(at, stranger) };
  for (const field of plan.fields) {
    const place = placeOf(at, field.name);
    const value = members[field.name];
    if (value === undefined && field.always) return { what: 'a member is missing', place };
    const found = value === undefined ? undefined : wrongWithValue(value, field, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongWithValue(value: unknown, field: FieldPlan, place: string): Wrong | undefined {
  if (!field.list) return wrongWithOne(value, field, place);
  if (!Array.isArray(value) || value.length === 0) return { what: 'no list, or an empty one', place };
  for (const [index, item] of value.entries()) {
    const found = wrongWithOne(item, field, placeOf(place, String(index)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongWithOne(value: unknown, field: FieldPlan, place: string): Wrong | undefined {
  if (field.message !== undefined) {
    return isObject(value) ? wrongWithMembers(value, field.message, place) : { what: 'no object', place };
  }
  if (field.type === 'string') {
    const empty = value === '' && !field.always && !field.list;
    return typeof value === 'string' && !empty ? undefined : { what: 'no text, or an empty one', place };
  }
  if (field.type === 'bool')
    return typeof value === 'boolean' ? undefined : { what: 'no truth value', place };
  return isCount(value, countMax(field)) ? undefined : { what: 'no count', place };
}

function wrongWithUnknown(unknown: unknown): Wrong | undefined {
  if (unknown === undefined) return undefined;
  const place = 'unknown';
  if (!Array.isArray(unknown) || unknown.length === 0) return { what: 'no list, or an empty one', place };
  const fine = unknown.every(
    (item) =>
      isObject(item) &&
      typeof item['at'] === 'string' &&
      isCount(item['number'], Number.MAX_SAFE_INTEGER) &&
      typeof item['raw'] === 'string' &&
      /^[A-Za-z0-9+/]+={0,2}$/.test(item['raw']),
  );
  return fine ? undefined : { what: 'an unknown field without its place, number and bytes', place };
}

/** The largest value of a count. */
export function countMax(field: FieldPlan): number {
  return field.type === 'uint32' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
}

function isCount(value: unknown, max: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max;
}

function isObject(value: unknown): value is { readonly [name: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
