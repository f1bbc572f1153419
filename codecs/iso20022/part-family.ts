import { cashHeadEvents } from '../../src/contract/cash-statement-events.ts';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { StatementHead, StatementKind } from '../../src/contract/statement.ts';
import { closingEvents } from '../../src/contract/statement-closing.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MxMessage } from './message.ts';
import { cashEntryEvents, cashEntryProblems, headIn } from './normalize-cash.ts';
import { statementItemEvents, statementItemProblems } from './normalize-statement.ts';
import { accountAt, readStatementHead } from './normalize-statement-head.ts';
import type { PartRead } from './part-tree.ts';
import { elementReader } from './statement-values.ts';
import { elementsIn, type MxElement } from './tree.ts';

/** What the messages of one kind mean; see `Family`, which this is the shape of. */
interface Meaning {
  problems(message: MxMessage): readonly Issue[];
  events(message: MxMessage, context: NormalizeContext): readonly Event[];
}

/**
 * What one part of a statement means: the events of all parts, in their order, are those of the whole. Where nothing else is
 * said, an item means what a message with this item alone means, and the other parts nothing.
 */
export function familyOfPart(set: string, whole: Meaning | undefined, part: PartRead): Meaning | undefined {
  const kind = statements.get(set);
  if (kind !== undefined) return statementPart(kind, part);
  if (cash.has(set)) return cashPart(part);
  if (part.item !== undefined && whole !== undefined) return whole;
  return whole === undefined && part.kind === 'head' ? undefined : nothing;
}

const nothing: Meaning = { problems: () => [], events: () => [] };

const statements: ReadonlyMap<string, StatementKind> = new Map([
  ['semt.002', 'holdings'],
  ['semt.003', 'holdings'],
  ['semt.017', 'transactions'],
  ['semt.018', 'pending'],
]);

/** Items between the head, which says whose they are, and the end, which closes the snapshot. */
function statementPart(kind: StatementKind, part: PartRead): Meaning {
  const { item, outer, number } = part;
  if (item === undefined && part.kind !== 'head' && part.kind !== 'tail') return nothing;
  return {
    problems: (message) => [
      ...headOf(message, part, kind).problems,
      ...(item === undefined ? [] : statementItemProblems(kind, item)),
    ],
    events(message, context) {
      const { head } = headOf(message, part, kind);
      if (head === undefined || part.kind === 'head') return [];
      if (item === undefined) return closingEvents(head, context);
      const account = outer?.local === 'SubAcctDtls' ? accountAt(elementReader(outer, [])) : undefined;
      return statementItemEvents(head, item, context, number, { account, messageType: message.type });
    },
  };
}

interface HeadRead {
  readonly before: string;
  readonly kind: StatementKind;
  readonly head: StatementHead | undefined;
  readonly problems: readonly Issue[];
}

/** The head of the items that were read last: those behind one another have the same. */
let lastHead: HeadRead | undefined;

function headOf({ content, header }: MxMessage, { before, item }: PartRead, kind: StatementKind): HeadRead {
  if (item !== undefined && lastHead?.before === before && lastHead.kind === kind) return lastHead;
  const problems: Issue[] = [];
  const head = readStatementHead(content, header, kind, problems);
  const read = { before, kind, head, problems };
  if (item !== undefined) lastHead = read;
  return read;
}

const cash: ReadonlySet<string> = new Set(['camt.052', 'camt.053', 'camt.054']);

/** Entries, and behind those of each Stmt, Rpt or Ntfctn its balances and its end. */
function cashPart(part: PartRead): Meaning {
  const { item, outer } = part;
  if (item !== undefined && outer !== undefined) {
    return {
      problems: () => cashEntryProblems(item),
      events: ({ header }, context) => cashEntryEvents(outer, item, context, part.within, header),
    };
  }
  return {
    problems({ content, header }) {
      const problems: Issue[] = [];
      for (const ended of endedIn(content, part)) headIn(ended, header, problems);
      return problems;
    },
    events: ({ content, header }, context) =>
      endedIn(content, part).flatMap((ended, at) =>
        cashHeadEvents(
          headIn(ended, header, []),
          context,
          at === 0 && part.kind !== 'head' ? part.within : 0,
        ),
      ),
  };
}

/** The statements that end in a part: before items, all but the last one, which they stand in. */
function endedIn(content: MxElement, { kind }: PartRead): readonly MxElement[] {
  const all = elementsIn(content).filter(({ local }) => /^(Stmt|Rpt|Ntfctn)$/.test(local));
  return kind === 'tail' ? all : all.slice(0, -1);
}
