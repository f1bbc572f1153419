import { isoOfMicros } from '../core/clock.ts';
import type { Told } from './findings.ts';
import { securityText, shownText } from './phrases.ts';
import type { Cause, Day, Detail, Evidence, Member } from './terms.ts';

/**
 * The text to send to the clearer: what differs, where each side says so, what is asked. Complete, so that the person
 * who reads it need not ask back.
 */
export function messageOf(told: Told, day: Day): string {
  const [{ cause, detail }] = told.explanations;
  const accounts = [...new Set(told.members.map(({ account }) => account))];
  const where = accounts.length === 1 ? `, account ${accounts[0]}` : '';
  return [
    `Subject: ${told.id}: ${subjectOf(cause, detail)}${where}, business date ${day.date}`,
    '',
    'Dear colleagues,',
    '',
    `for business date ${day.date} your records and ours differ as follows.`,
    '',
    ...told.members.slice(0, membersMax).map((member) => memberLine(member, day)),
    ...(told.members.length > membersMax ? [`- and ${told.members.length - membersMax} more`] : []),
    '',
    ...evidenceLines('Your records', told.evidence, 'theirs'),
    'Your files compared:',
    ...snapshotLines(day),
    ...evidenceLines('Our records', told.evidence, 'ours'),
    '',
    requestOf(cause, detail),
    `Please answer with our reference ${told.id}. Thank you.`,
    '',
    'Kind regards,',
    'Operations',
  ].join('\n');
}

/** Lines of one message. Reason: nobody reads more, and the rest is in `breaks show --json`. */
const membersMax = 40;

function memberLine(
  { kind, basis, account, unit, field, ours, theirs, difference }: Member,
  day: Day,
): string {
  if (kind === 'trade')
    return `- account ${account}, ${securityText(unit, day)}, ${field ?? ''}: ${ours} with us, ${theirs} with you`;
  const what = kind === 'cash' ? `cash in ${unit}` : securityText(unit, day);
  const number = (text: string): string => shownText(text, kind === 'cash' ? 2 : 0);
  const by = basis === 'settlement-date' ? 'settlement date' : 'trade date';
  return `- account ${account}, ${what} by ${by}: we have ${number(ours)}, you have ${number(theirs)}; difference of this break ${number(difference)}`;
}

function evidenceLines(
  head: string,
  evidence: readonly Evidence[],
  side: Evidence['side'],
): readonly string[] {
  const found = evidence.filter((one) => one.side === side);
  if (found.length === 0) return [];
  return [`${head}:`, ...found.slice(0, membersMax).map(({ what, source }) => `- ${what}, ${source}`)];
}

function snapshotLines({ snapshots }: Day): readonly string[] {
  return [snapshots.positions, snapshots.cash, snapshots.activity].flatMap((snapshot) => {
    if (snapshot === undefined) return [];
    const cut = snapshot.cutAt === undefined ? '' : `, cut ${isoOfMicros(snapshot.cutAt).slice(0, 16)}Z`;
    return [`- file ${snapshot.key}${cut}`];
  });
}

const subjects: Readonly<Record<Cause, string>> = {
  rejected: 'rejected fill',
  'wrong-account': 'trade in the wrong account',
  'corporate-action': 'corporate action',
  'cancel-rebill': 'cancel and rebill',
  'after-cut': 'change after your cut',
  identifier: 'security identifier',
  transfer: 'account transfer',
  fee: 'fee',
  'missing-at-clearer': 'trade missing in your books',
  'unknown-to-us': 'trade that we do not know',
  mismatch: 'trade booked otherwise',
  'unknown-security': 'security that we do not know',
  unexplained: 'difference',
};

/** A cash movement is no trade, whatever is wrong with it. */
function subjectOf(cause: Cause, detail: Detail): string {
  const posting = detail.about === 'posting' ? (detail.theirs ?? detail.ours) : undefined;
  return posting?.kind === 'cash' && cause !== 'fee' ? 'cash movement' : subjects[cause];
}

/** What is asked about something that moves without a trade; undefined where the cause says it. */
function postingRequest(
  cause: Cause,
  { ours, theirs }: Extract<Detail, { about: 'posting' }>,
): string | undefined {
  if (ours !== undefined && theirs !== undefined)
    return `Please compare your booking of ${theirs.reference} with what it goes by, and correct it or send us that.`;
  if (ours !== undefined) return `Please book ${ours.reference}, or tell us why you did not.`;
  if (theirs?.kind !== 'cash' || cause === 'fee') return undefined;
  return `Please tell us what ${theirs.reference} is for, and what it goes by.`;
}

function requestOf(cause: Cause, detail: Detail): string {
  const posted = detail.about === 'posting' ? postingRequest(cause, detail) : undefined;
  if (posted !== undefined) return posted;
  const trade = detail.about === 'trade' ? detail : undefined;
  const { ours, theirs, rejection } = trade ?? {};
  switch (cause) {
    case 'rejected':
      return `Please confirm the rejection${rejection?.reason ? ` (${rejection.reason})` : ''} and tell us what you need to book the fill to account ${ours?.account ?? rejection?.account ?? ''}${rejection?.bookedAccount === undefined ? '' : ` out of ${rejection.bookedAccount}`}.`;
    case 'wrong-account':
      return `Please move the trade from account ${theirs?.account ?? ''} to account ${ours?.account ?? ''} as of trade date ${ours?.tradeDate ?? ''}.`;
    case 'corporate-action':
      return 'Please send us the terms of the event (ratio or rate, ex, record and pay date), so that both books apply it alike.';
    case 'cancel-rebill':
      return 'Please tell us who asked for the cancel and rebill and why, with the terms that you hold for right.';
    case 'after-cut':
      return 'The change came after your cut. Please confirm that your next file takes it in.';
    case 'identifier':
      return 'Please confirm that both names are the same security, and from which date on yours is valid.';
    case 'transfer':
      return 'Please send us the details of the transfer (control number, contra firm, assets), so that we can book it.';
    case 'fee':
      return 'Please tell us the rate and the rounding that you applied, or correct the fee.';
    case 'missing-at-clearer':
      return 'Please book the trade, or tell us why you did not.';
    case 'unknown-to-us':
      return ours === undefined
        ? 'Please send us the source of the trade (order, executing venue, who entered it), or take it back.'
        : 'Please take the trade back: we cancelled it.';
    case 'mismatch':
      return 'Please compare with the execution of the venue and correct your booking, or send us what you go by.';
    case 'unknown-security':
      return 'Please tell us what the security is, and how it came into the account.';
    case 'unexplained':
      return 'Please send us the movements of the account since the last day on which our books agreed.';
  }
}
