import type { Profile } from './definition.ts';
import { type ComparedField, comparedFields, type Difference, tagDifferences } from './fields.ts';
import comparison from './tables/comparison.json' with { type: 'json' };

/** What the value of a received field has to match, by tag. */
export type Patterns = ReadonlyMap<number, RegExp>;

/**
 * How a received message differs from the expected one; nothing where it is the one that is expected. Both are texts of one
 * character a byte, the expected one with its macros replaced. `patterns`: those of a `fields.fmt`; without one, profile `quickfix`
 * has those of its own pack, and `quickfixj` none. MsgType(35), where it differs, comes first, and BodyLength(9), which
 * differs because something else does, last.
 */
export function compare(
  profile: Profile,
  expected: string,
  received: string,
  patterns?: Patterns,
): readonly Difference[] {
  const found =
    profile === 'quickfix'
      ? compareStrict(expected, received, patterns ?? defaultPatterns)
      : compareFree(expected, received, patterns ?? new Map());
  return found.toSorted((left, right) => weightOf(left) - weightOf(right));
}

function weightOf({ tag }: Difference): number {
  if (tag === '35') return 0;
  return tag === '9' ? 2 : 1;
}

/**
 * As many fields, the same tags in the same order, and each value equal, or, where its tag has a pattern, matching it anywhere;
 * BodyLength(9) is equal like any other. Source: `Comparator.rb` of QuickFIX 1.15.1.
 */
export function compareStrict(expected: string, received: string, patterns: Patterns): readonly Difference[] {
  const wanted = comparedFields(expected, 'split');
  const found = comparedFields(received, 'split');
  const sameTags = wanted.length === found.length && wanted.every(({ tag }, at) => tag === found[at]?.tag);
  const values = sameTags ? wanted.flatMap((field, at) => valueDifference(field, found[at], patterns)) : [];
  if (sameTags) return values;
  return [...tagDifferences(wanted, found), ...uniqueDifferences(wanted, found, patterns)];
}

function valueDifference(
  { tag, value }: ComparedField,
  found: ComparedField | undefined,
  patterns: Patterns,
): Difference[] {
  const received = found?.value ?? '';
  const pattern = patterns.get(Number.parseInt(tag, 10));
  // An empty value has nothing that a pattern could match: the Ruby runner has no text there at all.
  if (pattern !== undefined) {
    const fits = received !== '' && pattern.test(received);
    return fits ? [] : [{ kind: 'pattern', tag, expected: pattern.source, received }];
  }
  return value === received ? [] : [{ kind: 'value', tag, expected: value, received }];
}

/** Values of tags that stand once on both sides: they say what is wrong where the tags differ as well. */
function uniqueDifferences(
  wanted: readonly ComparedField[],
  found: readonly ComparedField[],
  patterns: Patterns,
): readonly Difference[] {
  const once = (fields: readonly ComparedField[], tag: string): ComparedField | undefined => {
    const all = fields.filter((field) => field.tag === tag);
    return all.length === 1 ? all[0] : undefined;
  };
  return wanted.flatMap(({ tag }) => {
    const [left, right] = [once(wanted, tag), once(found, tag)];
    // BodyLength(9) has to differ here: saying so would only hide what matters.
    if (left === undefined || right === undefined || tag === '9') return [];
    return valueDifference(left, right, patterns);
  });
}

const free = comparison.quickfixj;

/**
 * The same fields in whatever order: nothing missing, nothing too much, Text(58) beginning as expected, times, CheckSum(10) not
 * looked at, and BodyLength(9) only where times are as wide as expected. Where a tag repeats (groups), its values are compared
 * in their order; QuickFIX/J itself looks at the last alone. A tag with a pattern has to match it, in place of all this.
 */
export function compareFree(expected: string, received: string, patterns: Patterns): readonly Difference[] {
  const wanted = byTag(expected);
  const found = byTag(received);
  const differences: Difference[] = [];
  for (const [tag, values] of wanted) {
    const there = found.get(tag) ?? [];
    for (const [at, value] of values.entries()) {
      const got = there[at];
      if (got === undefined) differences.push({ kind: 'missing', tag, expected: value });
      else differences.push(...freeDifference(tag, value, got, patterns));
    }
  }
  for (const [tag, values] of found) {
    if (free.skipped.includes(Number(tag))) continue;
    const more = values.slice(wanted.get(tag)?.length ?? 0);
    differences.push(...more.map((value): Difference => ({ kind: 'unexpected', tag, received: value })));
  }
  return [...differences, ...lengthDifference(wanted, found)];
}

function freeDifference(tag: string, expected: string, received: string, patterns: Patterns): Difference[] {
  const number = Number(tag);
  if (patterns.has(number))
    return valueDifference({ tag, value: expected }, { tag, value: received }, patterns);
  if (free.skipped.includes(number)) return [];
  const same = free.prefix.includes(number) ? received.startsWith(expected) : expected === received;
  return same ? [] : [{ kind: 'value', tag, expected, received }];
}

function byTag(message: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const { tag, value } of comparedFields(message, 'whole')) {
    const known = values.get(tag);
    if (known === undefined) values.set(tag, [value]);
    else known.push(value);
  }
  return values;
}

type ByTag = ReadonlyMap<string, readonly string[]>;

/** BodyLength(9), which says something only where Text(58) is all there and times are written as wide as expected. */
function lengthDifference(wanted: ByTag, found: ByTag): readonly Difference[] {
  const tag = String(free.lengthTag);
  const [expected, received] = [wanted.get(tag)?.[0], found.get(tag)?.[0]];
  if (expected === undefined || received === undefined || expected === received) return [];
  const asWide = (one: number): boolean => widths(wanted, one) === widths(found, one);
  return [...free.times, ...free.prefix].every(asWide) ? [{ kind: 'value', tag, expected, received }] : [];
}

function widths(fields: ByTag, tag: number): string {
  return (fields.get(String(tag)) ?? []).map((value) => value.length).join(' ');
}

/** The patterns of a `fields.fmt`: rows of TAG=PATTERN. Rows that are none of that come back as their line numbers. */
export function readPatterns(text: string): {
  readonly patterns: Patterns;
  readonly wrong: readonly number[];
} {
  const patterns = new Map<number, RegExp>();
  const wrong: number[] = [];
  for (const [index, row] of text.split(/\r?\n/).entries()) {
    if (row === '') continue;
    const [tag = '', pattern = ''] = row.split('=');
    const expression = /^\d+$/.test(tag) ? expressionOf(pattern) : undefined;
    if (expression === undefined) wrong.push(index + 1);
    else patterns.set(Number(tag), expression);
  }
  return { patterns, wrong };
}

/** `^` and `$` are those of lines, as Ruby has them. */
function expressionOf(pattern: string): RegExp | undefined {
  try {
    return pattern === '' ? undefined : new RegExp(pattern, 'm');
  } catch {
    return undefined;
  }
}

/** For a pack that brings no patterns of its own. */
export const defaultPatterns: Patterns = readPatterns(comparison.quickfix.patterns.join('\n')).patterns;
