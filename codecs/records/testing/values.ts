import type { RecordValues } from '../index.ts';

/** An invented header that all shipped layouts can hold. */
export const headerValues: RecordValues = {
  fileId: 'POSITIONS',
  firm: 'QCLR',
  correspondent: 'IBKA',
  businessDate: '2026-11-10',
  cycle: 'end-of-day',
  run: '01',
  createdAt: '2026-11-11T05:58:12',
  cutAt: '2026-11-10T20:00:00',
  cutZone: 'America/New_York',
  environment: 'test',
};

/** The position number so and so of an invented file. */
export function positionValues(number: number): RecordValues {
  return {
    account: `7Q${100000 + number}`,
    accountType: 'margin',
    cusip: `99${String(number).padStart(7, '0')}`,
    symbol: `SYM${number}`,
    tradeDateQuantity: `${1000 + number}.5`,
    settlementDateQuantity: '1000',
    price: '10.125',
    marketValue: `${10_000 + number}.25`,
    currency: 'USD',
  };
}
