import type { NormalizeContext } from '../src/contract/codec.ts';

/** The context in which samples are normalized. */
export const sampleContext: NormalizeContext = {
  channel: 'sample',
  perspective: 'clearer',
  tenant: 'demo',
  direction: 'in',
  origin: { scope: 'SAMPLE/1/in', ordinal: 7 },
  revision: 0,
  receivedAt: 1_794_321_000_123_456,
  reporterRole: 'clearing-firm',
  zone: 'America/New_York',
};
