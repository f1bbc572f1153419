import type { Catalogue, CatalogueFacts, FieldPlan, MessageFacts, MessagePlan } from './catalogue.ts';

const lineMax = 110;

/** The text of `catalogue.types.ts`: what `generate.ts` writes, and what a test compares the committed file with. */
export function typesText(catalogue: Catalogue): string {
  const parts = [interfacesHeadText, ...catalogue.messages.map(interfaceText), unknownText];
  return `${parts.join('\n\n')}\n`;
}

/** The text of `event-types.ts`: which types of event there are, and what each says. */
export function eventTypesText(catalogue: Catalogue): string {
  const types = [...catalogue.types];
  const data = types.map(([type, field]) => `  readonly '${type}': data.${field.type};`);
  const fields = types.map(([type, field]) => `  '${type}': '${field.wireName}',`);
  return `${headText}
import type * as data from './catalogue.types.ts';

/** What each type of event says. */
export interface EventDataByType {
${data.join('\n')}
  readonly unknown: data.UnknownData;
}

/** The field of the catalogue that holds the data of each type, in its order. */
export const eventFields = {
${fields.join('\n')}
} as const;

/** All types that this version knows. */
export const eventTypes = Object.keys(eventFields) as readonly (keyof typeof eventFields)[];
`;
}

/** The text of `tables/catalogue.json`: a line for each field, so that a change is seen. */
export function factsText({ common, data, messages }: CatalogueFacts): string {
  const lines = (items: readonly unknown[]): string =>
    items.map((item) => `\n${JSON.stringify(item)}`).join();
  const message = ({ fields, ...named }: MessageFacts): string =>
    `${JSON.stringify(named).slice(0, -1)},"fields":[${lines(fields)}]}`;
  const parts = [`"common":${message(common)}`, `"data":[${lines(data)}]`];
  return `{${parts.join(',\n')},\n"messages":[${messages.map((one) => `\n${message(one)}`).join()}]}\n`;
}

const headText =
  '// Made from catalogue.proto by generate.ts; change that file, run `node src/events/generate.ts`, commit both.';

const interfacesHeadText = `${headText}
// Optional members are left out when empty. Decimals, dates and times are text.`;

const unknownText = `/** Data of a type that this version does not know: it stands in \`unknown\`, as it came. */
export type UnknownData = Readonly<Record<never, never>>;`;

function interfaceText(message: MessagePlan): string {
  const doc = message.comment === '' ? '' : `/** ${message.comment.replace(/\s*\n\s*/g, ' ')} */\n`;
  const members = message.fields.map(memberText);
  return `${doc}export interface ${message.name} {\n${members.join('\n')}\n}`;
}

function memberText(field: FieldPlan): string {
  const member = `  readonly ${field.name}${field.always ? '' : '?'}: ${typeOf(field)};`;
  if (field.comment === '') return member;
  const comment = `// ${field.comment.replace(/\s*\n\s*/g, ' ')}`;
  const line = `${member} ${comment}`;
  return line.length <= lineMax ? line : `  ${comment}\n${member}`;
}

function typeOf(field: FieldPlan): string {
  const one =
    { bool: 'boolean', uint32: 'number', uint64: 'number', string: 'string' }[field.type] ?? field.type;
  return field.list ? `readonly ${one}[]` : one;
}
