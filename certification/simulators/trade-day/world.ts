import assert from 'node:assert/strict';
import {
  type SimulatedSecurity,
  simulatedAccounts,
  simulatedSecurities,
  withCheckDigit,
} from '../clearing-firm/market.ts';

/**
 * Dates of the simulated trade days. The 11th is Veterans Day: the exchange trades, the depository does not settle, so
 * trades of the 10th and of the 11th both settle on the 12th.
 */
export const dates = {
  opening: '2026-11-09',
  first: '2026-11-10',
  second: '2026-11-11',
  settlement: '2026-11-12',
} as const;
export type TradeDate = typeof dates.first | typeof dates.second;

/** Zone of every wall-clock time of the story, and how far it is behind UTC in November. */
export const storyZone = 'America/New_York';
const hoursBehindUtc = 5;

/** When the clearing firm closes its books of a day. What happens later is in the next day's files. */
export const cutTime = '18:00';

/** `2026-11-10T23:00:00Z`: a wall-clock time of the story's zone, on a day of the story. */
export function utcOf(date: string, time: string): string {
  const [hours = '0', minutes = '0'] = time.split(':');
  const at =
    Date.parse(`${date}T00:00:00Z`) + ((Number(hours) + hoursBehindUtc) * 60 + Number(minutes)) * 60_000;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export const tradeDayNames = {
  clearer: 'SIMCLEAR',
  broker: 'DEMOBRKR',
  orderSystem: 'SIMORDER',
  correspondent: 'DEMO',
  participant: '0158',
} as const;

/** The class B shares of the case of two spellings: known to the order system by its symbol alone. */
export const twoSpellings: SimulatedSecurity = {
  symbol: 'BRK.B',
  id: withCheckDigit('99900010'),
  cents: 48_215,
};
/** How the clearing firm writes {@link twoSpellings}. */
export const theirSpelling = 'BRK B';

const invented = simulatedSecurities().slice(0, 39);
/** Everything that is traded or held: 39 invented securities and one that two firms write differently. */
export const securities: readonly SimulatedSecurity[] = [...invented, twoSpellings];
/** Split 2:1 on the second day, on the clearing firm's side only. */
export const splitSecurity = securityAt(37);
/** Gets another CUSIP on the second day. */
export const renamedSecurity = securityAt(38);
export const newCusip = withCheckDigit('99003820');
/** What is traded at random: no corporate action, no second name. */
export const ordinary: readonly SimulatedSecurity[] = invented.slice(0, 37);

/** Where the clearing firm keeps what it could not book. */
export const errorAccount = '7Q1ERR01';
export const accounts: readonly string[] = simulatedAccounts();

export function securityAt(index: number): SimulatedSecurity {
  const found = securities[index];
  assert(found !== undefined);
  return found;
}

export function accountAt(index: number): string {
  const found = accounts[index];
  assert(found !== undefined);
  return found;
}
