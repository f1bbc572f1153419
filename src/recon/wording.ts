import { addDecimals, type Decimal, readDecimal } from '../core/decimal.ts';
import { absolute, bases, cellOf, zero } from './amounts.ts';
import { chargedMore, chargesThatDiffer } from './compare-trades.ts';
import type { Told } from './findings.ts';
import {
  called,
  counted,
  dealText,
  movedText,
  securityText,
  shortSecurity,
  shown,
  size,
  timeText,
} from './phrases.ts';
import type { Cause, Day, Detail, Explanation, Trade } from './terms.ts';

/** The break in one sentence, with the numbers. `they` is the clearer. */
export function sentenceOf(told: Told, day: Day): string {
  const [{ cause, detail }] = told.explanations;
  if (cause === 'fee' && detail.about === 'trade') return feeSentence(told, day);
  switch (detail.about) {
    case 'trade':
      return tradeSentence(cause, detail, day, told);
    case 'posting':
      return postingSentence(cause, detail, told, day);
    case 'name':
      return nameSentence(detail, told, day);
    case 'ratio':
      return ratioSentence(detail, told, day);
    case 'cell':
      return cause === 'unknown-security'
        ? unknownSecurity(detail, told, day)
        : unexplained(detail, told, day);
  }
}

type About<A extends Detail['about']> = Extract<Detail, { about: A }>;

function tradeSentence(cause: Cause, detail: About<'trade'>, day: Day, told: Told): string {
  const { ours, theirs, rejection } = detail;
  const trade = ours ?? theirs;
  if (rejection !== undefined) {
    const where = rejection.bookedAccount;
    const sits = where === undefined ? '' : `; it sits in their error account ${where}`;
    const why = rejection.reason === '' ? '' : `: ${rejection.reason}`;
    const whose = ours === undefined ? 'a' : 'our';
    return `They rejected ${whose} ${dealText(rejection, day)} for ${rejection.account}${called(ours ?? rejection)}${why}${sits}.`;
  }
  if (trade === undefined) return '';
  const deal = `${dealText(trade, day)} for ${trade.account}${called(trade)}`;
  if (cause === 'after-cut') return afterCutSentence(deal, detail, day);
  if (ours === undefined || cause === 'unknown-to-us') return theirsAlone(deal, ours);
  if (theirs === undefined || cause === 'missing-at-clearer') return oursAlone(deal, theirs);
  if (cause === 'wrong-account')
    return `They booked our ${dealText(ours, day)}${called(ours)} to ${theirs.account} instead of ${ours.account}${besides(told, day)}.`;
  if (cause === 'cancel-rebill') return rebillSentence(deal, ours, theirs);
  return `They booked our ${deal} otherwise: ${fieldWords(told)}.`;
}

function theirsAlone(deal: string, ours: Trade | undefined): string {
  if (ours?.ended === undefined) return `They booked a ${deal}, and we have no such trade.`;
  return `They booked a ${deal}; we took it back at ${timeText(ours.ended.at)}, and they still have it.`;
}

function oursAlone(deal: string, theirs: Trade | undefined): string {
  if (theirs?.ended === undefined) return `Our ${deal} is not in their books.`;
  return `Our ${deal} is not in their books: they booked it and took it back.`;
}

function afterCutSentence(deal: string, { ours, theirs }: About<'trade'>, day: Day): string {
  const { positions, cash, activity } = day.snapshots;
  const cut = (positions ?? cash ?? activity)?.cutAt;
  const after = cut === undefined ? '' : `, after the cut of their file at ${timeText(cut)}`;
  if (ours?.ended !== undefined)
    return `We took back the ${deal} at ${timeText(ours.ended.at)}${after}; it is still in their books.`;
  if (ours !== undefined && theirs !== undefined)
    return `We corrected the ${deal} at ${timeText(ours.at)}${after}; they still have it as it was.`;
  return `We booked the ${deal} at ${timeText(ours?.at ?? 0)}${after}; it is not in their books yet.`;
}

function rebillSentence(deal: string, ours: Trade, theirs: Trade): string {
  const difference = addDecimals(theirs.cash, { ...ours.cash, units: -ours.cash.units });
  const price = shown(theirs.price, 2);
  const asOf = theirs.asOf === undefined ? '' : ` as of ${theirs.asOf.slice(0, 10)}`;
  const more = difference.units < 0n ? 'less' : 'more';
  return `They cancelled our ${deal} and rebilled it${asOf} at ${price}: the position agrees, the account has ${size(difference, 2)} ${ours.currency} ${more} with them.`;
}

function besides(told: Told, _day: Day): string {
  const others = told.members.filter(({ kind, field }) => kind === 'trade' && field !== 'account');
  return others.length === 0 ? '' : `; also ${fieldWords(told, 'account')}`;
}

function fieldWords({ members }: Told, without?: string): string {
  return members
    .filter(({ kind, field }) => kind === 'trade' && field !== without)
    .map(({ field, ours, theirs }) => `${field ?? ''} ${theirs} instead of ${ours}`)
    .join(', ');
}

function feeSentence({ explanations }: Told, day: Day): string {
  const pairs = explanations.flatMap(({ detail }) =>
    detail.about === 'trade' && detail.ours !== undefined && detail.theirs !== undefined
      ? [{ ours: detail.ours, theirs: detail.theirs }]
      : [],
  );
  const [first] = pairs;
  if (first === undefined) return '';
  const charges = pairs.flatMap(({ ours, theirs }) => chargesThatDiffer(ours, theirs));
  const more = chargedMore(charges);
  const types = [...new Set(charges.map(({ type }) => type))].join(' and ');
  const charge = `${size(more, 2)} ${first.ours.currency} ${more.units < 0n ? 'less' : 'more'} ${types}`;
  if (pairs.length > 1)
    return `They charge ${charge} than we do on ${pairs.length} trades of ${first.ours.tradeDate}.`;
  const { ours } = first;
  const amounts = charges.map((one) => `${shown(one.theirs, 2)} instead of ${shown(one.ours, 2)}`).join(', ');
  return `They charge ${charge} on our ${dealText(ours, day)} for ${ours.account}${called(ours)}: ${amounts}.`;
}

function postingSentence(cause: Cause, detail: About<'posting'>, told: Told, day: Day): string {
  const posting = detail.theirs ?? detail.ours;
  if (posting === undefined) return '';
  const who = detail.theirs === undefined ? 'We' : 'They';
  const other = detail.theirs === undefined ? 'they have not' : 'our book has not';
  const moved = movedText(posting, day);
  if (cause === 'corporate-action') {
    const security = shortSecurity(posting.security ?? '', day);
    const accounts = counted(new Set(told.members.map(({ account }) => account)).size, 'account');
    return `${who} booked ${posting.description} of ${security} (${posting.reference}) on ${posting.tradeDate} in ${accounts}, ${size(totalOf(told))} securities, and ${other}.`;
  }
  const signed = posting.quantity.units === 0n ? posting.cash : posting.quantity;
  const out = signed.units < 0n;
  const way = out ? 'out of' : 'into';
  const firm = posting.contraFirm === undefined ? '' : ` ${out ? 'to' : 'from'} firm ${posting.contraFirm}`;
  const twice = detail.ours !== undefined && detail.theirs !== undefined;
  const against =
    twice && detail.ours !== undefined ? `, our book has ${movedText(detail.ours, day)}` : `, and ${other}`;
  return `${who} booked ${posting.description} ${posting.reference} of ${moved} ${way} ${posting.account}${firm} on ${posting.settlementDate}${against}.`;
}

/** What a break moves by trade date, else by settlement date, all signs up. */
function totalOf({ predicted }: Told): Decimal {
  for (const basis of bases) {
    const amounts = [...predicted].filter(([key]) => {
      const cell = cellOf(key);
      return cell.kind === 'position' && cell.basis === basis;
    });
    if (amounts.length > 0) return amounts.map(([, amount]) => absolute(amount)).reduce(addDecimals, zero);
  }
  return zero;
}

function nameSentence({ other }: About<'name'>, told: Told, day: Day): string {
  const theirs = securityText(other.canonical, day);
  const half = totalOf(told);
  const held = `${size({ units: half.units * 5n, scale: half.scale + 1 })} shares`;
  if (other.by === 'separator')
    return `We hold ${held} of ${securityText(other.name, day)}, they call it ${theirs}: only the share-class separator differs.`;
  if (other.by === 'change')
    return `${securityText(other.name, day)} became ${theirs}; we still hold ${held} under the former name.`;
  return `We hold ${held} of ${securityText(other.name, day)}, they hold as many of ${theirs} in the same accounts: it looks like the same security under another name.`;
}

function ratioSentence({ security, next, former }: About<'ratio'>, told: Told, day: Day): string {
  const accounts = counted(new Set(told.members.map(({ account }) => account)).size, 'account');
  const kind = next > former ? 'split' : 'reverse split';
  return `They hold ${next} for each ${former} of ours of ${shortSecurity(security, day)} in all of ${accounts}: it looks like a ${next}:${former} ${kind} that our book has not.`;
}

function unknownSecurity({ unit }: About<'cell'>, told: Told, day: Day): string {
  const accounts = told.members.map(({ account }) => account);
  const where = new Set(accounts).size === 1 ? accounts[0] : counted(new Set(accounts).size, 'account');
  const held = [...told.predicted.values()];
  const short = held.every(({ units }) => units < 0n);
  const have = short ? 'are short' : held.some(({ units }) => units < 0n) ? 'have long and short' : 'hold';
  return `They ${have} ${size(totalOf(told))} of ${securityText(unit, day)} in ${where}, a security that we never traded and nobody described.`;
}

function unexplained({ account, unit }: About<'cell'>, told: Told, day: Day): string {
  const [member] = [...told.members].sort((left, right) =>
    left.basis === 'trade-date' ? -1 : right.basis === 'trade-date' ? 1 : 0,
  );
  if (member === undefined) return '';
  const decimals = member.kind === 'cash' ? 2 : 0;
  const number = (text: string): string => shown(decimalOf(text), decimals);
  const what = member.kind === 'cash' ? `${unit} balance` : `position in ${shortSecurity(unit, day)}`;
  const by = member.basis === 'settlement-date' ? ' by settlement date' : '';
  const difference = decimalOf(member.difference);
  const more = difference.units < 0n ? 'less' : 'more';
  const waits =
    day.snapshots.activity === undefined
      ? `their activity of ${day.date} is not here yet`
      : 'nothing that we know explains it';
  return `Their ${what} of ${account}${by} is ${number(member.theirs)}, ours ${number(member.ours)}: ${size(difference, decimals)} ${more}, and ${waits}.`;
}

function decimalOf(text: string): Decimal {
  const read = readDecimal(text);
  return read.ok ? read.value : zero;
}

/** What is to be done about it, in the imperative. */
export function nextStepsOf({ explanations, id }: Told): readonly string[] {
  const [{ cause, owner, detail }] = explanations;
  const steps = detail.about === 'posting' ? postingSteps(cause, detail) : undefined;
  const send = `send the clearer the text of \`clearport breaks message ${id}\``;
  return [
    ...(steps ?? stepsOf(cause, detail)),
    ...(owner === 'clearer' && cause !== 'after-cut' ? [send] : []),
  ];
}

/** What is to be done about something that moves without a trade; undefined where the cause says it. */
function postingSteps(cause: Cause, { ours, theirs }: About<'posting'>): readonly string[] | undefined {
  if (ours !== undefined && theirs !== undefined)
    return [`compare both bookings of ${theirs.reference} with what they go by; whoever is wrong corrects`];
  if (ours !== undefined) return [`check that the clearer knows ${ours.reference}`];
  if (theirs?.kind !== 'cash' || cause === 'fee') return undefined;
  return [`find out what ${theirs.reference} is for, and book or dispute it`];
}

function stepsOf(cause: Cause, detail: Explanation['detail']): readonly string[] {
  switch (cause) {
    case 'rejected':
      return [
        'mend what the reason says and submit the fill again',
        'ask the clearer to move it out of the error account',
      ];
    case 'wrong-account':
      return ['check the account on the order, then have the trade moved as of its trade date'];
    case 'corporate-action':
      return ['check the terms of the event and book it on the side that lacks it'];
    case 'cancel-rebill':
      return ['check who asked for the rebill; correct our trade, or dispute theirs'];
    case 'after-cut':
      return ['wait for their next file; when it is still there then, it gets another cause'];
    case 'identifier':
      return ['book the name change in the order system; until then both names are compared as one'];
    case 'transfer':
      return ['check the control number with the transfer desk and book the transfer'];
    case 'fee':
      return ['compare the rate and the rounding of the fee with the rate in force on the trade date'];
    case 'missing-at-clearer':
      return ['check that the fill reached the clearer'];
    case 'unknown-to-us':
      return detail.about === 'trade' && detail.ours !== undefined
        ? ['check that our bust or correction reached the clearer']
        : ['look for the order in the order system: a missed drop copy, or a trade that is not ours'];
    case 'mismatch':
      return ['compare with the execution of the venue; whoever is wrong corrects'];
    case 'unknown-security':
      return ['find out what the security is and how it came into the account'];
    case 'unexplained':
      return ['compare the movements of the account since the last day on which it agreed'];
  }
}
