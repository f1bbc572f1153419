import assert from 'node:assert/strict';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { type FixIssueCode, fixIssue } from './issues.ts';
import { LevelIndex, nextEntry } from './level-index.ts';
import type { FixMessage } from './message.ts';
import { readable, readableAs } from './readable.ts';
import { timeIn } from './reading.ts';
import table from './tables/needed.json' with { type: 'json' };
import { tag } from './tag.ts';

/** Something that the events of a message cannot be made without. */
export interface Problem {
  readonly tag: number;
  readonly text: string;
  readonly code?: FixIssueCode;
}

interface Need {
  readonly tag: number;
  readonly kind: number;
  /** May be missing, but where it is there it has to be readable. */
  readonly optional: boolean;
}

function needsOf(fields: Readonly<Record<string, string>>): readonly Need[] {
  return Object.entries(fields).map(([field, said]) => {
    const optional = said.endsWith('?');
    const kind = optional ? said.slice(0, -1) : said;
    assert(kind in readableAs, said);
    return { tag: Number(field), kind: readableAs[kind as keyof typeof readableAs], optional };
  });
}

type Lists = { readonly [list in keyof typeof table]: readonly Need[] };

/** The lists of `tables/needed.json`. */
export const needs = Object.fromEntries(
  Object.entries(table).map(([list, fields]) => [list, needsOf(fields)]),
) as Lists;

/**
 * Collects what was found readable, as pairs: the place of a value in the flat index, and how it has to be readable. Where nothing is
 * missing, messages whose fields stand in the same places lack nothing either, as long as their values are readable so.
 */
export type Checks = number[];

/** What of a list is missing from a level of a message, or cannot be read there. */
export function problemsIn(level: LevelIndex, needed: readonly Need[], checks?: Checks): readonly Problem[] {
  let problems: readonly Problem[] = none;
  for (let next = 0; next < needed.length; next++) {
    const need = needed[next] as Need;
    const place = level.at(need.tag);
    if (place < 0 ? need.optional : isReadable(level, place, need.kind, checks)) continue;
    const text = place < 0 ? 'missing' : `cannot be "${shownText(level.get(need.tag) ?? '')}"`;
    problems = [...problems, { tag: need.tag, text: `is needed and ${text}` }];
  }
  return problems;
}

/** The same, of every entry of a repeating group of the message itself, by the tag of its count. */
export function problemsInGroup(
  message: FixMessage,
  count: number,
  needed: readonly Need[],
  checks?: Checks,
): readonly Problem[] {
  let problems: Problem[] | undefined;
  for (let at = nextEntry(message.flat, 0, count, 0); at > 0; at = nextEntry(message.flat, 0, count, at)) {
    entry.load(message.flat, at);
    const found = problemsIn(entry, needed, checks);
    if (found.length === 0) continue;
    problems ??= [];
    problems.push(...found);
  }
  return problems ?? none;
}

const entry = new LevelIndex();
const none: readonly never[] = [];

function isReadable({ flat }: LevelIndex, place: number, kind: number, checks: Checks | undefined): boolean {
  if (flat === undefined) return false;
  const { wire, index } = flat;
  checks?.push(place, kind);
  return readable(kind, wire, index[place + 1] as number, index[place + 2] as number);
}

/**
 * A trade date that cannot be read is not computed over: TradeDate(75) is the reporter's word. Without it, one of the
 * times that it is computed from has to be readable.
 */
export function tradeDateProblems(root: LevelIndex, checks?: Checks): readonly Problem[] {
  const said = root.at(tag.TradeDate);
  if (said >= 0) {
    if (isReadable(root, said, readableAs.date, checks)) return none;
    const text = `is needed and cannot be "${shownText(root.get(tag.TradeDate) ?? '')}"`;
    return [{ tag: tag.TradeDate, text }];
  }
  const times = [tag.TransactTime, tag.OrigSendingTime, tag.SendingTime];
  const read = times.find((time) => timeIn(root, time) !== undefined);
  if (read !== undefined) {
    checks?.push(root.at(read), readableAs.time);
    return none;
  }
  return [
    {
      tag: tag.TradeDate,
      text: 'is needed and missing, and so is every time that it could be computed from',
    },
  ];
}

/** All of these: mostly none. */
export function together(...problems: readonly (readonly Problem[])[]): readonly Problem[] {
  return problems.every(({ length }) => length === 0) ? none : problems.flat();
}

/** Problems as issues, with the standard's names. */
export function problemIssues(message: FixMessage, problems: readonly Problem[]): readonly Issue[] {
  return problems.map(({ tag: field, text, code = 'FIX_VALUE_NEEDED' }) => {
    const name = message.dictionary.field(field)?.name;
    const named = name === undefined ? `tag ${field}` : `${name}(${field})`;
    return fixIssue(code, `${named} ${text}`, { field: named });
  });
}
