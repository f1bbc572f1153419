import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { StatementHead, StatementKind } from '../../src/contract/statement.ts';
import { closingEvents } from '../../src/contract/statement-closing.ts';
import { holdingEvents, totalEvent } from '../../src/contract/statement-holdings.ts';
import { penaltyEvent } from '../../src/contract/statement-penalties.ts';
import { pendingEvents, postingEvent } from '../../src/contract/statement-transactions.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MtMessage } from './message.ts';
import { readStatementHead } from './normalize-statement-head.ts';
import { type FinPlace, finsIn, holdingIn } from './normalize-statement-holdings.ts';
import { penaltiesIn } from './normalize-statement-penalties.ts';
import { pendingIn, postingsIn, totalsIn } from './normalize-statement-transactions.ts';
import { type MtSequence, sequencesIn } from './tree.ts';

/** What MT535, MT536 and MT537 mean. Source: ISO 15022; the meanings are those of `src/contract/statement-*.ts`. */
export const statementFamilies = [
  ['MT535', familyOf('holdings')],
  ['MT536', familyOf('transactions')],
  ['MT537', familyOf('pending')],
] as const;

function familyOf(kind: StatementKind) {
  return {
    problems: (message: MtMessage): readonly Issue[] => readStatement(message, kind).problems,
    events(message: MtMessage, context: NormalizeContext): readonly Event[] {
      const { head, items, problems } = readStatement(message, kind);
      if (head === undefined || problems.length > 0) return [];
      const closing = closingEvents(head, context);
      if (head.cancels === true) return closing;
      const { standard, type } = message;
      const told = items.flatMap((item, index) =>
        statementItemEvents(head, item, context, index + 1, { standard, messageType: type }),
      );
      return [...told, ...closing];
    },
  };
}

/** One item of a page: a FIN in its sub-account, or a STAT, TRANS or PENA of MT537. */
export type StatementItem = FinPlace | MtSequence;

/** What one item of a page means. `number` counts the items of the page from 1. */
export function statementItemEvents(
  head: StatementHead,
  item: StatementItem,
  context: NormalizeContext,
  number: number,
  told: { readonly standard: string; readonly messageType: string },
): readonly Event[] {
  if ('fin' in item) {
    if (head.kind === 'holdings') {
      const holding = holdingIn(item, []);
      return holding === undefined ? [] : holdingEvents(head, holding, context, number);
    }
    return [
      ...totalsIn(item, []).map((total) => totalEvent(head, total, context, number)),
      ...postingsIn(item, []).map((posting, at) =>
        postingEvent(head, posting, context, `${number}-${at + 1}`),
      ),
    ];
  }
  if (item.code === 'PENA') {
    return penaltiesIn(item, []).map((one, at) => penaltyEvent(head, one, context, `${number}-${at + 1}`));
  }
  return pendingIn(item, []).flatMap((pending, at) =>
    pendingEvents(head, pending, context, `${number}-${at + 1}`, told),
  );
}

interface Read {
  readonly head: StatementHead | undefined;
  readonly items: readonly StatementItem[];
  readonly problems: readonly Issue[];
}

/** Decoding asks for the problems and normalizing for the items: a message is read once for both. */
const reads = new WeakMap<MtMessage, Read>();

function readStatement(message: MtMessage, kind: StatementKind): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const head = readStatementHead(message, kind, problems);
  const items = itemsIn(message.root, kind);
  for (const item of items) judge(item, kind, problems);
  const read = { head, items, problems };
  reads.set(message, read);
  return read;
}

function itemsIn(root: MtSequence, kind: StatementKind): readonly StatementItem[] {
  if (kind !== 'pending') return finsIn(root);
  return sequencesIn(root).filter(({ code }) => ['STAT', 'TRANS', 'PENA'].includes(code));
}

function judge(item: StatementItem, kind: StatementKind, problems: Issue[]): void {
  if (!('fin' in item)) {
    if (item.code === 'PENA') penaltiesIn(item, problems);
    else pendingIn(item, problems);
  } else if (kind === 'holdings') holdingIn(item, problems);
  else {
    totalsIn(item, problems);
    postingsIn(item, problems);
  }
}
