import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { StatementHead, StatementKind } from '../../src/contract/statement.ts';
import { closingEvents } from '../../src/contract/statement-closing.ts';
import { holdingEvents, totalEvent } from '../../src/contract/statement-holdings.ts';
import { pendingEvents, postingEvent } from '../../src/contract/statement-transactions.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MxMessage } from './message.ts';
import { accountAt, readStatementHead } from './normalize-statement-head.ts';
import { holdingIn } from './normalize-statement-holdings.ts';
import { pendingIn, postingsIn, totalsIn } from './normalize-statement-transactions.ts';
import { elementReader } from './statement-values.ts';
import { elementsAt, elementsIn, type MxElement } from './tree.ts';

/** What semt.002, semt.003, semt.017 and semt.018 mean: the same as the MT that says the same. */
export const statementFamilies = [
  ['semt.002', familyOf('holdings')],
  ['semt.003', familyOf('holdings')],
  ['semt.017', familyOf('transactions')],
  ['semt.018', familyOf('pending')],
] as const;

function familyOf(kind: StatementKind) {
  return {
    problems: (message: MxMessage): readonly Issue[] => readStatement(message, kind).problems,
    events(message: MxMessage, context: NormalizeContext): readonly Event[] {
      const { head, items, problems } = readStatement(message, kind);
      if (head === undefined || problems.length > 0) return [];
      const told = items.flatMap(({ element, account }, index) =>
        statementItemEvents(head, element, context, index + 1, { account, messageType: message.type }),
      );
      return [...told, ...closingEvents(head, context)];
    },
  };
}

export interface ItemOptions {
  /** Of an item inside of SubAcctDtls: the sub-account's id. */
  readonly account?: string | undefined;
  /** `semt.018.001.14`: what a status without a known meaning is told as. */
  readonly messageType?: string | undefined;
}

/**
 * What one item of a page means: a BalForAcct, BalForSubAcct, FinInstrmDtls, Sts or Txs. `number` counts the items of the
 * page from 1, through all sub-accounts, and stands in the slots and keys of its events. Nothing but the head and the item
 * is needed, so a statement can be read item by item; {@link statementItemProblems} says what cannot be read.
 */
export function statementItemEvents(
  head: StatementHead,
  element: MxElement,
  context: NormalizeContext,
  number: number,
  { account, messageType = '' }: ItemOptions = {},
): readonly Event[] {
  if (head.kind === 'holdings') {
    const holding = holdingIn(element, account, []);
    return holding === undefined ? [] : holdingEvents(head, holding, context, number);
  }
  if (head.kind === 'transactions') {
    return [
      ...totalsIn(element, account, []).map((total) => totalEvent(head, total, context, number)),
      ...postingsIn(element, account, []).map((posting, at) =>
        postingEvent(head, posting, context, `${number}-${at + 1}`),
      ),
    ];
  }
  return pendingIn(element, []).flatMap((pending, at) =>
    pendingEvents(head, pending, context, `${number}-${at + 1}`, { standard: 'ISO 20022', messageType }),
  );
}

/** What of an item is needed and missing or unreadable; such an item has no place in a statement that is complete. */
export function statementItemProblems(kind: StatementKind, element: MxElement): readonly Issue[] {
  const problems: Issue[] = [];
  if (kind === 'holdings') holdingIn(element, undefined, problems);
  else if (kind === 'pending') pendingIn(element, problems);
  else {
    totalsIn(element, undefined, problems);
    postingsIn(element, undefined, problems);
  }
  return problems;
}

/** Local names of items, by kind of statement; those of sub-accounts stand inside of SubAcctDtls. */
export const statementItemNames: Readonly<Record<StatementKind, readonly string[]>> = {
  holdings: ['BalForAcct', 'BalForSubAcct'],
  transactions: ['FinInstrmDtls'],
  pending: ['Sts', 'Txs'],
};

interface Item {
  readonly element: MxElement;
  readonly account: string | undefined;
}

interface Read {
  readonly head: StatementHead | undefined;
  readonly items: readonly Item[];
  readonly problems: readonly Issue[];
}

/** Decoding asks for the problems and normalizing for the items: a message is read once for both. */
const reads = new WeakMap<MxMessage, Read>();

function readStatement(message: MxMessage, kind: StatementKind): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const head = readStatementHead(message.content, message.header, kind, problems);
  const items = itemsIn(message.content, kind);
  for (const { element } of items) problems.push(...statementItemProblems(kind, element));
  const read = { head, items, problems };
  reads.set(message, read);
  return read;
}

/** In the order of the document: the account's own items, then those of each sub-account. */
function itemsIn(content: MxElement, kind: StatementKind): readonly Item[] {
  const names = statementItemNames[kind];
  const under = (element: MxElement, account: string | undefined): readonly Item[] =>
    elementsIn(element)
      .filter(({ local, uri }) => names.includes(local) && uri === content.uri)
      .map((inner) => ({ element: inner, account }));
  const inner = elementsAt(content, 'SubAcctDtls').flatMap((sub) =>
    under(sub, accountAt(elementReader(sub, []))),
  );
  return [...under(content, undefined), ...inner];
}
