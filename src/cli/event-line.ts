import { type Event, maskedEvent } from '../events/index.ts';

/** One event in one line: its type, its account and what it says. Accounts are masked unless asked otherwise. */
export function eventLine(event: Event, unmasked: boolean): string {
  const shown = unmasked ? event : maskedEvent(event);
  const account = shown.account === undefined ? '' : `account ${shown.account}`;
  return [shown.type, eventText(shown), account].filter((part) => part !== '').join('  ');
}

/** What an event says, in a few words. Everything it says is in `--json`. */
export function eventText(event: Event): string {
  switch (event.type) {
    case 'trade.executed':
    case 'trade.corrected':
      return words(
        deal(event, event.data),
        event.data.execId,
        refersTo(event.data.referenceId),
        event.data.possiblyResent === true ? 'possibly resent' : undefined,
      );
    case 'trade.busted':
      return words(deal(event, event.data), event.data.execId, refersTo(event.data.referenceId));
    case 'trade.rejected':
      return words(
        deal(event, event.data),
        refersTo(event.data.referenceId),
        event.data.reason,
        event.data.text,
      );
    case 'trade.repeated':
      return words('again', event.data.repeats);
    case 'order.reported':
      return words(event.data.report, deal(event, event.data), event.data.orderId);
    case 'session.up':
      return words(event.data.session, `epoch ${event.data.epoch ?? 0}`, `next in ${event.data.nextIn ?? 1}`);
    case 'session.down':
      return words(event.data.session, event.data.reason);
    case 'session.gap':
      return words(
        event.data.session,
        `${event.data.from ?? '?'} to ${event.data.to ?? '?'}`,
        event.data.filled,
      );
    case 'position.reported':
      return words(
        symbolOf(event),
        basisText(event.data.basis),
        event.data.quantity ?? longShort(event.data),
        event.accountType,
      );
    case 'cash.reported':
      return words(event.data.currency, basisText(event.data.basis), event.data.amount, event.accountType);
    case 'cash.moved':
      return words(event.data.type, event.data.amount, event.data.currency);
    case 'snapshot.closed':
      return words(event.data.kind, event.data.snapshot, counted(event.data.count, 'record'));
    case 'obligation.netted':
      return words(symbolOf(event), 'closing', event.data.closing, settles(event.data.settlementDate));
    case 'settlement.instructed':
    case 'settlement.matched':
    case 'settlement.pending':
    case 'settlement.partial':
    case 'settlement.settled':
    case 'settlement.failed':
    case 'settlement.reclaimed':
    case 'settlement.cancelled':
      return words(
        event.data.delivery,
        event.data.quantity,
        symbolOf(event),
        event.data.instructionId,
        event.data.status,
        event.data.reason,
      );
    case 'feed.expected':
      return words(event.data.feed, event.data.fileKey, due(event.data.dueAt));
    case 'feed.arrived':
      return words(event.data.name ?? event.data.fileKey, counted(event.data.size, 'byte'));
    case 'feed.accepted':
      return words(event.data.name ?? event.data.fileKey, fileResult(event.data));
    case 'feed.refused':
      return words(event.data.name ?? event.data.fileKey, event.data.code, event.data.reason);
    case 'message.rejected':
    case 'message.refused':
      return words(event.data.code, event.data.text);
    case 'message.unknown':
      return words(event.data.standard, event.data.messageType);
    default:
      return words(symbolOf(event), event.businessKey);
  }
}

interface Deal {
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
}

function deal(event: Event, data: Deal): string {
  const at = data.price === undefined ? undefined : `@ ${data.price}`;
  return words(data.side, data.quantity, symbolOf(event), at);
}

interface FileResult {
  readonly records?: number;
  readonly quarantined?: number;
  readonly totals?: readonly string[];
}

function basisText(basis: string | undefined): string | undefined {
  return basis === undefined ? undefined : `by ${basis.replace('-', ' ')}`;
}

/** Both sides, where a reporter says no net quantity. */
function longShort({ long, short }: { readonly long?: string; readonly short?: string }): string {
  return words(
    long === undefined ? undefined : `long ${long}`,
    short === undefined ? undefined : `short ${short}`,
  );
}

function settles(date: string | undefined): string | undefined {
  return date === undefined ? undefined : `settles ${date}`;
}

/** `5 entries, 1 in quarantine, 3 records, total quantity 700`: whether all of a file is there, and if not, why. */
function fileResult({ records, quarantined, totals = [] }: FileResult): string {
  const held = (quarantined ?? 0) === 0 ? [] : [`${quarantined} in quarantine`];
  const said = [entriesText(records) ?? '', ...held, ...totals];
  return said.filter((part) => part !== '').join(', ');
}

/** Header and trailer are entries too, so these are more than what a file itself counts as its records. */
function entriesText(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${count} ${count === 1 ? 'entry' : 'entries'}`;
}

function counted(count: number | undefined, what: string): string | undefined {
  return count === undefined ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`;
}

function due(at: string | undefined): string | undefined {
  return at === undefined ? undefined : `due ${at}`;
}

function symbolOf(event: Event): string | undefined {
  return event.security?.symbol ?? event.security?.id;
}

function refersTo(reference: string | undefined): string | undefined {
  return reference === undefined ? undefined : `of ${reference}`;
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
