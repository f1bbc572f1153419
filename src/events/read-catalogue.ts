import protobuf from 'protobufjs';
import {
  type Catalogue,
  type CatalogueFacts,
  camel,
  catalogueOf,
  type FieldFacts,
  type MessageFacts,
} from './catalogue.ts';

/** A catalogue as its text has it: the committed one, or an older or newer one in a test. */
export function readCatalogue(source: string): Catalogue {
  return catalogueOf(factsIn(source));
}

/** The facts of a catalogue's text: what `tables/catalogue.json` holds, so that nobody reads the text to write an event. */
export function factsIn(source: string): CatalogueFacts {
  const { root } = protobuf.parse(source, {
    keepCase: true,
    alternateCommentMode: true,
    preferTrailingComment: true,
  });
  const event = root.lookupType('clearport.v1.Event');
  const data = event.oneofs['data']?.fieldsArray ?? [];
  const inData = new Set(data.map((field) => field.id));
  const namespace = root.lookup('clearport.v1');
  const types = namespace instanceof protobuf.Namespace ? namespace.nestedArray : [];
  return {
    common: messageFacts(
      event,
      event.fieldsArray.filter((field) => !inData.has(field.id)),
    ),
    data: data.map((field) => ({ event: eventTypeOf(field), ...fieldFacts(field) })),
    messages: types
      .filter((type) => type instanceof protobuf.Type && type !== event)
      .map((type) => root.lookupType(type.fullName))
      .map((type) => messageFacts(type, type.fieldsArray)),
  };
}

function messageFacts(type: protobuf.Type, fields: readonly protobuf.Field[]): MessageFacts {
  const { name, comment } = type;
  const ordered = [...fields].sort((left, right) => left.id - right.id);
  return { name, ...(comment && { comment }), fields: ordered.map(fieldFacts) };
}

/** `trade_executed` is `trade.executed`; a family of two words says its name in the option (type). */
function eventTypeOf(field: protobuf.Field): string {
  return textOption(field, 'type') ?? camel(field.name.replace('_', '.'));
}

function fieldFacts(field: protobuf.Field): FieldFacts {
  const kind = textOption(field, 'kind');
  const key = textOption(field, 'key');
  const personalRoles = textOption(field, 'personal_roles')?.split(' ');
  const { comment } = field;
  return {
    name: field.name,
    number: field.id,
    type: field.type,
    ...(field.repeated && { list: true }),
    ...(isSet(field, 'always') && { always: true }),
    ...(kind !== undefined && { kind }),
    ...(key !== undefined && { key }),
    ...(isSet(field, 'economics') && { economics: true }),
    ...(isSet(field, 'personal') && { personal: true }),
    ...(personalRoles !== undefined && { personalRoles }),
    ...(comment && { comment }),
  };
}

function isSet(field: protobuf.Field, name: string): boolean {
  return field.options?.[`(${name})`] === true;
}

function textOption(field: protobuf.Field, name: string): string | undefined {
  const value: unknown = field.options?.[`(${name})`];
  return typeof value === 'string' ? value : undefined;
}
