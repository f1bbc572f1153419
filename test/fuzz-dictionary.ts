import { readFileSync } from 'node:fs';
import { differencesOf, differenceText, openDictionary } from '../codecs/fix/dictionaries/index.ts';
import { fixCodec, writeFix } from '../codecs/fix/index.ts';
import type { FuzzOptions } from './fuzz.ts';
import { withoutGrowth } from './fuzz-heap.ts';
import { below, mutated, oneOf, type Random, randomOf } from './mutation.ts';

const samples = ['drop-copy.yaml', 'clearing-firm.yaml', 'venue-quickfix.xml', 'venue-orchestra.xml'].map(
  (name) => readFileSync(new URL(`../codecs/fix/dictionaries/samples/${name}`, import.meta.url)),
);

/** What XML, YAML and objects are attacked with. */
const pieces = [
  '<!DOCTYPE fix [<!ENTITY a "aaaaaaaa">]>',
  '<!DOCTYPE fix SYSTEM "file:///dev/zero">',
  '&a;',
  '&amp;',
  '&#x10FFFF;',
  '&#0;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<fix>',
  '</fix>',
  '<fixr:repository>',
  "<component name='Parties' required='Y'/>",
  "<group name='Side' required='Y'>",
  "<field name='__proto__' number='1' type='INT'/>",
  " required='Y' required='N'",
  '<a '.repeat(100),
  '<group>'.repeat(100),
  '__proto__',
  'constructor',
  'toString',
  '99999',
  '999999999999',
  '-1',
  '@Parties!',
  '{ remove: true }',
  '&x ',
  '*x',
  '!!js/function ',
  '{ a: '.repeat(60),
  '\u0000',
  '\ufeff',
  '(',
  '!',
];

const message = writeFix('FIX.4.4', [
  [35, '8'],
  [49, 'A'],
  [56, 'B'],
  [34, '1'],
  [52, '20261110-14:30:00'],
  [453, '1'],
  [448, 'X'],
  [54, '1'],
]);

/** Opens `count` changed dictionaries; those that can be used still are compared and read by: no throw, no growth, places inside. */
export function fuzzDictionaries({ count, seed }: Pick<FuzzOptions, 'count' | 'seed'>): void {
  for (const sample of samples)
    if (openDictionary(sample.toString('utf8')).dictionary === undefined)
      throw new Error('a dictionary to begin with is refused');
  withoutGrowth(count, (number) => {
    const text = changed(randomOf(seed + number));
    const { dictionary, issues } = openDictionary(text);
    const lines = text.split(/\r\n|[\n\r\u2028]/).length;
    if (dictionary === undefined && issues.length === 0)
      throw new Error(`input ${number} of seed ${seed}: refused and not said why`);
    for (const { at } of issues)
      if (at?.line !== undefined && (at.line < 1 || at.line > lines))
        throw new Error(`input ${number} of seed ${seed}: line ${at.line} of ${lines}`);
    if (dictionary === undefined) return;
    const { table, lookup, switches } = dictionary;
    for (const difference of differencesOf(table, table))
      throw new Error(`input ${number} of seed ${seed}: ${differenceText(difference, table, table)}`);
    const own = lookup(table.version);
    // What a change can touch, and a few of the others.
    for (const type of own.types)
      if (type.length < 2 || below(randomOf(seed + number), 8) === 0) own.message(type);
    fixCodec({ dictionary: lookup, switches }).decode({ bytes: message });
  });
}

/** Every third one has changed bytes; the others have a piece in the place of others, and stay dictionaries more often. */
function changed(random: Random): string {
  if (below(random, 3) === 0) return mutated(samples, random).toString('utf8');
  const text = (oneOf(random, samples) ?? Buffer.alloc(0)).toString('utf8');
  const words = [...text.matchAll(/[\w.@]+/g)];
  const from = oneOf(random, words);
  const to = oneOf(random, words);
  const swapped = `${text.slice(0, from?.index)}${to?.[0] ?? ''}${text.slice((from?.index ?? 0) + (from?.[0].length ?? 0))}`;
  if (below(random, 2) === 0) return swapped;
  const at = below(random, swapped.length + 1);
  return swapped.slice(0, at) + oneOf(random, pieces) + swapped.slice(at + below(random, 6));
}
