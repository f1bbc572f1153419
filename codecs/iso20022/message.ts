import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { PartRead } from './part-tree.ts';
import { rowsOf } from './rows.ts';
import type { Schema } from './schema.ts';
import { elementAt, elementsAt, elementsIn, type MxElement, textIn } from './tree.ts';

/** An ISO 20022 message: a read-only view over its bytes. */
export interface MxMessage extends Message {
  /** The root element of the document: an envelope, or Document itself. */
  readonly root: MxElement;
  /** AppHdr, where there is one. */
  readonly header: MxElement | undefined;
  /** The message itself: the element inside of Document; of a document that is none, its root. */
  readonly content: MxElement;
  /** `urn:iso:std:iso:20022:tech:xsd:sese.024.001.13` */
  readonly namespace: string;
  readonly schema: Schema | undefined;
  /** Of a statement that is told in parts: which part of it this is. The tree holds what stands around it, too. */
  readonly part: PartRead | undefined;
  /** The elements that a path of local names leads to from the message: `TxDtls/SfkpgAcct/Id`. */
  elements(path: string): readonly MxElement[];
  /** The text of the first of them, without the blanks around it. */
  text(path: string): string | undefined;
}

/** What a message is made of; `decode` reads it. */
export interface MxParts {
  readonly bytes: Uint8Array;
  readonly root: MxElement;
  readonly header: MxElement | undefined;
  readonly content: MxElement;
  readonly namespace: string;
  readonly schema: Schema | undefined;
  readonly part?: PartRead | undefined;
}

export function mxMessage(parts: MxParts): MxMessage {
  const { bytes, root, header, content, namespace, schema } = parts;
  return {
    standard: 'ISO 20022',
    type: typeOf(namespace),
    name: schema?.name ?? '',
    bytes,
    root,
    header,
    content,
    namespace,
    schema,
    part: parts.part,
    elements: (path) => elementsAt(content, path),
    text: (path) => textAt(content, path),
    view: () => ({ type: typeOf(namespace), namespace, [root.local]: viewOf(root) }),
    rows: () => rowsOf(parts),
  };
}

/** The text of the first element that a path leads to; undefined where there is none, or nothing in it. */
export function textAt(from: MxElement | undefined, path: string): string | undefined {
  const found = from === undefined ? undefined : elementAt(from, path);
  const text = found === undefined ? '' : textIn(found).trim();
  return text === '' ? undefined : text;
}

export const isoNamespace = 'urn:iso:std:iso:20022:tech:xsd:';

/** `sese.024.001.13`; of a namespace that is not ISO 20022's the namespace itself. */
export function typeOf(namespace: string): string {
  return namespace.startsWith(isoNamespace) ? namespace.slice(isoNamespace.length) : namespace;
}

/**
 * An element as JSON: text as text; else its attributes (`@Ccy`), its text (`#text`) and the elements inside, those of one
 * name in a list. The order among elements of different names is that of their first ones.
 */
function viewOf(element: MxElement): JsonValue {
  const inner = elementsIn(element);
  const text = textIn(element);
  const attributes = element.attributes.filter(({ name }) => !/^xmlns(:|$)/.test(name));
  if (inner.length === 0 && attributes.length === 0) return text;
  const view = new Map<string, JsonValue[]>();
  for (const { name, value } of attributes) view.set(`@${name}`, [value]);
  if (text.trim() !== '') view.set('#text', [text]);
  for (const one of inner) {
    const name = one.uri === element.uri ? one.local : one.name;
    const list = view.get(name);
    if (list === undefined) view.set(name, [viewOf(one)]);
    else list.push(viewOf(one));
  }
  return Object.fromEntries(
    [...view].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}
