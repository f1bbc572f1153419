import { type Execution, fills } from '../../certification/simulators/clearing-firm/executions.ts';
import { morningDefaults } from '../../certification/simulators/clearing-firm/morning.ts';
import type { Entry } from '../../src/contract/entry.ts';
import type { Event } from '../../src/events/event.ts';
import { decodeEvent } from '../../src/events/index.ts';

/** The executions that a firm sends, in the order in which it sends them. */
export function executionsOf(seed: number, count: number): readonly Execution[] {
  return fills({ ...morningDefaults, seed, executions: count });
}

/** One execution as one line: what the generator knows of it and what the log says of it must be the same text. */
export function truthLine(execution: Execution): string {
  const type = { fill: 'executed', correction: 'corrected', bust: 'busted' }[execution.kind];
  const price = plain(
    `${Math.floor(execution.cents / 100)}.${String(execution.cents % 100).padStart(2, '0')}`,
  );
  return `trade.${type} ${execution.id} ${execution.account} ${execution.side} ${execution.quantity} @ ${price}`;
}

/** The lines of the events of these entries, in their order. */
export function eventLines(entries: readonly Entry[]): string[] {
  return entries
    .flatMap(({ events }) => events.map((bytes) => eventLine(decodeEvent(bytes))))
    .filter(isTrade);
}

function eventLine(event: Event): string {
  if (event.type !== 'trade.executed' && event.type !== 'trade.corrected' && event.type !== 'trade.busted') {
    return event.type;
  }
  const { execId, side, quantity, price } = event.data;
  return `${event.type} ${execId} ${event.account} ${side} ${plain(quantity ?? '')} @ ${plain(price ?? '')}`;
}

function isTrade(line: string): boolean {
  return line.startsWith('trade.');
}

/** A decimal without zeros that say nothing. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** The first differences of two lists of lines, readable; empty when they are the same. */
export function differences(truth: readonly string[], told: readonly string[]): string[] {
  const found: string[] = [];
  const times = new Map<string, number>();
  for (const line of told) times.set(line, (times.get(line) ?? 0) + 1);
  const lost = truth.filter((line) => !times.has(line));
  const doubled = [...times].filter(([, count]) => count > 1).map(([line]) => line);
  const expected = new Set(truth);
  const invented = [...times.keys()].filter((line) => !expected.has(line));
  for (const [what, lines] of Object.entries({ lost, doubled, invented })) {
    if (lines.length > 0) found.push(`${lines.length} ${what}, the first: ${lines[0]}`);
  }
  const at = truth.findIndex((line, index) => told[index] !== line);
  if (found.length === 0 && (at >= 0 || told.length !== truth.length)) {
    found.push(`another order from number ${at} on: ${told[at]} instead of ${truth[at]}`);
  }
  return found;
}
