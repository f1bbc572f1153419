import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

/** How a text attribute is written: canonical decimal, `YYYY-MM-DD`, or ISO 8601 with its own precision and zone. */
export type TextKind = 'decimal' | 'date' | 'time';

/** One field of the catalogue, as everything in this room reads it. */
export interface FieldPlan {
  /** Its name in TypeScript and JSON: `execId`. */
  readonly name: string;
  /** Its name in the catalogue: `exec_id`. */
  readonly wireName: string;
  readonly number: number;
  /** Number and wire type as they stand on the wire: 2 for text and messages, 0 for counts and truth values. */
  readonly tag: number;
  /** `string`, `bool`, `uint32`, `uint64`, or the name of a message. */
  readonly type: string;
  /** Set where the field holds a message. */
  readonly message: MessagePlan | undefined;
  readonly list: boolean;
  /** Stands there even when it is empty; all others are left out then. */
  readonly always: boolean;
  readonly kind: TextKind | undefined;
  /** The sort of business key that people find the event by. */
  readonly key: string | undefined;
  readonly economics: boolean;
  readonly personal: boolean;
  /** Roles of a party under which the field is personal. */
  readonly personalRoles: readonly string[];
  readonly comment: string;
}

export interface MessagePlan {
  readonly name: string;
  /** In order of their numbers, which is the order in which they are written. */
  readonly fields: readonly FieldPlan[];
  /** By what stands before the field on the wire: its number and its wire type. */
  readonly byTag: ReadonlyMap<number, FieldPlan>;
  readonly always: readonly FieldPlan[];
  readonly comment: string;
}

export interface Catalogue {
  /** The attributes that every event carries; the fields of its data are in `types`. */
  readonly common: MessagePlan;
  /** The field that holds each type's data, by the event's name, in the catalogue's order. */
  readonly types: ReadonlyMap<string, FieldPlan>;
  /** The event's name by the number of the field that holds its data. */
  readonly typeByNumber: ReadonlyMap<number, string>;
  /** All messages but `Event`, in the catalogue's order. */
  readonly messages: readonly MessagePlan[];
}

const text = (): string => readFileSync(new URL('./catalogue.proto', import.meta.url), 'utf8');
let loaded: Catalogue | undefined;

/** The catalogue that this version writes, parsed once, when it is first asked for. */
export function catalogue(): Catalogue {
  loaded ??= readCatalogue(text());
  return loaded;
}

/** A catalogue as its text has it: the committed one, or an older or newer one in a test. */
export function readCatalogue(source: string): Catalogue {
  const { root } = protobuf.parse(source, {
    keepCase: true,
    alternateCommentMode: true,
    preferTrailingComment: true,
  });
  const plans = new Map<string, MessagePlan>();
  const event = root.lookupType('clearport.v1.Event');
  const data = event.oneofs['data']?.fieldsArray ?? [];
  const inData = new Set(data.map((field) => field.id));
  const planOf = (field: protobuf.Field): FieldPlan => fieldPlan(field, root, plans);
  const namespace = root.lookup('clearport.v1');
  assert(namespace instanceof protobuf.Namespace);
  const messages = namespace.nestedArray.filter((item) => item instanceof protobuf.Type && item !== event);
  const common = ordered(event.fieldsArray.filter((field) => !inData.has(field.id)).map(planOf));
  return {
    common: messagePlan('Event', common, event.comment),
    types: new Map(data.map((field) => [eventTypeOf(field), planOf(field)])),
    typeByNumber: new Map(data.map((field) => [field.id, eventTypeOf(field)])),
    messages: messages.map((item) => plansOf(root.lookupType(item.fullName), root, plans)),
  };
}

/** `trade_executed` is `trade.executed`; a family of two words says its name in the option (type). */
function eventTypeOf(field: protobuf.Field): string {
  return textOption(field, 'type') ?? camel(field.name.replace('_', '.'));
}

function plansOf(type: protobuf.Type, root: protobuf.Root, plans: Map<string, MessagePlan>): MessagePlan {
  const known = plans.get(type.name);
  if (known !== undefined) return known;
  const fields = ordered(type.fieldsArray.map((field) => fieldPlan(field, root, plans)));
  const plan = messagePlan(type.name, fields, type.comment);
  plans.set(type.name, plan);
  return plan;
}

function fieldPlan(field: protobuf.Field, root: protobuf.Root, plans: Map<string, MessagePlan>): FieldPlan {
  const scalar = ['string', 'bool', 'uint32', 'uint64'].includes(field.type);
  const kind = textOption(field, 'kind');
  assert(kind === undefined || kind === 'decimal' || kind === 'date' || kind === 'time', field.fullName);
  return {
    name: camel(field.name),
    wireName: field.name,
    number: field.id,
    tag: (field.id << 3) | (scalar && field.type !== 'string' ? 0 : 2),
    type: field.type,
    message: scalar ? undefined : plansOf(root.lookupType(`clearport.v1.${field.type}`), root, plans),
    list: field.repeated,
    always: field.options?.['(always)'] === true,
    kind,
    key: textOption(field, 'key'),
    economics: field.options?.['(economics)'] === true,
    personal: field.options?.['(personal)'] === true,
    personalRoles: textOption(field, 'personal_roles')?.split(' ') ?? [],
    comment: field.comment ?? '',
  };
}

function messagePlan(name: string, fields: readonly FieldPlan[], comment: string | null): MessagePlan {
  const byTag = new Map(fields.map((field) => [field.tag, field]));
  return { name, fields, byTag, always: fields.filter((field) => field.always), comment: comment ?? '' };
}

function ordered(fields: FieldPlan[]): FieldPlan[] {
  return fields.sort((left, right) => left.number - right.number);
}

function textOption(field: protobuf.Field, name: string): string | undefined {
  const value: unknown = field.options?.[`(${name})`];
  return typeof value === 'string' ? value : undefined;
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
