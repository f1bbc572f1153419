import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import type { WrittenElement } from './write-xml.ts';
import { type XmlAttribute, type XmlOpening, xmlEventSource } from './xml-source.ts';

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

/** The tree of a whole document. */
export function readXml(bytes: Uint8Array, limits: Limits): TreeRead {
  const open: Open[] = [];
  let root: MxElement | undefined;
  const source = xmlEventSource(
    {
      open: (opening) => open.push({ opening, items: [] }),
      text: (text) => addText(open.at(-1)?.items, text),
      close() {
        const closed = open.pop();
        if (closed === undefined) return;
        const element = { ...closed.opening, items: withoutBlanks(closed.items) };
        const parent = open.at(-1);
        if (parent === undefined) root = element;
        else parent.items.push(element);
      },
    },
    limits,
  );
  const issue = source.write(bytes) ?? source.end();
  if (issue !== undefined) return { issue };
  return root === undefined ? {} : { root };
}

interface Open {
  readonly opening: XmlOpening;
  readonly items: (MxElement | string)[];
}

function addText(items: (MxElement | string)[] | undefined, text: string): void {
  if (items === undefined) return;
  const last = items.at(-1);
  if (typeof last === 'string') items[items.length - 1] = last + text;
  else items.push(text);
}

function withoutBlanks(items: readonly (MxElement | string)[]): readonly (MxElement | string)[] {
  if (!items.some((item) => typeof item !== 'string')) return items;
  return items.filter((item) => typeof item !== 'string' || item.trim() !== '');
}

export function elementsIn(element: MxElement): readonly MxElement[] {
  return element.items.filter((item): item is MxElement => typeof item !== 'string');
}

/** The text right inside of an element. */
export function textIn(element: MxElement): string {
  return element.items.filter((item) => typeof item === 'string').join('');
}

/**
 * The elements that a path of local names leads to, in their order: `TxDtls/SfkpgAcct/Id`. Only elements of the same
 * namespace as `from` are seen: supplementary data of somebody else's namespace cannot pass for the message's own.
 */
export function elementsAt(from: MxElement, path: string): readonly MxElement[] {
  return path
    .split('/')
    .reduce<readonly MxElement[]>(
      (found, local) =>
        found.flatMap((one) =>
          elementsIn(one).filter((inner) => inner.local === local && inner.uri === from.uri),
        ),
      [from],
    );
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
