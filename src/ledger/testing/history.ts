import type { EntryDraft } from '../../contract/entry.ts';
import { originText } from '../../contract/origin.ts';
import { isoOfMicros } from '../../core/clock.ts';
import { decimalText } from '../../core/decimal.ts';
import { type Event, encodeEvent, eventId } from '../../events/index.ts';

const start = 1_794_000_000_000_000;

export interface Fill {
  readonly exec: string;
  readonly account: string;
  readonly security: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly cents: number;
  readonly feeCents: number;
}

/** What one message of the order system says. */
export type Told =
  | { readonly what: 'fill'; readonly fill: Fill; readonly date?: string }
  | { readonly what: 'bust'; readonly exec: string; readonly of: Fill }
  | { readonly what: 'correction'; readonly exec: string; readonly of: string; readonly fill: Fill };

export function keyOf(exec: string): string {
  return `trade|OMS||2026-11-10|${exec}`;
}

/** The entry of one message; `ordinal` is its sequence number. */
export function entryOf(ordinal: number, told: Told): EntryDraft {
  const origin = { scope: 'OPS-OMS/1/in', ordinal };
  const receivedAt = start + ordinal * 1_000;
  const common = {
    id: eventId('orders', originText(origin), 'trade', 0),
    channel: 'orders',
    perspective: 'ours' as const,
    origin: originText(origin),
    revision: 0,
    slot: 'trade',
    tenant: 'house',
    receivedAt: isoOfMicros(receivedAt),
  };
  const event = eventOfTold(common, told);
  const bytes = Buffer.from(JSON.stringify(told));
  return { kind: 'message', direction: 'in', origin, receivedAt, bytes, events: [encodeEvent(event)] };
}

type Common = Pick<
  Event,
  'id' | 'channel' | 'perspective' | 'origin' | 'revision' | 'slot' | 'tenant' | 'receivedAt'
>;

function eventOfTold(common: Common, told: Told): Event {
  if (told.what === 'bust') {
    const { account, security, side, quantity, cents } = told.of;
    return {
      ...common,
      account,
      security: { scheme: 'cusip', id: security },
      businessKey: `bust|OMS||2026-11-10|${told.exec}`,
      reverses: keyOf(told.of.exec),
      type: 'trade.busted',
      data: {
        execId: told.exec,
        side,
        quantity: String(quantity),
        price: money(cents),
        tradeDate: '2026-11-10',
      },
    };
  }
  const { fill } = told;
  const day = told.what === 'fill' ? (told.date ?? '2026-11-10') : '2026-11-10';
  const trade = {
    ...common,
    account: fill.account,
    security: { scheme: 'cusip', id: fill.security },
    data: {
      execId: told.what === 'fill' ? fill.exec : told.exec,
      side: fill.side,
      quantity: String(fill.quantity),
      price: money(fill.cents),
      currency: 'USD',
      tradeDate: day,
      settlementDate: '2026-11-12',
      charges: [{ type: 'commission', amount: money(fill.feeCents) }],
    },
  };
  if (told.what === 'fill') return { ...trade, businessKey: keyOf(fill.exec), type: 'trade.executed' };
  return { ...trade, businessKey: keyOf(told.exec), replaces: keyOf(told.of), type: 'trade.corrected' };
}

/** What stands on each account once these fills count, and nothing else: `account unit` to decimal text. */
export function balancesOf(fills: readonly Fill[]): ReadonlyMap<string, string> {
  const units = new Map<string, bigint>();
  const add = (key: string, cents: bigint): void => void units.set(key, (units.get(key) ?? 0n) + cents);
  for (const { account, security, side, quantity, cents, feeCents } of fills) {
    const direction = side === 'buy' ? 1n : -1n;
    const shares = BigInt(quantity) * 100n * direction;
    const principal = BigInt(quantity * cents) * -direction;
    add(`customer:${account}:securities cusip:${security}`, shares);
    add(`street:unsettled:securities cusip:${security}`, -shares);
    add(`customer:${account}:cash USD`, principal - BigInt(feeCents));
    add('street:unsettled:cash USD', -principal);
    add('charges:commission USD', BigInt(feeCents));
  }
  const kept = [...units].filter(([, amount]) => amount !== 0n);
  return new Map(kept.map(([key, amount]) => [key, decimalText({ units: amount, scale: 2 })]));
}

function money(cents: number): string {
  return decimalText({ units: BigInt(cents), scale: 2 });
}

/** What a clearing firm reported at the close of 9 November: 500 shares and 1,000 dollars on A1. */
export function reportedEntries(): readonly EntryDraft[] {
  const basis = 'trade-date';
  const position = { basis, quantity: '500', snapshot: 'POS/2026-11-09' };
  const cash = { basis, amount: '1000', currency: 'USD', snapshot: 'CASH/2026-11-09' };
  const security = { scheme: 'cusip', id: '990000108' };
  return [
    keyed('positions', 'clearer', 'row-1', {
      account: 'A1',
      security,
      type: 'position.reported',
      data: position,
    }),
    keyed('positions', 'clearer', 'row-2', { account: 'A1', type: 'cash.reported', data: cash }),
    ...[
      { kind: 'positions', snapshot: position.snapshot },
      { kind: 'cash', snapshot: cash.snapshot },
    ].map((data) =>
      keyed('positions', 'clearer', `end-${data.kind}`, {
        asOf: '2026-11-09',
        type: 'snapshot.closed',
        data: { ...data, cutAt: '2026-11-09T23:00:00Z' },
      }),
    ),
  ];
}

/** A person takes it as the opening book. */
export function adoption(): EntryDraft {
  const data = {
    snapshot: 'POS/2026-11-09',
    sourceChannel: 'positions',
    cashSnapshot: 'CASH/2026-11-09',
    cashChannel: 'positions',
    approvedBy: 'ann',
  };
  return keyed('gateway', 'ours', 'adopt', { asOf: '2026-11-09', type: 'baseline.adopted', data });
}

type Said = Pick<Event, 'type' | 'data'> & Partial<Event>;

function keyed(channel: string, perspective: Event['perspective'], key: string, said: Said): EntryDraft {
  const origin = { scope: 'test', key };
  const event = {
    id: eventId(channel, originText(origin), 'row', 0),
    channel,
    perspective,
    origin: originText(origin),
    revision: 0,
    slot: 'row',
    tenant: 'house',
    receivedAt: isoOfMicros(start),
    ...said,
  } as Event;
  const bytes = Buffer.from(key);
  return { kind: 'message', direction: 'in', origin, receivedAt: start, bytes, events: [encodeEvent(event)] };
}
