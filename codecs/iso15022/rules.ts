import type { Issue } from '../../src/core/issue.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import { type Condition, finderOf, indexSequences, type Test, testOf } from './rule-conditions.ts';
import corporateActions from './tables/rules/corporate-actions.json' with { type: 'json' };
import settlement from './tables/rules/settlement.json' with { type: 'json' };
import statements from './tables/rules/statements.json' with { type: 'json' };
import trades from './tables/rules/trades.json' with { type: 'json' };
import { isSequence, type MtSequence } from './tree.ts';

/** A rule of the network across fields, as `tables/rules` writes it. */
export interface RuleRow {
  readonly id: string;
  readonly types: readonly string[];
  /** `C3`; empty where the source does not number it. */
  readonly rule: string;
  /** `E83`; empty where the source does not say it. */
  readonly error: string;
  /** What is wrong when the rule is broken. */
  readonly about: string;
  readonly source: string;
  /** The field or sequence that a broken rule is said beside. */
  readonly at?: string;
  /** The sequences that are looked at one by one; left out: the message. */
  readonly in?: readonly string[];
  readonly if?: readonly Condition[];
  readonly then: readonly Condition[];
}

export const ruleRows: readonly RuleRow[] = [...settlement, ...statements, ...trades, ...corporateActions];

/**
 * The rules that a message breaks, each once for every sequence that breaks it, as `MT_RULE`. The sequences have their ids
 * (`judgeStructure` gives them). Source: each rule's own.
 */
export function ruleIssues(root: MtSequence, type: string): readonly Issue[] {
  return brokenRules(root, type).map(({ row, place }) => {
    const number = [row.rule, row.error].filter((text) => text !== '').join(' ');
    return mtIssue('MT_RULE', `${row.about} (MT${type} ${number})`, {
      offset: place.from,
      ...(isSequence(place)
        ? { field: place.code === '' ? 'block 4' : place.code }
        : { length: place.to - place.from, field: fieldName(place) }),
    });
  });
}

export interface BrokenRule {
  readonly row: RuleRow;
  /** The field or sequence where it is said. */
  readonly place: MtField | MtSequence;
}

export function brokenRules(root: MtSequence, type: string): readonly BrokenRule[] {
  const rules = rulesOf(type);
  if (rules.length === 0) return [];
  const message = indexSequences(root);
  const broken: BrokenRule[] = [];
  for (const { row, conditions, demands, place } of rules) {
    const look = (scope: MtSequence): void => {
      if (!conditions.every((test) => test(scope, message))) return;
      if (demands.every((test) => test(scope, message))) return;
      broken.push({ row, place: place?.(scope, message)[0] ?? scope });
    };
    if (row.in === undefined) look(root);
    else for (const id of row.in) message.byId.get(id)?.forEach(look);
  }
  return broken;
}

interface Rule {
  readonly row: RuleRow;
  readonly conditions: readonly Test[];
  readonly demands: readonly Test[];
  readonly place: ReturnType<typeof finderOf> | undefined;
}

const made = new Map<string, readonly Rule[]>();

/** The rules of a type, made when they are first asked for. */
function rulesOf(type: string): readonly Rule[] {
  const known = made.get(type);
  if (known !== undefined) return known;
  const rules = ruleRows
    .filter(({ types }) => types.includes(type))
    .map((row) => ({
      row,
      conditions: (row.if ?? []).map(testOf),
      demands: row.then.map(testOf),
      place: row.at === undefined ? undefined : finderOf(row.at),
    }));
  // Types come from the wire: only those that have rules are remembered.
  if (rules.length > 0) made.set(type, rules);
  return rules;
}
