// Made from catalogue.proto by generate.ts; change that file, run `node src/events/generate.ts`, commit both.
import type * as data from './catalogue.types.ts';

/** What each type of event says. */
export interface EventDataByType {
  readonly 'order.reported': data.OrderReported;
  readonly 'trade.executed': data.TradeExecuted;
  readonly 'trade.corrected': data.TradeExecuted;
  readonly 'trade.busted': data.TradeBusted;
  readonly 'trade.repeated': data.TradeRepeated;
  readonly 'trade.submitted': data.TradeReported;
  readonly 'trade.reported': data.TradeReported;
  readonly 'trade.compared': data.TradeCompared;
  readonly 'trade.uncompared': data.TradeCompared;
  readonly 'trade.dk': data.TradeCompared;
  readonly 'trade.allocated': data.TradeAllocated;
  readonly 'trade.confirmed': data.TradeConfirmed;
  readonly 'trade.affirmed': data.TradeConfirmed;
  readonly 'trade.cleared': data.TradeCleared;
  readonly 'trade.givenUp': data.TradeGivenUp;
  readonly 'trade.steppedOut': data.TradeGivenUp;
  readonly 'trade.accepted': data.TradeGivenUp;
  readonly 'trade.rejected': data.TradeGivenUp;
  readonly 'settlement.instructed': data.Settlement;
  readonly 'settlement.matched': data.Settlement;
  readonly 'settlement.pending': data.Settlement;
  readonly 'settlement.partial': data.Settlement;
  readonly 'settlement.settled': data.Settlement;
  readonly 'settlement.failed': data.Settlement;
  readonly 'settlement.reclaimed': data.Settlement;
  readonly 'settlement.cancelled': data.Settlement;
  readonly 'position.reported': data.PositionReported;
  readonly 'snapshot.closed': data.SnapshotClosed;
  readonly 'baseline.adopted': data.BaselineAdopted;
  readonly 'obligation.netted': data.Obligation;
  readonly 'price.reported': data.PriceReported;
  readonly 'snapshot.cancelled': data.SnapshotClosed;
  readonly 'securities.moved': data.SecuritiesMoved;
  readonly 'cash.reported': data.CashReported;
  readonly 'cash.moved': data.CashMoved;
  readonly 'cash.pending': data.CashMoved;
  readonly 'margin.required': data.Margin;
  readonly 'feed.expected': data.FeedExpected;
  readonly 'feed.arrived': data.FeedArrived;
  readonly 'feed.accepted': data.FeedAccepted;
  readonly 'feed.refused': data.FeedRefused;
  readonly 'session.up': data.SessionUp;
  readonly 'session.down': data.SessionDown;
  readonly 'session.gap': data.SessionGap;
  readonly 'day.closed': data.DayClosed;
  readonly 'message.rejected': data.MessageRejected;
  readonly 'message.refused': data.MessageRejected;
  readonly 'message.unknown': data.MessageUnknown;
  readonly 'instrument.described': data.InstrumentDescribed;
  readonly 'identifier.changed': data.IdentifierChanged;
  readonly 'corporateAction.announced': data.CorporateAction;
  readonly 'corporateAction.paid': data.CorporateAction;
  readonly 'corporateAction.reversed': data.CorporateAction;
  readonly 'corporateAction.updated': data.CorporateAction;
  readonly 'corporateAction.elected': data.CorporateAction;
  readonly 'claim.opened': data.CorporateAction;
  readonly 'claim.closed': data.CorporateAction;
  readonly 'transfer.requested': data.Transfer;
  readonly 'transfer.rejected': data.Transfer;
  readonly 'transfer.settled': data.Transfer;
  readonly 'transfer.reversed': data.Transfer;
  readonly unknown: data.UnknownData;
}

/** The field of the catalogue that holds the data of each type, in its order. */
export const eventFields = {
  'order.reported': 'order_reported',
  'trade.executed': 'trade_executed',
  'trade.corrected': 'trade_corrected',
  'trade.busted': 'trade_busted',
  'trade.repeated': 'trade_repeated',
  'trade.submitted': 'trade_submitted',
  'trade.reported': 'trade_reported',
  'trade.compared': 'trade_compared',
  'trade.uncompared': 'trade_uncompared',
  'trade.dk': 'trade_dk',
  'trade.allocated': 'trade_allocated',
  'trade.confirmed': 'trade_confirmed',
  'trade.affirmed': 'trade_affirmed',
  'trade.cleared': 'trade_cleared',
  'trade.givenUp': 'trade_given_up',
  'trade.steppedOut': 'trade_stepped_out',
  'trade.accepted': 'trade_accepted',
  'trade.rejected': 'trade_rejected',
  'settlement.instructed': 'settlement_instructed',
  'settlement.matched': 'settlement_matched',
  'settlement.pending': 'settlement_pending',
  'settlement.partial': 'settlement_partial',
  'settlement.settled': 'settlement_settled',
  'settlement.failed': 'settlement_failed',
  'settlement.reclaimed': 'settlement_reclaimed',
  'settlement.cancelled': 'settlement_cancelled',
  'position.reported': 'position_reported',
  'snapshot.closed': 'snapshot_closed',
  'baseline.adopted': 'baseline_adopted',
  'obligation.netted': 'obligation_netted',
  'price.reported': 'price_reported',
  'snapshot.cancelled': 'snapshot_cancelled',
  'securities.moved': 'securities_moved',
  'cash.reported': 'cash_reported',
  'cash.moved': 'cash_moved',
  'cash.pending': 'cash_pending',
  'margin.required': 'margin_required',
  'feed.expected': 'feed_expected',
  'feed.arrived': 'feed_arrived',
  'feed.accepted': 'feed_accepted',
  'feed.refused': 'feed_refused',
  'session.up': 'session_up',
  'session.down': 'session_down',
  'session.gap': 'session_gap',
  'day.closed': 'day_closed',
  'message.rejected': 'message_rejected',
  'message.refused': 'message_refused',
  'message.unknown': 'message_unknown',
  'instrument.described': 'instrument_described',
  'identifier.changed': 'identifier_changed',
  'corporateAction.announced': 'corporate_action_announced',
  'corporateAction.paid': 'corporate_action_paid',
  'corporateAction.reversed': 'corporate_action_reversed',
  'corporateAction.updated': 'corporate_action_updated',
  'corporateAction.elected': 'corporate_action_elected',
  'claim.opened': 'claim_opened',
  'claim.closed': 'claim_closed',
  'transfer.requested': 'transfer_requested',
  'transfer.rejected': 'transfer_rejected',
  'transfer.settled': 'transfer_settled',
  'transfer.reversed': 'transfer_reversed',
} as const;

/** All types that this version knows. */
export const eventTypes = Object.keys(eventFields) as readonly (keyof typeof eventFields)[];
