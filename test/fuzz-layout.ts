import { records } from '../codecs/records/index.ts';
import { limits } from '../src/core/limits.ts';
import type { FuzzOptions } from './fuzz.ts';
import { withoutGrowth } from './fuzz-heap.ts';
import { below, mutated, oneOf, type Random, randomOf, splitAtRandom } from './mutation.ts';
import { sampleContext } from './sample-context.ts';

/** Small, because a YAML text is read in the time of a hundred records; together they use the whole language. */
const layouts = [
  `layout: fixed-rows
version: 1
title: Fixed
status: invented
source: a test
encoding: latin1
framing: { kind: lines, end: crlf }
form: { kind: fixed }
file: { key: [day, cycle], businessDate: day, cycle: cycle, cutAt: cut, cutZone: zone }
attributes: { reportedBy: $header.cycle, businessDate: $header.day }
records:
  H:
    role: header
    length: 40
    fields:
      - { name: mark, from: 1, to: 1, kind: text, is: H }
      - { name: day, from: 2, to: 8, kind: date, format: CCYYDDD }
      - { name: cycle, from: 9, to: 9, kind: text, codes: { E: end, S: start }, open: true }
      - { name: cut, from: 10, to: 23, kind: timestamp }
      - { name: rows, from: 24, to: 24, kind: number }
      - { name: zone, from: 25, to: 40, kind: zone }
  D:
    role: detail
    length: 24
    fields:
      - { name: mark, from: 1, to: 1, kind: text, is: [D, E] }
      - { name: account, from: 2, to: 9, kind: text, personal: account, align: right }
      - { name: amount, from: 10, to: 20, kind: number, decimals: 2, sign: trailing, signs: CD }
      - { from: 21, to: 24, kind: filler }
    events:
      - slot: moved
        type: cash.moved
        if: { value: $mark, not: [E] }
        attributes:
          account: $account
          businessKey: { key: cash, scope: $file.key, id: { join: [$account, $mark], with: '-' } }
          occurredAt: { instant: $header.cut, zone: $header.zone }
        data: { amount: { value: $amount, minusIf: { value: $mark, is: [E] } }, valueDate: $file.businessDate }
controls: [{ record: H, field: rows, counts: [D] }]
`,
  `layout: delimited-rows
version: 2
title: Delimited
status: invented
source: a test
framing: { kind: lines, lastEnd: optional }
form: { kind: delimited, delimiter: '|' }
records:
  R:
    role: detail
    fields:
      - { name: account, at: 1, kind: text }
      - { name: quantity, at: 2, kind: number, point: written, decimals: 4, sign: leading, optional: true }
      - { name: at, at: 3, kind: time, format: 'HH:MM:SS' }
    events: [{ slot: noted, type: day.closed, if: $quantity, data: { scope: $account } }]
  T:
    role: trailer
    fields:
      - { name: mark, at: 1, kind: text, is: END }
      - { name: rows, at: 2, kind: number }
      - { name: total, at: 3, kind: number, point: written, decimals: 4, sign: leading }
controls:
  - { record: T, field: rows, counts: [R] }
  - { record: T, field: total, sums: { R: quantity } }
samples: [{ name: good, lines: ['A1|5.5|10:00:00', 'END|1|5.5'] }]
`,
].map((text) => Buffer.from(text));

const files = [
  'H2026314E202611101800002America/New_York\r\nDA1234567000000125 C    \r\nEA1234568000000125 D    \r\n',
  'A1|5.5|10:00:00\nA2|-2|11:00:00\nEND|2|3.5\n',
].map((text) => Buffer.from(text, 'latin1'));

/** What YAML and objects are attacked with. */
const pieces = [
  '&a ',
  '*a',
  '*b',
  '<<: ',
  '!!str ',
  '!!js/function ',
  '? ',
  '--- ',
  '%YAML 1.1\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>-\n',
  '#',
  '\t',
  ': ',
  '- ',
  '__proto__',
  'constructor',
  'toString',
  '$',
  '$$',
  '$file.',
  '$header.',
  '{ join: [',
  '{ value: ',
  'null',
  '~',
  '999999',
  '1000000',
  '-1',
  '0',
  '\ufeff',
  '\u2028',
  '\u0000',
  '[['.repeat(30),
  '*a, '.repeat(50),
  '{ a: '.repeat(60),
];

/** Loads `count` changed layouts, and reads a changed file by those that are layouts still: no throw, no growth. */
export function fuzzLayouts({ count, seed }: Pick<FuzzOptions, 'count' | 'seed'>): void {
  for (const text of layouts)
    if (records.openText(text.toString('utf8'), 'x').codec === undefined)
      throw new Error('a layout to begin with is refused');
  withoutGrowth(count, (number) => {
    const random = randomOf(seed + number);
    const text = changed(random);
    const { codec, issues } = records.openText(text, 'x');
    const lines = text.split(/\r\n|\r|\n/).length;
    if (codec === undefined && issues.length === 0)
      throw new Error(`input ${number} of seed ${seed}: refused and not said why`);
    for (const { at } of issues)
      if ((at?.line ?? 0) < 1 || (at?.line ?? 0) > lines)
        throw new Error(`input ${number} of seed ${seed}: line ${at?.line} of ${lines}`);
    if (codec === undefined) return;
    const judgement = codec.file?.open(limits);
    const state = codec.framer.open(limits);
    const bytes = mutated(files, random);
    const cuts = splitAtRandom(bytes, random).flatMap((chunk) => state.feed(chunk, false));
    for (const cut of [...cuts, ...state.feed(new Uint8Array(), true)]) {
      judgement?.add(cut);
      const message = cut.kind === 'frame' ? codec.decode(cut).message : undefined;
      if (message !== undefined) codec.normalize(message, sampleContext);
    }
    judgement?.verdict();
  });
}

/** Every third one has changed bytes; the others have words in the place of others, and stay YAML more often. */
function changed(random: Random): string {
  if (below(random, 3) === 0) return withPiece(mutated(layouts, random).toString('utf8'), random);
  let text = (oneOf(random, layouts) ?? Buffer.alloc(0)).toString('utf8');
  for (let change = below(random, 2); change >= 0; change--) text = withOtherWord(text, random);
  return below(random, 4) === 0 ? withPiece(text, random) : text;
}

function withPiece(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  return text.slice(0, at) + oneOf(random, pieces) + text.slice(at + below(random, 6));
}

function withOtherWord(text: string, random: Random): string {
  // What stands behind a colon: values, with few keys among them.
  const words = [...text.matchAll(/(?<=: )[\w$.-]+/g)];
  const old = oneOf(random, words);
  const other = below(random, 20) === 0 ? oneOf(random, pieces) : oneOf(random, words)?.[0];
  if (old === undefined || other === undefined) return text;
  return text.slice(0, old.index) + other + text.slice(old.index + old[0].length);
}
