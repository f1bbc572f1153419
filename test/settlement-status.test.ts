import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso15022, writeMt548 } from '../codecs/iso15022/index.ts';
import { iso20022, writeSese024 } from '../codecs/iso20022/index.ts';
import type { Codec } from '../src/contract/codec.ts';
import type { SettlementStatus } from '../src/contract/settlement-status.ts';
import { type Event, economics } from '../src/events/index.ts';
import { sampleContext } from './sample-context.ts';

/** An MT548 and a sese.024 that say the same mean the same. */
const upper = (min: number, max: number) =>
  fc.string({
    minLength: min,
    maxLength: max,
    unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'),
  });
const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const decimal = fc
  .tuple(fc.nat(9_999_999), fc.nat(999))
  .map(([whole, part]) =>
    part === 0 ? String(whole) : `${whole}.${String(part).padStart(3, '0').replace(/0+$/, '')}`,
  );
const words = fc.constantFrom('short of securities', 'see (4.2) of our notice', 'A+B');
const reasons = (codes: readonly string[]) =>
  fc.uniqueArray(fc.record({ code: fc.constantFrom(...codes), text: fc.option(words, { nil: undefined }) }), {
    maxLength: 2,
    selector: ({ code }) => code,
  });
const statusOf = (kind: string, code: string, codes: readonly string[]) =>
  fc.record({
    kind: fc.constant(kind),
    code: fc.constant(code),
    reasons: codes.length === 0 ? fc.constant([]) : reasons(codes),
  });
const processing = fc.oneof(
  statusOf('IPRC', 'PACK', ['ADEA', 'NARR']),
  statusOf('IPRC', 'PPRC', ['LACK', 'MONY']),
  statusOf('IPRC', 'REJT', ['DSEC', 'SAFE', 'NARR']),
  statusOf('IPRC', 'CAND', ['CANI', 'CANS']),
  statusOf('IPRC', 'CANP', ['ADEA']),
);
const matching = (kind: string) =>
  fc.oneof(statusOf(kind, 'MACH', []), statusOf(kind, 'NMAT', ['DQUA', 'DMON', 'CMIS', 'NARR']));
const settling = fc.oneof(
  statusOf('SETT', 'PEND', ['FUTU', 'LACK', 'PREA']),
  statusOf('SETT', 'PENF', ['LACK', 'CLAC', 'MONY', 'NARR']),
);
const statuses = fc
  .tuple(
    fc.option(processing, { nil: undefined }),
    fc.option(matching('INMH'), { nil: undefined }),
    fc.option(matching('MTCH'), { nil: undefined }),
    fc.option(settling, { nil: undefined }),
  )
  .map((all) => all.filter((one) => one !== undefined))
  .filter((all) => all.length > 0);

const transaction = fc.record({
  account: upper(1, 12),
  isin: fc.option(fc.constantFrom('US9900001087', 'US9900002075'), { nil: undefined }),
  cusip: fc.constantFrom('990000108', '990000207'),
  quantity: decimal,
  unit: fc.constantFrom('shares' as const, 'face' as const),
  delivery: fc.constantFrom('deliver' as const, 'receive' as const),
  payment: fc.constantFrom('against-payment' as const, 'free' as const),
  amount: decimal,
  currency: fc.constantFrom('USD', 'EUR'),
  tradeDate: date,
  settlementDate: date,
  place: fc.constant('DTCYUS33'),
  parties: fc.subarray([
    { role: 'DEAG', id: 'ABCDUS33', scheme: 'bic' },
    { role: 'REAG', id: '00000901', scheme: 'DTCYID' },
  ]),
});

const said: fc.Arbitrary<SettlementStatus> = fc.record({
  messageId: upper(1, 16),
  preparedAt: date.map((day) => `${day}T06:30:00Z`),
  sender: fc.constantFrom('DTCYUS33', 'ABCDUS33XYZ'),
  receiver: fc.constant('HALYUS33'),
  instructionId: upper(1, 16),
  related: fc.subarray([
    { by: 'market' as const, id: 'M-1' },
    { by: 'processor' as const, id: 'P-1' },
    { by: 'common' as const, id: 'C-1' },
    { by: 'trade' as const, id: 'T-1' },
  ]),
  statuses,
  transaction,
});

function eventsOf(codec: Codec, bytes: Uint8Array): readonly Event[] {
  const { message, issues } = codec.decode({ bytes });
  // Who must be named beside whom is the network's rule, which parties in any choice break.
  expect(issues.filter(({ severity, code }) => severity !== 'info' && code !== 'MT_RULE')).toEqual([]);
  return message === undefined ? [] : codec.normalize(message, sampleContext);
}

/** What the standards themselves name differently: the message's type in `message.unknown` is the only such thing. */
function meaning(event: Event) {
  const { type, businessKey, slot, parties, occurredAt, reportedBy, unit } = event;
  return {
    type,
    businessKey,
    slot,
    parties,
    occurredAt,
    reportedBy,
    unit,
    economics: economics(event),
    data: event.data,
  };
}

describe('law: MT548 and sese.024', () => {
  test('mean the same, to the last attribute, where they say the same', () => {
    fc.assert(
      fc.property(said, (status) => {
        const mt = eventsOf(iso15022, writeMt548(status));
        const mx = eventsOf(iso20022, writeSese024(status));
        expect(mt).toHaveLength(status.statuses.length);
        expect(mx.map(meaning)).toEqual(mt.map(meaning));
      }),
      { numRuns: 300 },
    );
  });

  test('say what was given to be written', () => {
    fc.assert(
      fc.property(said, (status) => {
        const event = eventsOf(iso15022, writeMt548(status)).find(({ type }) =>
          type.startsWith('settlement.'),
        );
        if (event === undefined) return;
        const { quantity, amount, tradeDate, settlementDate, place, delivery, payment } =
          status.transaction ?? {};
        expect(event).toMatchObject({
          account: status.transaction?.account,
          security: { id: status.transaction?.cusip, scheme: 'cusip' },
          data: {
            quantity,
            amount,
            tradeDate,
            settlementDate,
            place,
            delivery,
            payment,
            messageId: status.messageId,
          },
        });
      }),
    );
  });

  test('differ in economics where they differ in one of them', () => {
    const [status] = fc.sample(said, { numRuns: 1, seed: 7 });
    if (status === undefined) throw new Error('no sample');
    const one = { ...status, statuses: [{ kind: 'SETT', code: 'PENF', reasons: [{ code: 'LACK' }] }] };
    const other = { ...one, transaction: { ...one.transaction, quantity: '123456' } };
    const [left] = eventsOf(iso15022, writeMt548(one));
    const [right] = eventsOf(iso20022, writeSese024(other));
    if (left === undefined || right === undefined) throw new Error('no event');
    expect(left.businessKey).toBe(right.businessKey);
    expect(economics(left)).not.toBe(economics(right));
  });
});
