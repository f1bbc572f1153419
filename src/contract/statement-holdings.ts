import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import type { StatedHolding, StatedPrice, StatedTotal, StatementHead } from './statement.ts';
import {
  basisOf,
  completenessOf,
  pageAttributes,
  reportIdOf,
  rowKey,
  snapshotName,
  statedSecurity,
} from './statement-head.ts';

/**
 * What a holding of a page means: `position.reported` with what it consists of, and `price.reported` for each price.
 * `number` counts the holdings of the page from 1. The parts of a position stand inside of it and not beside it, so that
 * nothing is counted twice.
 */
export function holdingEvents(
  head: StatementHead,
  holding: StatedHolding,
  context: NormalizeContext,
  number: number,
): readonly Event[] {
  const { account = head.account, location, unit, quantity, prices = [], amounts = [] } = holding;
  const security = statedSecurity(holding);
  const { completeness, computed } = completenessOf(head);
  const basis = basisOf(head);
  const value = amounts.find(({ kind }) => kind === 'HOLD');
  const same = (kind: string): string | undefined =>
    amounts.find((one) => one.kind === kind && (value === undefined || one.currency === value.currency))
      ?.amount;
  const perUnit = prices.find(({ kind, type }) => kind === 'MRKT' && type === 'ACTU');
  const said = value?.currency ?? perUnit?.currency ?? amounts[0]?.currency;
  const attributes = {
    ...pageAttributes(head, context, account),
    businessKey: rowKey(head, context, 'position', [String(number), basis, account, security?.id, location]),
    security,
    unit,
    computed: computed ? ['data.completeness'] : undefined,
  };
  const position = eventOf(context, `holding-${number}`, 'position.reported', attributes, {
    basis,
    location,
    ...(quantity.startsWith('-') ? { short: quantity.slice(1) } : { long: quantity }),
    quantity,
    type: 'AGGR',
    snapshot: snapshotName(head),
    completeness,
    price: perUnit !== undefined && perUnit.currency === said ? perUnit.price : undefined,
    reportId: reportIdOf(head),
    value: value?.amount,
    currency: said,
    page: head.page,
    available: holding.available,
    notAvailable: holding.notAvailable,
    bookValue: same('BOOK'),
    accrued: same('ACRU'),
    balances: holding.balances,
    text: holding.text,
  });
  const told = prices.map((price, index) =>
    priceEvent(head, holding, price, context, `${number}-${index + 1}`),
  );
  return [position, ...told];
}

/** What a security is worth by the servicer's word. A price in percent has no currency, and says so. */
function priceEvent(
  head: StatementHead,
  holding: StatedHolding,
  { kind, type, price, currency, source, date }: StatedPrice,
  context: NormalizeContext,
  number: string,
): Event {
  const { reportedBy, occurredAt, occurredZone } = pageAttributes(head, context);
  const attributes = {
    reportedBy,
    occurredAt,
    occurredZone,
    asOf: date ?? head.at.slice(0, 10),
    security: statedSecurity(holding),
    computed: date === undefined ? ['asOf'] : undefined,
  };
  const basis = priceKinds.get(kind) ?? kind;
  return eventOf(context, `price-${number}`, 'price.reported', attributes, {
    price,
    currency,
    basis: type === 'ACTU' ? basis : `${basis} ${type}`,
    source,
  });
}

const priceKinds = new Map([
  ['MRKT', 'market'],
  ['INDC', 'indicative'],
]);

/**
 * A balance before or behind the transactions of a page. It names no snapshot: the holdings are told by another message,
 * and these are for the sums of this one.
 */
export function totalEvent(
  head: StatementHead,
  { account = head.account, kind, quantity, unit, location, ...named }: StatedTotal,
  context: NormalizeContext,
  number: number,
): Event {
  const opens = kind.endsWith('OP');
  const attributes = {
    ...pageAttributes(head, context, account),
    asOf: (opens ? (head.from ?? head.at) : head.at).slice(0, 10),
    security: statedSecurity(named),
    unit,
  };
  return eventOf(context, `balance-${number}-${kind}`, 'position.reported', attributes, {
    basis: basisOf(head),
    location,
    quantity,
    type: kind,
    reportId: reportIdOf(head),
    page: head.page,
  });
}
