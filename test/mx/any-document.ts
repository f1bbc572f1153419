import { type Part, type Schema, type SchemaType, schemaFor } from '../../codecs/iso20022/schema.ts';
import type { SimpleType } from '../../codecs/iso20022/schema-values.ts';
import { writeXml } from '../../codecs/iso20022/write-xml.ts';
import { below, oneOf, type Random } from '../mutation.ts';
import { textOfPattern } from './pattern-text.ts';

/** An element that can be changed. */
export interface Node {
  name: string;
  attributes: Record<string, string>;
  content: string | (Node | string)[];
}

/** How much of what may be left out is there, and how many elements at most; what is mandatory comes on top. */
export interface Richness {
  readonly optional: number;
  readonly elementsMax: number;
}

const usual: Richness = { optional: 0.3, elementsMax: 150 };

/** A document that its schema holds for valid: `Document`, or `AppHdr` of a header. The same one for the same numbers. */
export function anyDocument(schema: Schema, random: Random, richness: Richness = usual): Node {
  const left = { elements: richness.elementsMax };
  const content = anyElement(schema.element, schema.type, random, { optional: richness.optional, left });
  const namespace = `urn:iso:std:iso:20022:tech:xsd:${schema.message}`;
  const root =
    schema.element === 'AppHdr' ? content : { name: 'Document', attributes: {}, content: [content] };
  root.attributes = { xmlns: namespace };
  return root;
}

/** The bytes of a valid message of a type, such as `semt.017.001.13`. */
export function anyMessage(type: string, random: Random, richness: Richness = usual): Uint8Array {
  const schema = schemaFor(type);
  if (schema === undefined) throw new Error(`no schema of ${type}`);
  return writeXml(anyDocument(schema, random, richness));
}

interface Making {
  readonly optional: number;
  readonly left: { elements: number };
}

function anyElement(name: string, type: SchemaType | undefined, random: Random, making: Making): Node {
  making.left.elements--;
  if (type === undefined) return { name, attributes: {}, content: '' };
  if (type.kind === 'simple') {
    const { attribute } = type;
    const attributes = attribute === undefined ? {} : { [attribute.name]: anyText(attribute.type, random) };
    return { name, attributes, content: anyText(type, random) };
  }
  const content = type.slots.flatMap(({ choice, parts }) => {
    const part = choice ? oneOf(random, parts) : parts[0];
    return part === undefined ? [] : often(part, random, making);
  });
  return { name, attributes: {}, content };
}

function often(part: Part, random: Random, making: Making): Node[] {
  const rich = making.left.elements > 0;
  const more = rich && random() < making.optional;
  const wanted = Math.max(part.min, more ? 1 + below(random, Math.min(3, part.max)) : 0);
  const { name, namespace } = part;
  return Array.from({ length: wanted }, () =>
    namespace === undefined
      ? anyElement(name, part.type(), random, making)
      : foreign(namespace === '##any' ? 'urn:example:extension' : namespace, random),
  );
}

/** What somebody else puts where anything may stand. */
function foreign(namespace: string, random: Random): Node {
  const inner: Node[] = Array.from({ length: below(random, 3) }, (_, number) => ({
    name: `x:Fld${number}`,
    attributes: random() < 0.3 ? { 'x:lvl': '2' } : {},
    content: random() < 0.5 ? '' : 'text & more',
  }));
  return { name: 'x:Xtnsn', attributes: { 'xmlns:x': namespace }, content: inner };
}

/** A text that fits a type. */
export function anyText(type: SimpleType, random: Random): string {
  const { base, codes, pattern } = type.facets;
  if (codes !== undefined) return oneOf(random, codes.split(' ')) ?? '';
  if (base !== undefined) return anyOf[base]?.(type, random) ?? '';
  if (pattern === undefined) return anyCharacters(type, random);
  for (;;) {
    const text = textOfPattern(pattern, random);
    const { length = text.length, minLength = 0, maxLength = text.length } = type.facets;
    if (text.length === length && text.length >= minLength && text.length <= maxLength) return text;
  }
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 abcxyz/-?:().,+&<>"é€', '\u{1f600}'];

function anyCharacters({ facets }: SimpleType, random: Random): string {
  const { length, minLength = length ?? 0, maxLength = length ?? 70 } = facets;
  const most = random() < 0.1 ? maxLength : Math.min(maxLength, minLength + 20);
  const count = minLength + below(random, most - minLength + 1);
  return Array.from({ length: count }, () => oneOf(random, letters) ?? '').join('');
}

const digits = (count: number, random: Random): string =>
  Array.from({ length: count }, () => String(below(random, 10))).join('');

function anyDecimal({ facets }: SimpleType, random: Random): string {
  const { totalDigits = 18, fractionDigits = 5, minInclusive } = facets;
  const behind = below(random, fractionDigits + 1);
  const before = below(random, totalDigits - behind + 1);
  const sign = minInclusive === undefined && random() < 0.3 ? '-' : '';
  const whole = `${sign}${before === 0 ? '0' : digits(before, random)}`;
  return behind === 0 ? whole : `${whole}.${digits(behind, random)}`;
}

const two = (from: number, to: number, random: Random): string =>
  String(from + below(random, to - from + 1)).padStart(2, '0');
const zones = ['', 'Z', '+05:30', '-05:00', '+14:00'];

const anyDate = (random: Random): string =>
  `${1990 + below(random, 60)}-${two(1, 12, random)}-${two(1, 28, random)}`;
const anyTime = (random: Random): string =>
  `${two(0, 23, random)}:${two(0, 59, random)}:${two(0, 59, random)}${random() < 0.5 ? '' : `.${digits(1 + below(random, 6), random)}`}`;
const anyZone = (random: Random): string => oneOf(random, zones) ?? '';

const anyOf: Readonly<Record<string, (type: SimpleType, random: Random) => string>> = {
  decimal: anyDecimal,
  boolean: (_, random) => oneOf(random, ['true', 'false', '1', '0']) ?? '',
  date: (_, random) => `${anyDate(random)}${anyZone(random)}`,
  dateTime: (_, random) => `${anyDate(random)}T${anyTime(random)}${anyZone(random)}`,
  time: (_, random) => `${anyTime(random)}${anyZone(random)}`,
  gYear: (_, random) => `${1990 + below(random, 60)}${anyZone(random)}`,
  gYearMonth: (_, random) => `${1990 + below(random, 60)}-${two(1, 12, random)}${anyZone(random)}`,
  base64Binary: (_, random) => Buffer.from(digits(below(random, 20), random)).toString('base64'),
};
