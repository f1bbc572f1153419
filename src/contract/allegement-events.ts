import type { Event } from '../events/event.ts';
import { businessKeyText } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import type { AllegementReport, AllegementStatement, SettlementAllegement } from './settlement-allegement.ts';
import {
  detailsData,
  freeSlot,
  namesOf,
  saidBy,
  settlementAttributes,
  settlementKey,
} from './settlement-attributes.ts';

/**
 * What an allegement means: `settlement.pending`, because a counterparty waits for an instruction; where it is taken back
 * or has found its instruction `settlement.cancelled`, with what it undoes in `reverses`. No instruction of the account
 * owner is named, so the key is of the kind `allegement` and goes by the market's reference, else by the message's own.
 * The last page of a statement closes its snapshot.
 */
export function allegementEvents(said: AllegementReport, context: NormalizeContext): readonly Event[] {
  const taken = new Set<string>();
  const events = said.allegements.map((one) =>
    allegementEvent(said, one, freeSlot(`allegement-${nameOf(said, one)}`, taken), context),
  );
  return said.statement?.last === true ? [...events, closing(said, said.statement, context)] : events;
}

function allegementEvent(
  said: AllegementReport,
  allegement: SettlementAllegement,
  slot: string,
  context: NormalizeContext,
): Event {
  const { details, previousId } = allegement;
  const { type, status } = meanings[allegement.action];
  const reportedBy = saidBy(context, said.sender);
  const key = (name: string, side: string) => settlementKey(context, reportedBy, name, side, 'allegement');
  const named = marketName(allegement);
  const undone = named ?? previousId;
  const attributes = {
    ...settlementAttributes({ account: said.statement?.account, ...defined(details) }, said.preparedAt),
    reportedBy,
    businessKey: key(nameOf(said, allegement), status),
    reverses: type === 'settlement.pending' || undone === undefined ? undefined : key(undone, 'ALLE'),
  };
  const data = {
    ...namesOf(allegement.related),
    previousId,
    ...detailsData(details),
    status,
    messageId: said.messageId,
    text: details.text,
  };
  return eventOf(context, slot, type, attributes, data);
}

const meanings = {
  new: { type: 'settlement.pending', status: 'ALLE' },
  cancel: { type: 'settlement.cancelled', status: 'CAND' },
  remove: { type: 'settlement.cancelled', status: 'REMO' },
  reject: { type: 'settlement.cancelled', status: 'REJT' },
} as const;

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function marketName({ related = [] }: SettlementAllegement): string | undefined {
  return related.find(({ by }) => by !== 'trade')?.id ?? related[0]?.id;
}

function nameOf(said: AllegementReport, allegement: SettlementAllegement): string {
  return marketName(allegement) ?? said.messageId;
}

function closing(said: AllegementReport, statement: AllegementStatement, context: NormalizeContext): Event {
  const reportedBy = saidBy(context, said.sender);
  const { account, asOf, completeness, page, number } = statement;
  const snapshot = [reportedBy ?? '', account ?? '', asOf ?? ''].join(' ').trim();
  const attributes = {
    reportedBy,
    account,
    businessKey: businessKeyText({
      kind: 'snapshot',
      reportedBy,
      scope: context.keyScope,
      id: `allegements ${account ?? ''}`,
      side: asOf,
    }),
    asOf,
    occurredAt: said.preparedAt,
  };
  return eventOf(context, 'closed', 'snapshot.closed', attributes, {
    kind: 'allegements',
    snapshot,
    completeness,
    pages: page,
    reportId: said.messageId,
    statement: number,
  });
}
