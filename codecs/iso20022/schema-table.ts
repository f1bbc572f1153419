import { readFileSync } from 'node:fs';
import messages from './tables/messages.json' with { type: 'json' };

/** A text with its facets, as XML Schema names them. `codes` is a list with blanks between. */
export interface SimpleRow {
  /** `decimal`, `date`, `dateTime`, `time`, `gYear`, `gYearMonth`, `boolean`, `base64Binary`; nothing: `string`. */
  readonly base?: string;
  readonly codes?: string;
  readonly pattern?: string;
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly minInclusive?: string;
  readonly maxInclusive?: string;
}

/** A text of another type of the table, with the attribute that has to be there: `Ccy:ActiveCurrencyCode`. */
export interface ContentRow {
  readonly of: string;
  readonly attribute: string;
}

/**
 * A type. Elements in their order are `Id:Max35Text Tp?:GenericIdentification30 (Cd:A|Prtry:B)`: a name, how often (`?`, `*`,
 * `+`, `{from,to}`; nothing: once), a type. One of several is `|Cd:A|Prtry:B`. The name `*` stands for any element, of the
 * namespace that its type names.
 */
export type TypeRow = string | SimpleRow | ContentRow;

/** What a schema says of one message, without a word of its text. */
export interface SchemaTable {
  /** `sese.024.001.13` */
  readonly message: string;
  /** The element of the message inside of Document; of a header `AppHdr`. */
  readonly element: string;
  /** The type of that element. */
  readonly type: string;
  readonly types: Readonly<Record<string, TypeRow>>;
}

/** One message of the list: where its types begin, and how many types and elements its schema has. */
export interface MessageRow {
  readonly element: string;
  readonly type: string;
  readonly types: number;
  readonly elements: number;
}

/** What changes whenever a table does. */
export const tablesDigest: string = messages.digest;

const rows: ReadonlyMap<string, MessageRow> = new Map(Object.entries(messages.messages));

/** The messages that there are tables of, by `sese.024.001.13`. */
export const knownMessages: readonly string[] = [...rows.keys()];

/**
 * The table of one of `knownMessages`. Types are shared by all messages and stand in one file, which is read when the first of
 * them is asked for: ISO 20022 gives a type another name when it changes. Source: the message catalogue, see docs/iso.md.
 */
export function tableOf(message: string): SchemaTable | undefined {
  const row = rows.get(message);
  if (row === undefined) return undefined;
  types ??= JSON.parse(readFileSync(new URL('./tables/types.json', import.meta.url), 'utf8')) as Types;
  return { message, element: row.element, type: row.type, types };
}

type Types = SchemaTable['types'];
let types: Types | undefined;

/**
 * The message among `knownMessages` that judges a type: itself, else the version of the same message and variant that is
 * nearest, the newer of two; where the variant has none, the other one's nearest. Undefined: nobody knows the message.
 */
export function nearestMessage(type: string): string | undefined {
  if (rows.has(type)) return type;
  const [area, number, variant, version] = type.split('.');
  const same = knownMessages.filter((known) => known.startsWith(`${area}.${number}.`));
  const near = same.filter((known) => known.split('.')[2] === variant);
  const far = (known: string): number => Math.abs(Number(known.split('.')[3]) - Number(version));
  return [...(near.length > 0 ? near : same)].sort(
    (left, right) => far(left) - far(right) || (left < right ? 1 : -1),
  )[0];
}
