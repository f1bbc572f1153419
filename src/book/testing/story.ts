import type { EntryDraft } from '../../contract/entry.ts';
import type { Log } from '../../contract/log.ts';
import { eventOf, type GivenAttributes } from '../../contract/normalize.ts';
import { microsOfIso } from '../../core/clock.ts';
import {
  businessKeyText,
  type Event,
  type EventDataByType,
  type EventType,
  encodeEvent,
  type Perspective,
} from '../../events/index.ts';
import { memoryLog, openProjections, type Projections } from '../../log/index.ts';
import { type BookOptions, bookProjection } from '../projection.ts';
import { BookView } from '../view.ts';

/** One event of a story; the story gives it its message, id and time. */
export interface Told<T extends EventType = EventType> {
  readonly type: T;
  readonly slot?: string;
  readonly attributes: GivenAttributes;
  readonly data: EventDataByType[T];
}

/** What one message says, and who sends it where. */
export interface Message {
  readonly channel: string;
  readonly perspective: Perspective;
  readonly ordinal: number;
  readonly at?: string;
  readonly told: readonly Told[];
}

/** The noon of 10 November 2026 in New York. */
const noon = '2026-11-10T17:00:00Z';

/** A log that is told message by message: the same channel and ordinal again is a revision. */
export class Story {
  readonly log: Log;
  /** Offset of each entry, in order. */
  readonly offsets: number[] = [];
  private readonly revisions = new Map<string, number>();

  constructor(log: Log = memoryLog()) {
    this.log = log;
  }

  /** Gives the offset of the entry. */
  async tell(message: Message): Promise<number> {
    const { channel, ordinal } = message;
    const name = `${channel} ${ordinal}`;
    const revision = (this.revisions.get(name) ?? -1) + 1;
    this.revisions.set(name, revision);
    const [appended] = await this.log.append(channel, [draftOf(message, revision)]);
    const offset = appended?.offset ?? 0;
    this.offsets.push(offset);
    return offset;
  }
}

export function draftOf(message: Message, revision = 0): EntryDraft {
  const { channel, perspective, ordinal, at = noon, told } = message;
  const origin = { scope: 'day', ordinal };
  const receivedAt = microsOfIso(at) ?? 0;
  const context = {
    channel,
    perspective,
    tenant: 'house',
    direction: 'in',
    origin,
    revision,
    receivedAt,
    zone: 'America/New_York',
  } as const;
  const events = told.map((one, index) =>
    eventOf(context, one.slot ?? `event-${index}`, one.type, one.attributes, one.data),
  );
  return {
    kind: revision === 0 ? 'message' : 'revision',
    direction: 'in',
    origin,
    receivedAt,
    bytes: Buffer.from(`${channel} ${ordinal} ${revision}`),
    events: events.map((event) => encodeEvent(event as Event)),
    ...(revision > 0 && { revision, revises: origin }),
  };
}

export interface Opened {
  readonly views: Projections;
  readonly book: BookView;
}

export async function openedBook(log: Log, directory: string, options: BookOptions = {}): Promise<Opened> {
  const views = await openProjections(directory, log, { projections: [bookProjection(options)] });
  await views.catchUp();
  return { views, book: new BookView(views.store) };
}

export interface Fill {
  readonly exec: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly account?: string;
  readonly cusip?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly charges?: readonly { readonly type: string; readonly amount: string }[];
  readonly net?: string;
  readonly occurredAt?: string;
  /** ExecID of the fill whose place it takes, or that it undoes. */
  readonly about?: string;
}

export function tradeKey(exec: string, tradeDate = '2026-11-10'): string {
  return businessKeyText({ kind: 'trade', reportedBy: 'FIRM', tradeDate, id: exec });
}

export function fill(given: Fill): Told {
  const { about, tradeDate = '2026-11-10', account = 'A1', cusip = '990000108', exec, occurredAt } = given;
  const { side = 'buy', quantity = '100', price = '10' } = given;
  const { settlementDate, charges, net } = given;
  return {
    type: about === undefined ? 'trade.executed' : 'trade.corrected',
    attributes: {
      businessKey: tradeKey(exec, tradeDate),
      replaces: about === undefined ? undefined : tradeKey(about, tradeDate),
      account,
      occurredAt,
      security: { id: cusip, scheme: 'cusip', symbol: `S${cusip.slice(-3)}` },
    },
    data: {
      execId: exec,
      side,
      quantity,
      price,
      tradeDate,
      ...(settlementDate !== undefined && { settlementDate }),
      ...(charges !== undefined && { charges }),
      ...(net !== undefined && { net }),
    },
  };
}

export function bust(given: Fill): Told {
  const {
    about = '',
    tradeDate = '2026-11-10',
    account = 'A1',
    cusip = '990000108',
    exec,
    occurredAt,
  } = given;
  return {
    type: 'trade.busted',
    attributes: {
      businessKey: tradeKey(exec, tradeDate),
      reverses: tradeKey(about, tradeDate),
      account,
      occurredAt,
      security: { id: cusip, scheme: 'cusip' },
    },
    data: { execId: exec, referenceId: about, tradeDate },
  };
}

export const openingFile = 'POS/2026-11-10/start-of-day/01';
export const openingCashFile = 'CSH/2026-11-10/start-of-day/01';

/** A position of the clearer in both bases. */
export function position(
  account: string,
  cusip: string,
  [traded, settled]: readonly [string, string],
  snapshot = openingFile,
): readonly Told[] {
  const row = (basis: string, quantity: string): Told => ({
    type: 'position.reported',
    slot: basis,
    attributes: {
      account,
      accountType: 'margin',
      security: { id: cusip, scheme: 'cusip', symbol: 'THEIRS' },
    },
    data: { basis, quantity, snapshot, price: '10' },
  });
  return [row('trade-date', traded), row('settlement-date', settled)];
}

export function balance(
  account: string,
  [traded, settled]: readonly [string, string],
  snapshot = openingCashFile,
): readonly Told[] {
  const row = (basis: string, amount: string): Told => ({
    type: 'cash.reported',
    slot: basis,
    attributes: { account, accountType: 'margin' },
    data: { basis, amount, currency: 'USD', snapshot },
  });
  return [row('trade-date', traded), row('settlement-date', settled)];
}

/** The end of a file. One of the morning of the 10th was cut in the evening of the 9th. */
export function closed(kind: 'positions' | 'cash', snapshot: string, cycle = 'start-of-day'): Told {
  const opening = cycle === 'start-of-day';
  return {
    type: 'snapshot.closed',
    slot: 'closed',
    attributes: { businessDate: '2026-11-10', asOf: '2026-11-10' },
    data: {
      kind,
      snapshot,
      completeness: 'complete',
      cycle,
      cutAt: opening ? '2026-11-09T18:00:00-05:00' : '2026-11-10T18:00:00-05:00',
    },
  };
}

export function adopted(snapshot = openingFile, cashSnapshot = openingCashFile): Told {
  return {
    type: 'baseline.adopted',
    slot: 'baseline',
    attributes: { businessDate: '2026-11-10', asOf: '2026-11-10' },
    data: {
      snapshot,
      sourceChannel: 'positions',
      ...(cashSnapshot !== '' && { cashSnapshot, cashChannel: 'cash' }),
      approvedBy: 'ann',
      reason: 'the book opens with their close of the 9th',
    },
  };
}
