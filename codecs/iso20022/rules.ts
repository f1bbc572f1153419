import { compareDecimals, readDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import type { MxMessage } from './message.ts';
import seev031 from './tables/rules/seev.031.json' with { type: 'json' };
import { attributeOf, elementsIn, type MxElement, textIn } from './tree.ts';

/**
 * A condition over the elements that paths lead to. A path starts at the element that the rule is for, with a slash in
 * front at the message; `*` is any name, `@Ccy` at its end an attribute. What is not there fulfils every comparison.
 */
export type Condition =
  | { readonly exists: string }
  | { readonly absent: string }
  /** Every value is one of these, or none of them. */
  | { readonly in: readonly [path: string, values: readonly string[]] }
  | { readonly notIn: readonly [path: string, values: readonly string[]] }
  /** No value of the one is greater than one of the other: as dates where both are dates, else as numbers. */
  | { readonly notAfter: readonly [left: string, right: string] }
  | { readonly atMost: readonly [path: string, limit: string] }
  | { readonly positive: string }
  /** All values are different, or all are equal. */
  | { readonly unique: string }
  | { readonly same: readonly string[] }
  /** No value of the one is a value of the other. */
  | { readonly differ: readonly [left: string, right: string] }
  /** How many values are equal to this one; absent: how many there are. */
  | {
      readonly count: {
        readonly of: string;
        readonly is?: string;
        readonly min?: number;
        readonly max?: number;
      };
    }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

/** A rule across elements: for each element of `for` (absent: the message), where `when` holds, `must` has to hold. */
export interface Rule {
  readonly id: string;
  readonly words: string;
  readonly for?: string;
  readonly when?: Condition;
  readonly must: Condition;
}

/** By message without variant and version. */
const tables: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['seev.031', seev031 as unknown as readonly Rule[]],
]);

/** The rules of a message; none where there is no table of it. */
export function rulesFor({ schema }: MxMessage): readonly Rule[] {
  const set = schema?.message.split('.').slice(0, 2).join('.');
  return set === undefined ? [] : (tables.get(set) ?? []);
}

/** One MX_RULE for each rule that an element breaks, at that element. */
export function judgeRules(message: MxMessage, rules: readonly Rule[]): readonly Issue[] {
  return rules.flatMap((rule) =>
    placesOf(message, rule)
      .filter((place) => !holds(rule.must, place))
      .slice(0, issuesPerRuleMax)
      .map(({ from: { line, column } }) =>
        mxIssue('MX_RULE', `${rule.id}: ${rule.words}`, {
          line,
          column,
          field: rule.for ?? message.content.local,
        }),
      ),
  );
}

/** True where a rule has something to say of the message: its `when` holds somewhere. */
export function ruleApplies(message: MxMessage, rule: Rule): boolean {
  return placesOf(message, rule).length > 0;
}

const issuesPerRuleMax = 10;

interface Place {
  readonly from: MxElement;
  readonly message: MxElement;
}

function placesOf({ content }: MxMessage, rule: Rule): readonly Place[] {
  const elements = rule.for === undefined ? [content] : walk(content, rule.for.split('/'));
  const places = elements.map((from) => ({ from, message: content }));
  const { when } = rule;
  return when === undefined ? places : places.filter((place) => holds(when, place));
}

function holds(condition: Condition, place: Place): boolean {
  if ('exists' in condition) return found(condition.exists, place).length > 0;
  if ('absent' in condition) return found(condition.absent, place).length === 0;
  if ('all' in condition) return condition.all.every((one) => holds(one, place));
  if ('any' in condition) return condition.any.some((one) => holds(one, place));
  if ('in' in condition) {
    const [path, allowed] = condition.in;
    return values(path, place).every((value) => allowed.includes(value));
  }
  if ('notIn' in condition) {
    const [path, banned] = condition.notIn;
    return values(path, place).every((value) => !banned.includes(value));
  }
  if ('count' in condition) return countHolds(condition.count, place);
  return comparisonHolds(condition, place);
}

type Comparison = Extract<
  Condition,
  | { notAfter: unknown }
  | { atMost: unknown }
  | { positive: unknown }
  | { unique: unknown }
  | { same: unknown }
  | { differ: unknown }
>;

function comparisonHolds(condition: Comparison, place: Place): boolean {
  if ('notAfter' in condition) {
    const [left, right] = condition.notAfter;
    const bounds = values(right, place);
    return values(left, place).every((value) => bounds.every((bound) => order(value, bound) <= 0));
  }
  if ('atMost' in condition) {
    const [path, limit] = condition.atMost;
    return values(path, place).every((value) => order(value, limit) <= 0);
  }
  if ('positive' in condition)
    return values(condition.positive, place).every((value) => order(value, '0') > 0);
  if ('unique' in condition) {
    const all = values(condition.unique, place);
    return new Set(all).size === all.length;
  }
  if ('same' in condition) return new Set(condition.same.flatMap((path) => values(path, place))).size <= 1;
  const [left, right] = condition.differ;
  const others = values(right, place);
  return values(left, place).every((value) => !others.includes(value));
}

function countHolds(
  { of, is, min = 0, max = Number.POSITIVE_INFINITY }: Extract<Condition, { count: unknown }>['count'],
  place: Place,
): boolean {
  const count =
    is === undefined ? found(of, place).length : values(of, place).filter((value) => value === is).length;
  return count >= min && count <= max;
}

/** Negative where the left comes first. Days are compared as days, whatever time stands behind; what is no number is equal. */
function order(left: string, right: string): number {
  const day = /^\d{4}-\d\d-\d\d/;
  const [first] = day.exec(left) ?? [];
  const [second] = day.exec(right) ?? [];
  if (first !== undefined && second !== undefined) return first < second ? -1 : first > second ? 1 : 0;
  const low = readDecimal(left);
  const high = readDecimal(right);
  return low.ok && high.ok ? compareDecimals(low.value, high.value) : 0;
}

function found(path: string, { from, message }: Place): readonly MxElement[] {
  const own = path.replace(/\/?@\w+$/, '');
  return own.startsWith('/') ? walk(message, own.slice(1).split('/')) : walk(from, own.split('/'));
}

function walk(from: MxElement, names: readonly string[]): readonly MxElement[] {
  return names.reduce<readonly MxElement[]>(
    (elements, name) =>
      elements.flatMap((one) =>
        elementsIn(one).filter(({ local, uri }) => uri === from.uri && (name === '*' || local === name)),
      ),
    [from],
  );
}

/** The values of a path: text, or what a choice of dates, quantities, rates and amounts holds; codes are no values. */
function values(path: string, place: Place): readonly string[] {
  const attribute = /@(\w+)$/.exec(path)?.[1];
  const texts = found(path, place).map((element) =>
    attribute === undefined ? valueIn(element) : attributeOf(element, attribute),
  );
  return texts.filter((text) => text !== undefined);
}

const held = new Set(['Dt', 'DtTm', 'Unit', 'FaceAmt', 'AmtsdVal', 'DgtlTknUnit', 'Rate', 'Amt', 'PricVal']);

function valueIn(element: MxElement): string | undefined {
  const inner = elementsIn(element).filter(({ uri }) => uri === element.uri);
  if (inner.length === 0) return textIn(element).trim();
  for (const one of inner) {
    const leaf = elementsIn(one).length === 0;
    const value = !leaf ? valueIn(one) : held.has(one.local) ? textIn(one).trim() : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}
