import { below, oneOf, type Random } from '../mutation.ts';
import type { Node } from './any-document.ts';

/** A copy with one to three changes, most of which its schema does not allow. Well-formed in any case. */
export function mutatedDocument(root: Node, random: Random): Node {
  const copy = structuredClone(root);
  for (let change = below(random, 3); change >= 0; change--) {
    const nodes = allIn(copy).slice(1);
    const node = oneOf(random, nodes);
    if (node !== undefined) oneOf(random, changes)?.(node, random, copy);
  }
  return copy;
}

function allIn(node: Node): Node[] {
  return [node, ...elementsOf(node).flatMap(allIn)];
}

function elementsOf({ content }: Node): Node[] {
  return typeof content === 'string' ? [] : content.filter((item) => typeof item !== 'string');
}

type Change = (node: Node, random: Random, root: Node) => void;

const changes: readonly Change[] = [
  drop,
  twice,
  swapped,
  moved,
  renamed,
  stranger,
  emptied,
  badValue,
  badValue,
  badValue,
  longer,
  attribute,
  textAmong,
];

function siblingsOf(node: Node, root: Node): (Node | string)[] {
  const parent = allIn(root).find(({ content }) => typeof content !== 'string' && content.includes(node));
  return parent === undefined || typeof parent.content === 'string' ? [node] : parent.content;
}

function drop(node: Node, _: Random, root: Node): void {
  const siblings = siblingsOf(node, root);
  siblings.splice(siblings.indexOf(node), 1);
}

function twice(node: Node, _: Random, root: Node): void {
  const siblings = siblingsOf(node, root);
  siblings.splice(siblings.indexOf(node), 0, structuredClone(node));
}

function swapped(node: Node, _: Random, root: Node): void {
  const siblings = siblingsOf(node, root);
  const at = siblings.indexOf(node);
  const next = siblings[at + 1];
  if (next !== undefined) siblings.splice(at, 2, next, node);
}

function moved(node: Node, random: Random, root: Node): void {
  const siblings = siblingsOf(node, root);
  siblings.splice(siblings.indexOf(node), 1);
  siblings.splice(below(random, siblings.length + 1), 0, node);
}

function renamed(node: Node, random: Random, root: Node): void {
  const names = allIn(root).map(({ name }) => name);
  node.name =
    oneOf(
      random,
      names.filter((name) => !name.includes(':')),
    ) ?? node.name;
}

function stranger(node: Node, random: Random): void {
  const made: Node = {
    name: random() < 0.5 ? 'Oddity' : 'y:Oddity',
    attributes: { 'xmlns:y': 'urn:example:odd' },
    content: 'x',
  };
  if (typeof node.content === 'string') node.content = [made];
  else node.content.splice(below(random, node.content.length + 1), 0, made);
}

function emptied(node: Node): void {
  node.content = '';
}

const bad = [
  '',
  ' ',
  'x',
  'XXXX',
  'ABCDE',
  'ÄÖ',
  'a//b',
  '/a',
  '0',
  '-1',
  '-0.0',
  '+1',
  '1.',
  '.5',
  '.',
  '1e3',
  '1,5',
  'NaN',
  '00012.500',
  '12345678901234567890',
  '0.000000000000000001',
  '0.05',
  'true',
  'TRUE',
  ' true ',
  '2026-02-29',
  '2024-02-29',
  '2026-13-01',
  '2026-00-10',
  '0000-01-01',
  '-0044-03-15',
  '12026-01-01',
  '2026-11-30Z',
  '2026-11-30+14:01',
  '2026-11-30-13:59',
  '2026-11-30T24:00:00',
  '2026-11-30T24:00:00.0Z',
  '2026-11-30T24:00:01',
  '2026-11-30T23:59:60',
  '2026-11-30T10:00',
  '2026-11-30T10:00:00.',
  '2026-11-30t10:00:00',
  '2026-11-30 10:00:00',
  '10:00:00',
  '2026',
  '2026-11',
  ' 2026-11-30 ',
  '2026-11-30T10:00:00.123456789012+05:30',
  'USD',
  'usd',
  'NORE',
  ' NORE',
];

function badValue(node: Node, random: Random, root: Node): void {
  const leaves = allIn(root).filter(({ content }) => typeof content === 'string');
  const chosen = typeof node.content === 'string' ? node : oneOf(random, leaves);
  if (chosen === undefined || typeof chosen.content !== 'string') return;
  chosen.content = random() < 0.3 ? nearby(chosen.content, random) : (oneOf(random, bad) ?? '');
}

/** The text with one character changed, added or left out. */
function nearby(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  const char = oneOf(random, [...'A0z /.-é\n', '']) ?? '';
  return text.slice(0, at) + char + text.slice(at + below(random, 2));
}

function longer(node: Node, random: Random): void {
  if (typeof node.content === 'string')
    node.content += node.content.repeat(below(random, 4)) + 'A'.repeat(below(random, 50));
}

function attribute(node: Node, random: Random): void {
  const [name] = Object.keys(node.attributes).filter((key) => !key.startsWith('xmlns'));
  if (name === undefined) node.attributes[oneOf(random, ['Ccy', 'xml:lang', 'Id']) ?? 'Id'] = 'EUR';
  else if (random() < 0.5) delete node.attributes[name];
  else node.attributes[name] = oneOf(random, ['EURO', '', 'eur', ' EUR', 'GBP']) ?? '';
}

/** Text beside elements. */
function textAmong(node: Node, _: Random, root: Node): void {
  const siblings = siblingsOf(node, root);
  siblings.splice(siblings.indexOf(node), 0, 'stray');
}
