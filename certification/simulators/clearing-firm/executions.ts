import assert from 'node:assert/strict';
import {
  priceNear,
  type SimulatedSecurity,
  simulatedAccounts,
  simulatedFirm,
  simulatedSecurities,
  wirePrice,
} from './market.ts';
import type { MorningOptions } from './morning.ts';
import { type Seeded, seeded } from './seeded.ts';

/** One execution as the clearing firm knows it. Quantities in shares, prices in hundredths of a dollar. */
export interface Execution {
  readonly kind: 'fill' | 'bust' | 'correction';
  /** ExecID(17). */
  readonly id: string;
  /** ExecRefID(19): what a bust or a correction is about. */
  readonly reference: string | undefined;
  readonly order: string;
  readonly clientOrder: string;
  readonly account: string;
  readonly security: SimulatedSecurity;
  readonly side: 'buy' | 'sell' | 'sell-short';
  readonly ordered: number;
  readonly quantity: number;
  readonly cents: number;
  /** CumQty(14) and the sum of quantity times price behind it, in share-hundredths. */
  readonly cumulative: number;
  readonly turnover: number;
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** TransactTime(60), in milliseconds since midnight UTC. */
  readonly atMs: number;
  /** One of the two fills that differ in ExecID(17) alone. */
  readonly twin: boolean;
}

/** The body of a FIX message: its fields in the order of the wire, without what a session adds. */
export type FixBody = readonly (readonly [tag: number, value: string])[];

interface OpenOrder {
  readonly id: string;
  readonly clientOrder: string;
  readonly account: string;
  readonly security: SimulatedSecurity;
  readonly side: Execution['side'];
  readonly ordered: number;
  filled: number;
  turnover: number;
}

/** 13:30 UTC to 17:00 UTC: the morning, in milliseconds. */
const opensMs = 13.5 * 3_600_000;
const lastsMs = 3.5 * 3_600_000;

/** The fills of a morning, in the order of their time; at one tenth of it stands the pair of twins. */
export function fills(options: MorningOptions): Execution[] {
  const random = seeded(options.seed);
  const orders: OpenOrder[] = [];
  const all: Execution[] = [];
  const twinAt = Math.floor(options.executions * 0.1);
  for (let index = 0; index < options.executions; index += 1) {
    const before = all[index - 1];
    if (index === twinAt + 1 && before !== undefined) {
      all.push({ ...before, id: execId(options.seed, index) });
      continue;
    }
    const order = openOrder(orders, random, options.seed);
    all.push({ ...fillOf(order, index, random, options), twin: index === twinAt });
  }
  return all;
}

/** ExecutionReport(8) of FIX 4.4, without its header and trailer. */
export function reportOf(execution: Execution): FixBody {
  const leaves = execution.kind === 'bust' ? 0 : execution.ordered - execution.cumulative;
  const types = { fill: 'F', correction: 'G', bust: 'H' } as const;
  return [
    [37, execution.order],
    [11, execution.clientOrder],
    [17, execution.id],
    ...(execution.reference === undefined ? [] : ([[19, execution.reference]] as const)),
    [150, types[execution.kind]],
    [39, execution.kind === 'bust' ? '4' : leaves > 0 ? '1' : '2'],
    [1, execution.account],
    [55, execution.security.symbol],
    [48, execution.security.id],
    [22, '1'],
    [54, { buy: '1', sell: '2', 'sell-short': '5' }[execution.side]],
    [38, String(execution.ordered)],
    [32, String(execution.quantity)],
    [31, wirePrice(execution.cents)],
    [151, String(leaves)],
    [14, String(execution.cumulative)],
    [6, averagePrice(execution)],
    [75, execution.tradeDate.replaceAll('-', '')],
    [64, execution.settlementDate.replaceAll('-', '')],
    [60, wireTime(execution)],
    [15, 'USD'],
    [30, simulatedFirm.venue],
    [12, wirePrice(Math.ceil(execution.quantity / 2))],
    [13, '3'],
    [453, '2'],
    [448, simulatedFirm.executing],
    [447, 'D'],
    [452, '1'],
    [448, simulatedFirm.clearer],
    [447, 'D'],
    [452, '4'],
  ];
}

function execId(seed: number, index: number): string {
  return `${seed}E${String(index + 1).padStart(6, '0')}`;
}

/** An order with room left, or a new one: about two fills an order. */
function openOrder(orders: OpenOrder[], random: Seeded, seed: number): OpenOrder {
  const last = orders.at(-1);
  if (last !== undefined && last.filled < last.ordered && random.below(100) < 60) return last;
  const number = String(orders.length + 1).padStart(6, '0');
  const order: OpenOrder = {
    id: `${seed}O${number}`,
    clientOrder: `${seed}K${number}`,
    account: random.pick(simulatedAccounts()),
    security: random.pick(simulatedSecurities()),
    side: random.pick(['buy', 'buy', 'sell', 'sell', 'sell-short']),
    ordered: random.between(1, 40) * 100,
    filled: 0,
    turnover: 0,
  };
  orders.push(order);
  return order;
}

function fillOf(order: OpenOrder, index: number, random: Seeded, options: MorningOptions): Execution {
  const left = order.ordered - order.filled;
  const quantity = left <= 100 || random.below(3) === 0 ? left : random.between(1, left / 100 - 1) * 100;
  const cents = priceNear(order.security, random);
  order.filled += quantity;
  order.turnover += quantity * cents;
  assert(order.filled <= order.ordered);
  return {
    kind: 'fill',
    id: execId(options.seed, index),
    reference: undefined,
    order: order.id,
    clientOrder: order.clientOrder,
    account: order.account,
    security: order.security,
    side: order.side,
    ordered: order.ordered,
    quantity,
    cents,
    cumulative: order.filled,
    turnover: order.turnover,
    tradeDate: options.tradeDate,
    settlementDate: options.settlementDate,
    atMs: opensMs + Math.floor((lastsMs * index) / options.executions),
    twin: false,
  };
}

/** AvgPx(6), in ten-thousandths, rounded down: as exact as the firm writes it. */
function averagePrice(execution: Execution): string {
  const tenThousandths = Math.floor((execution.turnover * 100) / execution.cumulative);
  const rest = String(tenThousandths % 10_000).padStart(4, '0');
  return `${Math.floor(tenThousandths / 10_000)}.${rest}`;
}

function wireTime(execution: Execution): string {
  const time = new Date(Date.parse(`${execution.tradeDate}T00:00:00Z`) + execution.atMs).toISOString();
  return `${execution.tradeDate.replaceAll('-', '')}-${time.slice(11, 23)}`;
}
