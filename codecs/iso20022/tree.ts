import { latin1Text, utf8Bytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import type { WrittenElement } from './write-xml.ts';
import { type XmlAttribute, type XmlOpening, type XmlReceiver, xmlEventSource } from './xml-source.ts';

/** An element of a document with everything in it, in its order. Lines and columns count from 1. */
export interface MxElement extends XmlOpening {
  /** Elements and text. Blanks between elements are left out. */
  readonly items: readonly (MxElement | string)[];
}

export interface TreeRead {
  readonly root?: MxElement;
  /** What ended the reading; then there is no root. */
  readonly issue?: Issue;
}

/**
 * The tree of a whole document. AppHdr and a Document behind it, which are siblings, come back inside of a root that the bytes do
 * not have: its name is empty.
 */
export function readXml(bytes: Uint8Array, limits: Limits): TreeRead {
  const builder = new TreeBuilder();
  const issue = xmlEventSource(builder, limits).end(bytes);
  if (issue === undefined) return builder.root === undefined ? {} : { root: builder.root };
  const second = builder.root?.local === 'AppHdr' && issue.message.includes(secondRoot);
  return second ? readSiblings(bytes, limits, issue) : { issue };
}

/** What the parser says of a second root element. */
const secondRoot = 'only one root';

/** Reads two roots as what stands in one that is put around them. */
function readSiblings(bytes: Uint8Array, limits: Limits, refused: Issue): TreeRead {
  const front = latin1Text(bytes, 0, Math.min(bytes.length, frontBytesMax));
  const at =
    /^(?:\u00ef\u00bb\u00bf)?(?:<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|[ \t\r\n]+)*/.exec(front)?.[0].length ?? 0;
  const builder = new TreeBuilder();
  const source = xmlEventSource(builder, limits);
  const issue =
    source.write(bytes.subarray(0, at)) ??
    source.write(opening) ??
    source.write(bytes.subarray(at)) ??
    source.end(closing);
  if (issue !== undefined) return { issue };
  const { root } = builder;
  const names = root?.items.map((item) => (typeof item === 'string' ? '' : item.local));
  if (root === undefined || names?.join() !== 'AppHdr,Document') return { issue: refused };
  return { root: { ...root, name: '', local: '' } };
}

const frontBytesMax = 4096;
const opening = utf8Bytes('<siblings>');
const closing = utf8Bytes('</siblings>');

/** Makes the tree of what it is told. Blanks between elements are left out. */
export class TreeBuilder implements XmlReceiver {
  /** Elements that stand in nothing; of a document one. */
  readonly roots: MxElement[] = [];
  /** There is text in nothing. */
  stray = false;
  /** Elements that are open, the innermost one last. */
  readonly opened: Node[] = [];

  get root(): MxElement | undefined {
    return this.roots[0];
  }

  open(opening: XmlOpening): void {
    const node = new Node(opening);
    const outer = this.opened.at(-1);
    if (outer === undefined) this.roots.push(node);
    else outer.add(node);
    this.opened.push(node);
  }

  text(text: string): void {
    const node = this.opened.at(-1);
    if (node !== undefined) node.addText(text);
    else if (!isBlank(text)) this.stray = true;
  }

  close(): void {
    this.opened.pop()?.ended();
  }
}

class Node implements MxElement {
  readonly name: string;
  readonly local: string;
  readonly prefix: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly line: number;
  readonly column: number;
  readonly items: (MxElement | string)[] = [];
  /** The last item is text. */
  #text = false;
  #elements = false;

  constructor({ name, local, prefix, uri, attributes, line, column }: XmlOpening) {
    this.name = name;
    this.local = local;
    this.prefix = prefix;
    this.uri = uri;
    this.attributes = attributes;
    this.line = line;
    this.column = column;
  }

  add(element: MxElement): void {
    this.#withoutBlanks();
    this.items.push(element);
    this.#text = false;
    this.#elements = true;
  }

  addText(text: string): void {
    const { items } = this;
    if (this.#text) items[items.length - 1] = `${items.at(-1)}${text}`;
    else items.push(text);
    this.#text = true;
  }

  /** Of an element that holds nothing but blanks, these are its text. */
  ended(): void {
    if (this.#elements) this.#withoutBlanks();
  }

  #withoutBlanks(): void {
    const last = this.#text ? this.items.at(-1) : undefined;
    if (typeof last === 'string' && isBlank(last)) this.items.pop();
  }
}

function isBlank(text: string): boolean {
  return (text === '' || text.charCodeAt(0) <= 0x20) && /^[ \t\r\n]*$/.test(text);
}

export function elementsIn(element: MxElement): readonly MxElement[] {
  const found: MxElement[] = [];
  for (const item of element.items) if (typeof item !== 'string') found.push(item);
  return found;
}

/** The text right inside of an element. */
export function textIn({ items }: MxElement): string {
  const [first] = items;
  if (items.length <= 1) return typeof first === 'string' ? first : '';
  let text = '';
  for (const item of items) if (typeof item === 'string') text += item;
  return text;
}

/**
 * The elements that a path of local names leads to, in their order: `TxDtls/SfkpgAcct/Id`. Only elements of the same
 * namespace as `from` are seen: supplementary data of somebody else's namespace cannot pass for the message's own.
 */
export function elementsAt(from: MxElement, path: string): readonly MxElement[] {
  const found: MxElement[] = [];
  collect(from, stepsOf(path), 0, found, Number.POSITIVE_INFINITY);
  return found;
}

/** The first of them. */
export function elementAt(from: MxElement, path: string): MxElement | undefined {
  const found: MxElement[] = [];
  collect(from, stepsOf(path), 0, found, 1);
  return found[0];
}

function collect(
  from: MxElement,
  steps: readonly string[],
  at: number,
  found: MxElement[],
  max: number,
): void {
  const local = steps[at];
  for (const item of from.items) {
    if (typeof item === 'string' || item.local !== local || item.uri !== from.uri) continue;
    if (at + 1 === steps.length) found.push(item);
    else collect(item, steps, at + 1, found, max);
    if (found.length >= max) return;
  }
}

/** Paths that were taken apart. They stand in code and tables; those that are made of a document do not fill the memory. */
const takenApart = new Map<string, readonly string[]>();
const takenApartMax = 4096;

function stepsOf(path: string): readonly string[] {
  const known = takenApart.get(path);
  if (known !== undefined) return known;
  const steps = path.split('/');
  if (takenApart.size < takenApartMax) takenApart.set(path, steps);
  return steps;
}

/** What writes an element again: attributes in their order, text as it was read. */
export function writtenOf(element: MxElement): WrittenElement {
  const attributes = Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
  return {
    name: element.name,
    attributes,
    content: element.items.map((item) => (typeof item === 'string' ? item : writtenOf(item))),
  };
}

export function attributeOf(element: MxElement, name: string): string | undefined {
  return element.attributes.find((one: XmlAttribute) => one.name === name)?.value;
}
