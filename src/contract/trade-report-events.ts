import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import type { StatusSaid } from './settlement-status.ts';
import meanings from './trade-meanings.json' with { type: 'json' };
import type { TradeReport } from './trade-report.ts';
import {
  comparedData,
  confirmedData,
  executedData,
  reasonText,
  reportedData,
  type Told,
  tradeAttributes,
} from './trade-report-data.ts';

/**
 * What a message about a trade means. A confirmation whose codes are a clearing corporation's is an instruction to it:
 * `trade.submitted`, or `trade.dk`; one with a regulator's is `trade.reported`; any other one `trade.confirmed`. What the
 * clearing corporation tells is `trade.compared`, `trade.uncompared`, `trade.dk`, `trade.submitted` (it took what was sent) or
 * `message.rejected`. A code that no meaning is known of is `message.unknown`, so that it is seen. The business key is who
 * says it, the trade, and what is said: a status that comes later is another fact, not a conflict. Source of the
 * meanings: `trade-meanings.json`.
 */
export function tradeReportEvents(
  said: TradeReport,
  context: NormalizeContext,
  standard: string,
  messageType: string,
): readonly Event[] {
  switch (said.kind) {
    case 'status':
      return statusEvents(said, context, standard, messageType);
    case 'confirmation':
    case 'contra':
      return [confirmationEvent(said, context, standard, messageType)];
    case 'affirmation': {
      const told: Told = {
        action: actionOf(said),
        status: said.statuses?.[0]?.code ?? 'AFFI',
        side: 'affirmed',
      };
      const attributes = tradeAttributes(said, told.side, context);
      return [eventOf(context, 'affirmation', 'trade.affirmed', attributes, confirmedData(said, told))];
    }
    case 'execution': {
      const attributes = tradeAttributes(said, `execution ${said.function}`, context);
      return [eventOf(context, 'execution', 'order.reported', attributes, executedData(said))];
    }
    case 'allocation':
      return [allocationEvent(said, context)];
  }
}

function confirmationEvent(
  said: TradeReport,
  context: NormalizeContext,
  standard: string,
  messageType: string,
): Event {
  const scheme = said.process?.scheme || said.tradeType?.scheme || '';
  if (meanings.reporting.includes(scheme)) {
    const told: Told = {
      action: actionOf(said),
      status: said.process?.code,
      side: `reported ${actionOf(said)}`,
    };
    const attributes = tradeAttributes(said, told.side, context);
    return eventOf(context, 'report', 'trade.reported', attributes, reportedData(said, told, scheme));
  }
  const code = said.process?.code;
  if (meanings.clearing.includes(scheme)) {
    const own = code ?? (said.kind === 'contra' ? '' : said.function === 'CANC' ? 'CANC' : 'INST');
    return toldEvent(said, context, 'trade', processes.get(own), {
      unknown: `${messageType} PROC/${scheme}/${own}`,
      standard,
      status: own,
      side: `PROC/${own}`,
      code: '',
    });
  }
  const action = actionOf(said);
  const told: Told = { action, status: code, side: `confirmed ${action}` };
  const attributes = tradeAttributes(said, told.side, context);
  return eventOf(context, 'confirmation', 'trade.confirmed', attributes, confirmedData(said, told));
}

interface Meaning {
  readonly event: string;
  readonly action: string;
}

const processes: ReadonlyMap<string, Meaning> = new Map(Object.entries(meanings.processes));
const statuses: ReadonlyMap<string, Meaning> = new Map(Object.entries(meanings.statuses));

function statusEvents(
  said: TradeReport,
  context: NormalizeContext,
  standard: string,
  messageType: string,
): readonly Event[] {
  const slots = new Set<string>();
  return (said.statuses ?? []).flatMap((status) => {
    const side = [`${status.kind}/${status.scheme ?? ''}/${status.code}`, reasonText(status.reasons)]
      .filter((part) => part !== '')
      .join(' ');
    if (slots.has(side)) return [];
    slots.add(side);
    const known = isKnown(status.scheme) ? statuses.get(`${status.kind}/${status.code}`) : undefined;
    if (known?.event === 'refused') return [refusal(said, status, side, known.action, context)];
    return [
      toldEvent(said, context, side, known, {
        unknown: `${messageType} ${side}`,
        standard,
        status: status.code,
        side,
        code: reasonText(status.reasons),
      }),
    ];
  });
}

function isKnown(scheme = ''): boolean {
  return scheme === '' || meanings.clearing.includes(scheme) || meanings.reporting.includes(scheme);
}

/** What of ours is refused: of a modification or a DK the narrative says so (`/GSCC/MDRJ`, `/GSCC/DKRJ`). */
function refusal(
  said: TradeReport,
  { code, reasons = [] }: StatusSaid,
  side: string,
  what: string,
  context: NormalizeContext,
): Event {
  const text = reasons.flatMap((reason) => (reason.text === undefined ? [] : [reason.text])).join('; ');
  const kind = /\bMDRJ\b/.test(text) ? 'change' : /\bDKRJ\b/.test(text) ? 'dk' : what;
  const type = context.direction === 'in' ? 'message.rejected' : 'message.refused';
  const related = said.references.find(({ by }) => by === 'RELA') ?? said.references[0];
  return eventOf(context, side, type, tradeAttributes(said, side, context), {
    code: reasonText(reasons) || code,
    text,
    referenceType: kind,
    referenceId: related?.id,
  });
}

interface Telling {
  readonly unknown: string;
  readonly standard: string;
  readonly status: string;
  readonly side: string;
  readonly code: string;
}

function toldEvent(
  said: TradeReport,
  context: NormalizeContext,
  slot: string,
  meaning: Meaning | undefined,
  telling: Telling,
): Event {
  const { unknown, standard, status, side } = telling;
  const attributes = tradeAttributes(said, side, context);
  const type = comparisons.find((one) => one === meaning?.event);
  const code = telling.code || reasonText(said.trade?.reasons);
  const told: Told = { action: meaning?.action, status, side, code };
  if (type !== undefined) return eventOf(context, slot, type, attributes, comparedData(said, told));
  if (meaning?.event === 'trade.submitted')
    return eventOf(context, slot, 'trade.submitted', attributes, reportedData(said, told));
  if (meaning?.event === 'trade.affirmed' || meaning?.event === 'trade.confirmed')
    return eventOf(context, slot, meaning.event, attributes, confirmedData(said, told));
  return eventOf(context, slot, 'message.unknown', attributes, { standard, messageType: unknown });
}

const comparisons = ['trade.compared', 'trade.uncompared', 'trade.dk'] as const;

/** CANC and CAST cancel, REPL replaces; everything else is new. */
function actionOf({ function: name }: TradeReport): string {
  return name === 'CANC' || name === 'CAST' ? 'cancel' : name === 'REPL' ? 'replace' : 'new';
}

function allocationEvent(said: TradeReport, context: NormalizeContext): Event {
  const { trade = {}, references } = said;
  const action = actionOf(said);
  const attributes = tradeAttributes(said, `allocated ${action}`, context);
  const own = references.find(({ by }) => by === 'MAST' || by === 'INDX') ?? references[0];
  return eventOf(context, 'allocation', 'trade.allocated', attributes, {
    blockId: own?.id,
    secondaryId: said.messageId,
    referenceId: references.find(({ by }) => by === 'PREV')?.id,
    action,
    stage: 'instruction',
    side: trade.side,
    quantity: trade.quantity,
    averagePrice: trade.price,
    tradeDate: trade.tradeDate,
    settlementDate: trade.settlementDate,
    net: trade.net,
    allocations: (trade.parties ?? [])
      .filter(({ role }) => role === 'INVE' || role === 'BUYR')
      .map(({ id, account, reference }) => ({
        account: account ?? id,
        id: reference,
        quantity: trade.quantity,
        price: trade.price,
        net: trade.net,
      }))
      .slice(0, 1),
    text: trade.text,
  });
}
