import type { JsonValue } from '../../src/core/json.ts';
import type { MxMessage } from './message.ts';
import { elementsIn, type MxElement, textIn } from './tree.ts';

/**
 * A message as xml2js 0.6 shows a document unasked, for code that was written for it: elements in lists by their names as they are
 * written, attributes in `$`, text beside either in `_`. Blanks between elements are left out also where other text stands there.
 * AppHdr and Document that are siblings come back both; xml2js sees the first.
 */
export function toXml2jsShape({ root }: Pick<MxMessage, 'root'>): JsonValue {
  const roots = root.local === '' ? elementsIn(root) : [root];
  return Object.fromEntries(roots.map((one) => [one.name, shapeOf(one)]));
}

function shapeOf(element: MxElement): JsonValue {
  const text = textIn(element);
  const shape = new Map<string, JsonValue>();
  if (element.attributes.length > 0) {
    shape.set('$', Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])));
  }
  const lists = new Map<string, JsonValue[]>();
  for (const inner of elementsIn(element)) {
    const list = lists.get(inner.name);
    if (list === undefined) lists.set(inner.name, [shapeOf(inner)]);
    else list.push(shapeOf(inner));
  }
  for (const [name, list] of lists) shape.set(name, list);
  if (shape.size === 0) return text;
  if (text.trim() !== '') shape.set('_', text);
  return Object.fromEntries(shape);
}
