import { shownText } from '../../src/core/bytes.ts';
import { decimalDigitsMax } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { decimalOk } from './formats.ts';
import { type FixIssueCode, fixIssue } from './issues.ts';
import { LevelIndex, nextEntry } from './level-index.ts';
import type { FixMessage } from './message.ts';
import { timeIn } from './reading.ts';
import needs from './tables/needed.json' with { type: 'json' };
import { tag } from './tag.ts';
import { isDate } from './transcode-values.ts';
import { WordTable } from './word-table.ts';

/** Something that the events of a message cannot be made without. */
export interface Problem {
  readonly tag: number;
  readonly text: string;
  readonly code?: FixIssueCode;
}

/** What of a list in `tables/needed.json` is missing from a level of a message, or cannot be read there. */
export function problemsIn(level: LevelIndex, list: keyof typeof needs): readonly Problem[] {
  let problems: readonly Problem[] = none;
  const needed = lists.get(list) ?? none;
  for (let next = 0; next < needed.length; next++) {
    const need = needed[next] as Need;
    const place = level.at(need.tag);
    if (place < 0 ? need.optional : readable(level, place, need.kind)) continue;
    const text = place < 0 ? 'missing' : `cannot be "${shownText(level.get(need.tag) ?? '')}"`;
    problems = [...problems, { tag: need.tag, text: `is needed and ${text}` }];
  }
  return problems;
}

/** The same, of every entry of a repeating group of the message itself, by the tag of its count. */
export function problemsInGroup(
  message: FixMessage,
  count: number,
  list: keyof typeof needs,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (let at = nextEntry(message.flat, 0, count, 0); at > 0; at = nextEntry(message.flat, 0, count, at)) {
    entry.load(message.flat, at);
    const found = problemsIn(entry, list);
    if (found.length > 0) problems.push(...found);
  }
  return problems.length === 0 ? none : problems;
}

const entry = new LevelIndex();
const none: readonly never[] = [];

interface Need {
  readonly tag: number;
  readonly kind: string;
  /** May be missing, but where it is there it has to be readable. */
  readonly optional: boolean;
}

const lists: ReadonlyMap<string, readonly Need[]> = new Map(
  Object.entries(needs).map(([list, fields]): [string, readonly Need[]] => [
    list,
    Object.entries(fields).map(([field, kind]) => ({
      tag: Number(field),
      kind: kind.replace('?', ''),
      optional: kind.endsWith('?'),
    })),
  ]),
);

function readable({ flat }: LevelIndex, place: number, kind: string): boolean {
  if (flat === undefined) return false;
  const { wire, index } = flat;
  const from = index[place + 1] as number;
  const to = index[place + 2] as number;
  switch (kind) {
    case 'date':
      return isDate(wire, from, to);
    case 'side':
      return sides.word(wire, from, to) !== undefined;
    case 'unsigned':
      return wire[from] !== minus && to - from <= decimalDigitsMax && decimalOk(wire, from, to);
    case 'decimal':
      return to - from <= decimalDigitsMax && decimalOk(wire, from, to);
    default:
      return true;
  }
}

const minus = 0x2d;
const sides = new WordTable('side');

/**
 * A trade date that cannot be read is not computed over: TradeDate(75) is the reporter's word. Without it, one of the
 * times that it is computed from has to be readable.
 */
export function tradeDateProblems(root: LevelIndex): readonly Problem[] {
  const said = root.at(tag.TradeDate);
  if (said >= 0) {
    if (readable(root, said, 'date')) return none;
    const text = `is needed and cannot be "${shownText(root.get(tag.TradeDate) ?? '')}"`;
    return [{ tag: tag.TradeDate, text }];
  }
  const times = [tag.TransactTime, tag.OrigSendingTime, tag.SendingTime];
  if (times.some((time) => timeIn(root, time) !== undefined)) return none;
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
