import assert from 'node:assert/strict';
import {
  type RecordFile,
  type RecordValues,
  shippedLayout,
  writeRecordFile,
} from '../../../codecs/records/index.ts';
import { eventPrice, type SimulatedSecurity } from '../clearing-firm/market.ts';
import { netCents } from './charges.ts';
import type { Feed, TradeDayFile } from './files.ts';
import type { AccountType, CashRow, ObligationRow, PositionRow } from './rows.ts';
import type { Activity, Booking } from './their-activity.ts';
import {
  cutTime,
  dates,
  renamedSecurity,
  storyZone,
  theirSpelling,
  tradeDayNames,
  twoSpellings,
} from './world.ts';

/** The layouts of the feeds. */
export const feedLayouts: Readonly<Record<Feed, string>> = {
  positions: 'clearing-positions',
  cash: 'clearing-cash',
  activity: 'clearing-activity',
  'nscc-settlement': 'nscc-settlement',
};

/** How each feed calls its files in their headers. */
const fileIds: Readonly<Record<Feed, string>> = {
  positions: 'POSITIONS',
  cash: 'CASH',
  activity: 'ACTIVITY',
  'nscc-settlement': 'CNS',
};

/** `POSITIONS/2026-11-10/EOD/01`: the identity of a file in its own words. */
export function fileKey({ content, businessDate, cycle }: TradeDayFile): string {
  return [fileIds[content.feed], businessDate, cycle, '01'].join('/');
}

/** The bytes of a file, spoilt as the story has it. */
export function fileBytes(file: TradeDayFile): Uint8Array {
  const { layout } = shippedLayout(feedLayouts[file.content.feed]) ?? {};
  assert(layout !== undefined);
  const content: RecordFile = { header: headerOf(file), records: recordsOf(file) };
  if (file.spoilt === 'unbalanced') return writeRecordFile(layout, { ...content, trailer: wrongTotal });
  const bytes = writeRecordFile(layout, content);
  // In the middle of a record, as a transfer that broke off leaves it.
  return file.spoilt === 'cut' ? bytes.slice(0, Math.floor(bytes.length * 0.6) + 7) : bytes;
}

/** A total that the records of a cash file do not add up to. */
const wrongTotal: RecordValues = { totalTradeDateBalance: '1000.01' };

function headerOf({ content, businessDate, cycle, cutDate, createdAt }: TradeDayFile): RecordValues {
  return {
    fileId: fileIds[content.feed],
    firm: content.feed === 'nscc-settlement' ? 'NSCC' : 'SIMC',
    correspondent: tradeDayNames.correspondent,
    businessDate,
    cycle: cycle === 'SOD' ? 'start-of-day' : 'end-of-day',
    run: '01',
    createdAt,
    cutAt: `${cutDate}T${cutTime}:00`,
    cutZone: storyZone,
    environment: 'test',
  };
}

function recordsOf({ content, businessDate }: TradeDayFile): RecordFile['records'] {
  switch (content.feed) {
    case 'positions':
      return content.rows.map((row) => ({ type: 'POS', values: positionValues(row) }));
    case 'cash':
      return content.rows.map((row) => ({ type: 'CSH', values: cashValues(row) }));
    case 'nscc-settlement':
      return content.rows.map((row) => ({
        type: 'CNS',
        values: obligationValues(row, settlesAfter(businessDate)),
      }));
    case 'activity':
      return content.rows.map(activityRecord);
  }
}

function positionValues(row: PositionRow): RecordValues {
  return {
    account: row.account,
    accountType: row.accountType,
    cusip: row.cusip,
    symbol: row.symbol,
    tradeDateQuantity: String(row.tradeDate),
    settlementDateQuantity: String(row.settlementDate),
    price: eventPrice(row.cents),
    marketValue: eventPrice(row.tradeDate * row.cents),
    currency: 'USD',
  };
}

function cashValues(row: CashRow): RecordValues {
  return {
    account: row.account,
    accountType: row.accountType,
    tradeDateBalance: eventPrice(row.tradeDate),
    settlementDateBalance: eventPrice(row.settlementDate),
    currency: 'USD',
  };
}

/** T+1, over the 11th on which the depository is closed. */
function settlesAfter(businessDate: string): string {
  return businessDate < dates.first ? dates.first : dates.settlement;
}

function obligationValues(row: ObligationRow, settlementDate: string): RecordValues {
  return {
    participant: tradeDayNames.participant,
    subAccount: '0001',
    cusip: row.cusip,
    opening: String(row.opening),
    settling: String(row.settling),
    miscellaneous: String(row.miscellaneous),
    closing: String(row.closing),
    value: eventPrice(row.closing * row.cents),
    mark: eventPrice(row.markCents),
    settlementDate,
    currency: 'USD',
  };
}

function activityRecord(activity: Activity): RecordFile['records'][number] {
  switch (activity.record) {
    case 'trade':
      return { type: 'TRD', values: tradeValues(activity.booking, activity.asOf) };
    case 'cancel':
      return { type: 'CXL', values: cancelValues(activity.booking) };
    case 'reject':
      return { type: 'REJ', values: rejectValues(activity.booking, activity.bookedAccount) };
    case 'transfer':
      return { type: 'XFR', values: transferValues(activity) };
    case 'split':
      return { type: 'CAS', values: splitValues(activity) };
    case 'rename':
      return { type: 'IDC', values: renameValues(activity.cusip) };
  }
}

function tradeValues(booking: Booking, asOf: string | undefined): RecordValues {
  const { commission, secFee, taf } = booking.charges;
  return {
    ...bookingValues(booking),
    tradeNumber: booking.number,
    gross: eventPrice(booking.quantity * booking.cents),
    commission: eventPrice(commission),
    secFee: eventPrice(secFee),
    taf: eventPrice(taf),
    net: eventPrice(netOf(booking)),
    asOfDate: asOf,
    rebillOf: asOf === undefined ? undefined : booking.number.replace(/R$/, ''),
    currency: 'USD',
  };
}

function cancelValues(booking: Booking): RecordValues {
  return {
    ...bookingValues(booking),
    cancelNumber: `${booking.number}C`,
    tradeNumber: booking.number,
    net: eventPrice(-netOf(booking)),
    asOfDate: booking.tradeDate,
    currency: 'USD',
    text: 'PRICE CORRECTION, SEE REBILL',
  };
}

function rejectValues(booking: Booking, bookedAccount: string): RecordValues {
  return {
    ...bookingValues(booking),
    tradeNumber: booking.number,
    bookedAccount,
    reason: 'R104',
    text: 'ACCOUNT NOT OPEN FOR TRADING',
  };
}

function bookingValues(booking: Booking): RecordValues {
  return {
    account: booking.account,
    accountType: 'margin' satisfies AccountType,
    execId: booking.reference,
    cusip: booking.security.id,
    symbol: symbolOf(booking.security),
    side: booking.side,
    quantity: String(booking.quantity),
    price: eventPrice(booking.cents),
    tradeDate: booking.tradeDate,
    settlementDate: booking.settlementDate,
  };
}

function transferValues(activity: Extract<Activity, { record: 'transfer' }>): RecordValues {
  return {
    account: activity.account,
    accountType: 'margin' satisfies AccountType,
    controlNumber: activity.number,
    direction: 'in',
    transferKind: 'partial',
    contraFirm: '0226',
    cusip: activity.security.id,
    symbol: symbolOf(activity.security),
    quantity: String(activity.quantity),
    amount: '0',
    currency: 'USD',
    settlementDate: dates.first,
    text: 'INCOMING ACCOUNT TRANSFER',
  };
}

function splitValues(activity: Extract<Activity, { record: 'split' }>): RecordValues {
  return {
    account: activity.account,
    accountType: 'margin' satisfies AccountType,
    eventId: activity.event,
    actionKind: 'split',
    cusip: activity.security.id,
    symbol: symbolOf(activity.security),
    ratioNew: '2',
    ratioOld: '1',
    exDate: dates.second,
    recordDate: dates.first,
    payDate: dates.second,
    held: String(activity.held),
    quantity: String(activity.held),
    amount: '0',
    currency: 'USD',
    text: 'SPLIT 2 FOR 1',
  };
}

function renameValues(cusip: string): RecordValues {
  return {
    formerCusip: renamedSecurity.id,
    formerSymbol: renamedSecurity.symbol,
    cusip,
    symbol: renamedSecurity.symbol,
    effectiveDate: dates.second,
    reason: 'CHGE',
    text: 'CUSIP CHANGE, SAME SYMBOL',
  };
}

/** Signed, plus means that the account receives, in hundredths of a dollar. */
function netOf(booking: Booking): number {
  const net = netCents(booking, booking.charges);
  return booking.side === 'buy' ? -net : net;
}

function symbolOf(security: SimulatedSecurity): string {
  return security === twoSpellings ? theirSpelling : security.symbol;
}
