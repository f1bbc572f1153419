import type { Issue } from '../../src/core/issue.ts';
import { patternOf } from './schema-pattern.ts';
import { nearestMessage, type SchemaTable, type SimpleRow, type TypeRow, tableOf } from './schema-table.ts';
import type { SimpleType } from './schema-values.ts';
import type { MxElement } from './tree.ts';
import { openValidator } from './validator.ts';

export type { SchemaTable, TypeRow } from './schema-table.ts';
export type { SimpleType } from './schema-values.ts';

/** What the schema says of one message. */
export interface Schema {
  /** `sese.024.001.13` */
  readonly message: string;
  /** The element of the message inside of Document; of a header `AppHdr`. */
  readonly element: string;
  /** `Securities Settlement Transaction Status Advice` */
  readonly name: string;
  readonly type: SchemaType;
  /** The one element that its namespace declares: `Document`, or `AppHdr`. It is judged wherever anything may stand. */
  readonly global: { readonly name: string; readonly type: SchemaType };
}

export type SchemaType = ComplexType | SimpleType;

/** A type that is elements: slots in their order. A choice is one slot with several elements. */
export interface ComplexType {
  readonly kind: 'complex';
  readonly slots: readonly Slot[];
  /** The elements of all slots by their local names. */
  readonly parts: ReadonlyMap<string, Part>;
  /** The place where any element may stand. */
  readonly any: Part | undefined;
}

export interface Slot {
  readonly choice: boolean;
  /** How often its element has to stand; of a choice 0 where none has to. */
  readonly min: number;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly name: string;
  /** The number of its slot. */
  readonly slot: number;
  readonly min: number;
  readonly max: number;
  /** The namespace that it has to be of, or `##any`; undefined: that of the message. */
  readonly namespace: string | undefined;
  /** Undefined: anything may be in it. */
  type(): SchemaType | undefined;
}

/**
 * The schema that judges `sese.024.001.13`: its own, else the nearest one of the message (see `nearestMessage`); undefined where
 * there is none.
 */
export function schemaFor(type: string): Schema | undefined {
  const message = nearestMessage(type);
  if (message === undefined) return undefined;
  const known = schemas.get(message);
  if (known !== undefined) return known;
  const table = tableOf(message);
  if (table === undefined) return undefined;
  const made = schemaOf(table);
  schemas.set(message, made);
  return made;
}

const schemas = new Map<string, Schema>();

/** The schema of a table; types are made when they are first met. */
export function schemaOf({ message, element, type, types }: SchemaTable): Schema {
  const made = madeOf.get(types) ?? new Map<string, SchemaType>();
  madeOf.set(types, made);
  const typeAt = (id: string): SchemaType | undefined => {
    const known = made.get(id);
    const row = types[id];
    if (known !== undefined || row === undefined) return known;
    const fresh = typeof row === 'string' ? complexOf(row, typeAt) : simpleOf(row, types);
    made.set(id, fresh);
    return fresh;
  };
  const own = typeAt(type) ?? complexOf('', typeAt);
  const header = element === 'AppHdr';
  const global = header
    ? { name: element, type: own }
    : { name: 'Document', type: complexOf(`${element}:${type}`, typeAt) };
  return { message, element, name: nameOf(type), type: own, global };
}

/** Types that were made, by the table that they stand in: messages share them. */
const madeOf = new WeakMap<SchemaTable['types'], Map<string, SchemaType>>();

/** `SecuritiesSettlementTransactionStatusAdviceV13` without its variant and version, in words. */
function nameOf(type: string): string {
  return type.replace(/(?:002)?V\d+$/, '').replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ');
}

type TypeAt = (id: string) => SchemaType | undefined;

function complexOf(row: string, typeAt: TypeAt): ComplexType {
  const texts = row.startsWith('|') ? [row.slice(1)] : row.split(' ').filter((text) => text !== '');
  const slots = texts.map((text, slot): Slot => {
    const choice = row.startsWith('|') || text.startsWith('(');
    const parts = text
      .replace(/^\(|\)$/g, '')
      .split('|')
      .map((part) => partOf(part, slot, typeAt));
    return { choice, min: Math.min(...parts.map(({ min }) => min)), parts };
  });
  const parts = new Map(slots.flatMap((slot) => slot.parts).map((part) => [part.name, part]));
  return { kind: 'complex', slots, parts, any: parts.get('*') };
}

function partOf(text: string, slot: number, typeAt: TypeAt): Part {
  const match = /^(\*|[\w.-]+)(?:([?*+])|\{(\d+),(\d+)\})?:(.*)$/.exec(text);
  const [, name = '', sign, from, to, type = ''] = match ?? [];
  const min = from !== undefined ? Number(from) : sign === '?' || sign === '*' ? 0 : 1;
  const max = to !== undefined ? Number(to) : sign === '*' || sign === '+' ? Number.POSITIVE_INFINITY : 1;
  const any = name === '*';
  return {
    name,
    slot,
    min,
    max,
    namespace: any ? type : undefined,
    type: () => (any ? undefined : typeAt(type)),
  };
}

function simpleOf(row: Exclude<TypeRow, string>, types: SchemaTable['types']): SimpleType {
  if (!('of' in row)) return textOf(row, undefined);
  const [name = '', type = ''] = row.attribute.split(':');
  return textOf(facetsAt(row.of, types), { name, type: textOf(facetsAt(type, types), undefined) });
}

function facetsAt(id: string, types: SchemaTable['types']): SimpleRow {
  const row = types[id];
  return typeof row !== 'object' || 'of' in row ? {} : row;
}

function textOf(facets: SimpleRow, attribute: SimpleType['attribute']): SimpleType {
  const { pattern, codes } = facets;
  return {
    kind: 'simple',
    facets,
    pattern: pattern === undefined ? undefined : patternOf(pattern),
    codes: codes === undefined ? undefined : new Set(codes.split(' ')),
    attribute,
  };
}

/** Where an element of a message departs from its schema. Elements of other namespaces inside of it are left alone. */
export function judgeSchema(message: MxElement, schema: Schema): readonly Issue[] {
  const validator = openValidator(schema);
  const walk = (element: MxElement): void => {
    validator.open(element.local, element.uri, element.attributes, element);
    for (const item of element.items) {
      if (typeof item === 'string') validator.text(item);
      else walk(item);
    }
    validator.close();
  };
  walk(message);
  return validator.issues;
}
