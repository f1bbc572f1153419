import { plantedCases } from '../clearing-firm/morning.ts';
import { accountAt, errorAccount } from './world.ts';

/** Differences between the books, and the cause that each must be given. `healed` ones are gone at the end. */
export const breakCases = [
  'rejected',
  'wrong-account',
  'corporate-action',
  'cancel-rebill',
  'after-cut',
  'two-spellings',
  'cusip-change',
  'transfer',
  'fee',
  'healed-short',
  'healed-absent',
] as const;
export type BreakCase = (typeof breakCases)[number];

/** What is wrong with a file or with a message of the queue. */
export const feedCases = [
  'truncated',
  'out-of-balance',
  'duplicate',
  'stale',
  'restated',
  'late',
  'corrected',
  'poisoned',
] as const;
export type FeedCase = (typeof feedCases)[number];

/** What must *not* be a break: trades that are booked on both sides and settle on the next settlement day. */
export const quietCases = ['timing'] as const;

/** Everything that is planted in the trade days: of the first act, on both FIX sessions, and of the second. */
export const tradeDayCases = [...plantedCases, ...feedCases, ...breakCases, ...quietCases] as const;
export type TradeDayCase = (typeof tradeDayCases)[number];

/** The cause by which each difference must be named. */
export const causes: Readonly<Record<BreakCase, string>> = {
  rejected: 'rejected',
  'wrong-account': 'wrong-account',
  'corporate-action': 'corporate-action',
  'cancel-rebill': 'cancel-rebill',
  'after-cut': 'after-cut',
  'two-spellings': 'identifier',
  'cusip-change': 'identifier',
  transfer: 'transfer',
  fee: 'fee',
  'healed-short': 'unexplained',
  'healed-absent': 'unexplained',
};

/** Accounts that each case alone touches, so that no difference has two causes. The first is the customer's. */
export const caseAccounts: Readonly<Record<BreakCase, readonly [string, ...string[]]>> = {
  rejected: [accountAt(0), errorAccount],
  'wrong-account': [accountAt(1), accountAt(2)],
  'corporate-action': [accountAt(3), accountAt(12)],
  'cancel-rebill': [accountAt(4)],
  'after-cut': [accountAt(5)],
  'two-spellings': [accountAt(6)],
  'cusip-change': [accountAt(7)],
  transfer: [accountAt(8)],
  fee: [accountAt(9)],
  'healed-short': [accountAt(10)],
  'healed-absent': [accountAt(11)],
};
