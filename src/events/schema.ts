import type { JsonValue } from '../core/json.ts';
import { type Catalogue, catalogue, type FieldPlan, type MessagePlan, type TextKind } from './catalogue.ts';
import { perspectives } from './event.ts';
import { countMax } from './json.ts';

/** The name of the schema: what `dataschema` of an outgoing event says. */
export const eventSchemaId = 'urn:clearport:schema:event:v1';

/**
 * JSON Schema of the JSON form of events, made from the catalogue; committed as `docs/schema/event.schema.json`.
 * Source: JSON Schema draft 2020-12.
 */
export function eventJsonSchema({ common, types, messages }: Catalogue = catalogue()): JsonValue {
  const properties = {
    ...propertiesOf(common),
    type: { enum: [...types.keys(), 'unknown'] },
    data: {},
    unknown: unknownFields,
  };
  const variants = [...types].map(([type, field]) => variant(type, { $ref: `#/$defs/${field.type}` }));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: eventSchemaId,
    title: 'Clearport event',
    description:
      'One normalized event. Members that are empty are left out; decimals, dates and times are text.',
    type: 'object',
    properties,
    required: [...requiredOf(common), 'type', 'data'],
    additionalProperties: false,
    oneOf: [...variants, { ...variant('unknown', emptyObject), required: ['unknown'] }],
    $defs: Object.fromEntries(messages.map((message) => [message.name, objectOf(message)])),
  };
}

const emptyObject = { type: 'object', additionalProperties: false };

const unknownFields = {
  description: 'What this version cannot read, as it came: place, field number, tag and value in base64.',
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: {
      at: { type: 'string' },
      number: { type: 'integer', minimum: 1 },
      raw: { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' },
    },
    required: ['at', 'number', 'raw'],
    additionalProperties: false,
  },
};

function variant(type: string, data: JsonValue): { readonly [name: string]: JsonValue } {
  return { type: 'object', properties: { type: { const: type }, data } };
}

function objectOf(message: MessagePlan): JsonValue {
  const required = requiredOf(message);
  return {
    ...(message.comment !== '' && { description: message.comment.replace(/\s*\n\s*/g, ' ') }),
    type: 'object',
    properties: propertiesOf(message),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function propertiesOf(message: MessagePlan): { readonly [name: string]: JsonValue } {
  return Object.fromEntries(message.fields.map((field) => [field.name, schemaOf(field)]));
}

function requiredOf(message: MessagePlan): string[] {
  return message.always.map((field) => field.name);
}

function schemaOf(field: FieldPlan): JsonValue {
  const description = field.comment === '' ? {} : { description: field.comment };
  const one = { ...description, ...schemaOfOne(field) };
  return field.list ? { ...description, type: 'array', minItems: 1, items: schemaOfOne(field) } : one;
}

function schemaOfOne(field: FieldPlan): { readonly [name: string]: JsonValue } {
  if (field.message !== undefined) return { $ref: `#/$defs/${field.message.name}` };
  if (field.type === 'bool') return { type: 'boolean' };
  if (field.type !== 'string') return { type: 'integer', minimum: 0, maximum: countMax(field) };
  if (field.name === 'perspective') return { enum: perspectives };
  if (field.kind !== undefined) return { type: 'string', pattern: patterns[field.kind] };
  return field.always || field.list ? { type: 'string' } : { type: 'string', minLength: 1 };
}

/**
 * How texts are written. Decimals are canonical: `decimalText` of src/core. A time says as much as its source did:
 * minutes to any fraction of a second, with `Z`, an offset, or neither.
 */
export const patterns: Readonly<Record<TextKind, string>> = {
  decimal: '^(0|-?(0\\.\\d*[1-9]|[1-9]\\d*(\\.\\d*[1-9])?))$',
  date: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  time: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d(:([0-5]\\d|60)(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})?$',
};
