import { shortName } from '../dictionaries/quickfix-xml.ts';
import type { FixTable } from '../dictionary.ts';

/**
 * The table of a dictionary in QuickFIX's XML form, by a second reader that shares nothing with the loader but its target: patterns
 * over the text, no parser, no checks. What both read alike was read right.
 */
export function plainTable(xml: string): FixTable {
  const root = readXml(xml);
  const fields = child(root, 'fields').children;
  const numbers = new Map(
    fields.map((field) => [field.attributes['name'] ?? '', field.attributes['number'] ?? '']),
  );
  const structure = (element: Element): string =>
    element.children.map((item) => token(item, numbers)).join(' ');
  return {
    version: versionOf(root),
    header: structure(child(root, 'header')),
    trailer: structure(child(root, 'trailer')),
    components: entries(optional(root, 'components'), (element) => [
      element.attributes['name'] ?? '',
      structure(element),
    ]),
    messages: entries(child(root, 'messages'), (element) => [
      element.attributes['msgtype'] ?? '',
      [element.attributes['name'] ?? '', element.attributes['msgcat'] ?? '', structure(element)],
    ]),
    fields: entries(child(root, 'fields'), (element) => [
      element.attributes['number'] ?? '',
      fieldRow(element),
    ]),
  };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

function token(element: Element, numbers: ReadonlyMap<string, string>): string {
  const name = element.attributes['name'] ?? '';
  const mark = element.attributes['required'] === 'Y' ? '!' : '';
  if (element.name === 'component') return `@${name}${mark}`;
  const number = numbers.get(name) ?? '0';
  if (element.name !== 'group') return `${number}${mark}`;
  return `${number}${mark}(${element.children.map((item) => token(item, numbers)).join(' ')})`;
}

function fieldRow(element: Element): [string, string] | [string, string, Record<string, string>] {
  const { name = '', type = '' } = element.attributes;
  if (element.children.length === 0) return [name, type];
  const values = element.children.map(({ attributes }): [string, string] => [
    (attributes['enum'] ?? '').trim(),
    shortName(attributes['description'] ?? ''),
  ]);
  // The values of MsgType(35) are the messages, which some dictionaries list by other names.
  return name === 'MsgType' ? [name, type] : [name, type, Object.fromEntries(values)];
}

/** `FIX.4.4`, `FIXT.1.1`, `FIX.5.0SP2`. */
function versionOf({ attributes }: Element): string {
  const { type = 'FIX', major, minor, servicepack = '0' } = attributes;
  return `${type}.${major}.${minor}${servicepack === '0' ? '' : `SP${servicepack}`}`;
}

function entries<T>(element: Element | undefined, row: (element: Element) => [string, T]): Record<string, T> {
  return Object.fromEntries((element?.children ?? []).map(row));
}

function optional(element: Element, name: string): Element | undefined {
  return element.children.find((item) => item.name === name);
}

function child(element: Element, name: string): Element {
  return optional(element, name) ?? { name, attributes: {}, children: [] };
}

/** Elements and attributes are all that such a dictionary has; text, entities and declarations it has not. */
function readXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open: Element[] = [root];
  for (const [, closing, name = '', attributes = '', empty] of xml
    .replace(/<!--[\s\S]*?-->/g, '')
    .matchAll(/<(\/?)([A-Za-z]\w*)((?:\s+\w+=(?:'[^']*'|"[^"]*"))*)\s*(\/?)>/g)) {
    if (closing === '/') {
      open.pop();
      continue;
    }
    const pairs = attributes.matchAll(/(\w+)=(?:'([^']*)'|"([^"]*)")/g);
    const element: Element = {
      name,
      attributes: Object.fromEntries([...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? pair[3] ?? ''])),
      children: [],
    };
    open.at(-1)?.children.push(element);
    if (empty !== '/') open.push(element);
  }
  return root.children[0] ?? root;
}
