import assert from 'node:assert/strict';
import committed from './tables/catalogue.json' with { type: 'json' };

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

/** A catalogue as plain facts: what `tables/catalogue.json` holds. A field whose type is no scalar is a message. */
export interface CatalogueFacts {
  readonly common: MessageFacts;
  /** The fields that hold the data of an event, each with the event's name. */
  readonly data: readonly (FieldFacts & { readonly event: string })[];
  readonly messages: readonly MessageFacts[];
}

export interface MessageFacts {
  readonly name: string;
  readonly comment?: string;
  readonly fields: readonly FieldFacts[];
}

/** What of a field is not the rule. */
export interface FieldFacts {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly list?: boolean;
  readonly always?: boolean;
  readonly kind?: string;
  readonly key?: string;
  readonly economics?: boolean;
  readonly personal?: boolean;
  readonly personalRoles?: readonly string[];
  readonly comment?: string;
}

let loaded: Catalogue | undefined;

/** The catalogue that this version writes: `catalogue.proto`, as `generate.ts` reads it. */
export function catalogue(): Catalogue {
  loaded ??= catalogueOf(committed);
  return loaded;
}

/** What stands before a field on the wire, by its message and its name: `Event`, `execId`. Asserts that there is one. */
export function fieldTag(message: string, name: string): number {
  const { common, messages } = catalogue();
  const plan = message === common.name ? common : messages.find((one) => one.name === message);
  const field = plan?.fields.find((one) => one.name === name);
  assert(field !== undefined, `${message}.${name}`);
  return field.tag;
}

/** A catalogue of facts, its messages linked to each other. */
export function catalogueOf(facts: CatalogueFacts): Catalogue {
  const plans = new Map<string, MessagePlan>();
  const planNamed = (name: string): MessagePlan => {
    const known = plans.get(name);
    if (known !== undefined) return known;
    const message = facts.messages.find((one) => one.name === name);
    assert(message !== undefined, name);
    const plan = messagePlan(message, planNamed);
    plans.set(name, plan);
    return plan;
  };
  return {
    common: messagePlan(facts.common, planNamed),
    types: new Map(facts.data.map((field) => [field.event, fieldPlan(field, planNamed)])),
    typeByNumber: new Map(facts.data.map((field) => [field.number, field.event])),
    messages: facts.messages.map(({ name }) => planNamed(name)),
  };
}

type PlanNamed = (name: string) => MessagePlan;

function messagePlan({ name, comment = '', fields }: MessageFacts, planNamed: PlanNamed): MessagePlan {
  const plans = fields
    .map((field) => fieldPlan(field, planNamed))
    .sort((left, right) => left.number - right.number);
  const byTag = new Map(plans.map((field) => [field.tag, field]));
  return { name, fields: plans, byTag, always: plans.filter((field) => field.always), comment };
}

const scalars = ['string', 'bool', 'uint32', 'uint64'];

function fieldPlan(field: FieldFacts, planNamed: PlanNamed): FieldPlan {
  const { name, number, type, kind } = field;
  const scalar = scalars.includes(type);
  assert(kind === undefined || kind === 'decimal' || kind === 'date' || kind === 'time', name);
  return {
    name: camel(name),
    wireName: name,
    number,
    tag: (number << 3) | (scalar && type !== 'string' ? 0 : 2),
    type,
    message: scalar ? undefined : planNamed(type),
    list: field.list === true,
    always: field.always === true,
    kind,
    key: field.key,
    economics: field.economics === true,
    personal: field.personal === true,
    personalRoles: field.personalRoles ?? [],
    comment: field.comment ?? '',
  };
}

/** `trade_executed` is `tradeExecuted`. */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
