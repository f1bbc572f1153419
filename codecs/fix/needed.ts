import { shownText } from '../../src/core/bytes.ts';
import { decimalDigitsMax } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { formOk } from './formats.ts';
import { type FixIssueCode, fixIssue } from './issues.ts';
import type { FixLevel, FixMessage } from './message.ts';
import { dateIn, isoDate, listedWord, timeIn } from './reading.ts';
import needs from './tables/needed.json' with { type: 'json' };
import tag from './tables/tags.json' with { type: 'json' };

/** Something that the events of a message cannot be made without. */
export interface Problem {
  readonly tag: number;
  readonly text: string;
  readonly code?: FixIssueCode;
}

/** What of a list in `tables/needed.json` is missing from a level of a message, or cannot be read there. */
export function problemsIn(
  message: FixMessage,
  level: FixLevel,
  list: keyof typeof needs,
): readonly Problem[] {
  let problems: readonly Problem[] = none;
  for (const need of lists.get(list) ?? none) {
    const field = level.fieldOf(need.tag);
    const missing = field < 0 || message.fromAt(field) === message.toAt(field);
    if (missing ? need.optional : readable(message, field, need.kind)) continue;
    const text = missing ? 'missing' : `cannot be "${shownText(message.textAt(field))}"`;
    problems = [...problems, { tag: need.tag, text: `is needed and ${text}` }];
  }
  return problems;
}

const none: readonly never[] = [];

interface Need {
  readonly tag: number;
  readonly kind: string;
  /** May be missing, but where it is there it has to be readable. */
  readonly optional: boolean;
}

const lists = new Map(
  Object.entries(needs).map(([list, fields]): [string, readonly Need[]] => [
    list,
    Object.entries(fields).map(([field, kind]) => ({
      tag: Number(field),
      kind: kind.replace('?', ''),
      optional: kind.endsWith('?'),
    })),
  ]),
);

function readable(message: FixMessage, field: number, kind: string): boolean {
  switch (kind) {
    case 'date':
      return isoDate(message.textAt(field)) !== undefined;
    case 'side':
      return listedWord('side', message.textAt(field)) !== undefined;
    case 'decimal':
    case 'unsigned':
      return decimalReadable(message, field, kind);
    default:
      return true;
  }
}

function decimalReadable(message: FixMessage, field: number, kind: string): boolean {
  const from = message.fromAt(field);
  const to = message.toAt(field);
  if (kind === 'unsigned' && message.wire[from] === minus) return false;
  return to - from <= decimalDigitsMax && formOk('decimal', message.wire, from, to);
}

const minus = 0x2d;

/**
 * A trade date that cannot be read is not computed over: TradeDate(75) is the reporter's word. Without it, one of the
 * times that it is computed from has to be readable.
 */
export function tradeDateProblems(message: FixMessage, level: FixLevel): readonly Problem[] {
  const said = level.get(tag.TradeDate);
  if (said !== undefined) {
    if (dateIn(level, tag.TradeDate) !== undefined) return none;
    return [{ tag: tag.TradeDate, text: `is needed and cannot be "${shownText(said)}"` }];
  }
  const { root } = message;
  const times = [tag.TransactTime, tag.OrigSendingTime, tag.SendingTime];
  if (times.some((time) => timeIn(level, time) ?? timeIn(root, time))) return [];
  return [
    {
      tag: tag.TradeDate,
      text: 'is needed and missing, and so is every time that it could be computed from',
    },
  ];
}

/** Problems as issues, with the standard's names. */
export function problemIssues(message: FixMessage, problems: readonly Problem[]): readonly Issue[] {
  return problems.map(({ tag: field, text, code = 'FIX_VALUE_NEEDED' }) => {
    const name = message.dictionary.field(field)?.name;
    const named = name === undefined ? `tag ${field}` : `${name}(${field})`;
    return fixIssue(code, `${named} ${text}`, { field: named });
  });
}
