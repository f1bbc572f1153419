import { decimalText } from '../../../src/core/decimal.ts';
import { type Seeded, seeded } from './seeded.ts';

/** Names of the simulation. All invented: no firm, account or security of this world is meant. */
export const simulatedFirm = {
  clearer: 'SIMCLEAR',
  broker: 'DEMOBRKR',
  executing: 'SIMX',
  venue: 'XSIM',
} as const;

export interface SimulatedSecurity {
  readonly symbol: string;
  /** Nine characters in the shape of a CUSIP, from the range of issuer numbers that users assign for themselves. */
  readonly id: string;
  /** In hundredths of a dollar. */
  readonly cents: number;
}

export const securityCount = 40;
export const accountCount = 25;

/** Forty securities, the same for every seed: `QSIMAA`, id `990000108`, and so on. */
export function simulatedSecurities(): readonly [SimulatedSecurity, ...SimulatedSecurity[]] {
  const prices = seeded(40);
  const security = (index: number): SimulatedSecurity => ({
    symbol: `QSIM${letter(Math.floor(index / 26))}${letter(index % 26)}`,
    id: withCheckDigit(`99${String(index).padStart(4, '0')}10`),
    cents: prices.between(400, 48_000),
  });
  return [security(0), ...Array.from({ length: securityCount - 1 }, (_, index) => security(index + 1))];
}

/** Twenty-five accounts: `7Q100017`, and so on. */
export function simulatedAccounts(): readonly [string, ...string[]] {
  const account = (index: number): string => `7Q1${String(index * 37 + 17).padStart(5, '0')}`;
  return [account(0), ...Array.from({ length: accountCount - 1 }, (_, index) => account(index + 1))];
}

/**
 * Eight characters and their check digit: double the value of every second one, add all digits, take what is missing
 * to the next ten. Issuer numbers from 990000 on are left to users for their own securities, so none of these names a
 * security. Source: ANSI X9.6 as it is commonly described.
 */
export function withCheckDigit(eight: string): string {
  let sum = 0;
  for (const [index, char] of [...eight].entries()) {
    const value = Number.parseInt(char, 36) * (index % 2 === 1 ? 2 : 1);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return `${eight}${(10 - (sum % 10)) % 10}`;
}

/** A price near the security's own, in hundredths. */
export function priceNear(security: SimulatedSecurity, random: Seeded): number {
  return security.cents + random.between(-75, 75);
}

/** `12.50`: a price as the clearing firm writes it, with both of its places. */
export function wirePrice(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** `12.5`: the same as an event has it. */
export function eventPrice(cents: number): string {
  return decimalText({ units: BigInt(cents), scale: 2 });
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}
