import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  iso15022,
  writeMt54x,
  writeMt530,
  writeMt548,
  writeMtConfirmation,
} from '../codecs/iso15022/index.ts';
import {
  iso20022,
  writeSese025,
  writeSese027,
  writeSese030,
  writeSettlementInstruction,
} from '../codecs/iso20022/index.ts';
import type { Codec } from '../src/contract/codec.ts';
import { saidDifferences } from '../src/contract/said-difference.ts';
import type { SettlementConfirmation } from '../src/contract/settlement-confirmation.ts';
import type { SettlementDetails, SettlementInstruction } from '../src/contract/settlement-instruction.ts';
import type { SettlementStatus } from '../src/contract/settlement-status.ts';
import type { TransactionCommand } from '../src/contract/transaction-command.ts';
import { type Event, economics } from '../src/events/index.ts';
import { sampleContext } from './sample-context.ts';

/** Settlement messages of both standards that say the same mean the same. */
const upper = (min: number, max: number) =>
  fc.string({
    minLength: min,
    maxLength: max,
    unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'),
  });
const reference = upper(1, 16);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const decimal = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.nat(999))
  .map(([whole, part]) =>
    part === 0 ? String(whole) : `${whole}.${String(part).padStart(3, '0').replace(/0+$/, '')}`,
  );

const facts = {
  preparedAt: date.map((day) => `${day}T06:30:00Z`),
  sender: fc.constantFrom('HALYUS33', '00000902'),
  receiver: fc.constantFrom('DTCYUS33', 'ABCDUS33XYZ'),
};

const agents = [
  { role: 'DEAG', id: 'EFGHUS33XXX', scheme: 'bic' },
  { role: 'REAG', id: '00000901', scheme: 'DTCYID' },
];

/** Only what both standards can say: the chain beyond its agents is told by position in one of them. */
const details: fc.Arbitrary<SettlementDetails> = fc
  .record({
    account: upper(1, 12),
    isin: maybe(fc.constantFrom('US9900001087', 'US9900002075')),
    cusip: fc.constantFrom('990000108', '990000207'),
    quantity: decimal,
    unit: fc.constantFrom('shares' as const, 'face' as const),
    delivery: fc.constantFrom('deliver' as const, 'receive' as const),
    payment: fc.constant('against-payment' as const),
    amount: fc.tuple(fc.boolean(), decimal).map(([minus, text]) => (minus ? `-${text}` : text)),
    currency: fc.constantFrom('USD', 'EUR'),
    tradeDate: maybe(date),
    settlementDate: date,
    place: fc.constantFrom('DTCYUS33XXX', 'FRNYUS33XXX'),
    transactionType: fc.constantFrom('TRAD', 'REPU', 'COLO', 'RODE', 'OWNE', 'DTCY/PYMT'),
    conditions: fc.subarray(['DLWM', 'PART']),
    leg: maybe(fc.constantFrom('street' as const, 'customer' as const)),
    safekeepingPlace: maybe(fc.constantFrom('NCSD/DTCYUS33XXX', 'CUST/ABCDUS33XXX', 'NO')),
    priced: maybe(
      fc.oneof(
        fc.record({ price: decimal, priceType: fc.constant('percent' as const) }),
        fc.record({
          price: decimal,
          priceType: fc.constant('amount' as const),
          priceCurrency: fc.constantFrom('USD', 'EUR'),
        }),
      ),
    ),
    accrued: maybe(decimal),
    text: maybe(fc.constantFrom('see (4.2) of our notice', 'DELIVER WITHOUT MATCHING')),
    parties: fc
      .subarray([{ role: 'ACOW', id: 'HALYUS33XXX', scheme: 'bic' }])
      .map((owner) => [...owner, ...agents]),
  })
  .map(({ priced, ...rest }) => ({ ...rest, ...priced }));

const instruction: fc.Arbitrary<SettlementInstruction> = fc
  .record({
    ...facts,
    action: fc.constantFrom('new' as const, 'preadvice' as const),
    instructionId: reference,
    related: fc.subarray([
      { by: 'common' as const, id: 'C-1' },
      { by: 'trade' as const, id: 'T-1' },
    ]),
    linked: fc.uniqueArray(reference, { maxLength: 2 }),
    details,
  })
  .map((said) => ({ ...said, messageId: said.instructionId }));

/** A cancellation repeats what identifies the transaction, and no more. */
const cancellation: fc.Arbitrary<SettlementInstruction> = fc.record({
  ...facts,
  messageId: reference,
  action: fc.constant('cancel' as const),
  instructionId: reference,
  related: fc.subarray([
    { by: 'market' as const, id: 'M-1' },
    { by: 'processor' as const, id: 'P-1' },
  ]),
  details: details.map((said) => {
    const { account, isin, cusip, quantity, unit, delivery, payment, amount, currency, parties } = said;
    const { tradeDate, settlementDate, place } = said;
    const identity = { account, isin, cusip, quantity, unit, delivery, payment, amount, currency };
    return { ...identity, parties, tradeDate, settlementDate, place };
  }),
});

const confirmation: fc.Arbitrary<SettlementConfirmation> = fc.record({
  ...facts,
  messageId: reference,
  action: fc.constant('new' as const),
  instructionId: reference,
  previousId: maybe(reference),
  related: fc.subarray([
    { by: 'market' as const, id: 'M-1' },
    { by: 'counterparty-market' as const, id: 'CM-1' },
    { by: 'common' as const, id: 'C-1' },
    { by: 'trade' as const, id: 'T-1' },
  ]),
  linked: fc.array(reference, { maxLength: 1 }),
  partial: maybe(fc.constantFrom('PAIN' as const, 'PARC' as const)),
  preconfirmed: maybe(fc.constantFrom('PRCA' as const, 'PRSE' as const)),
  settled: decimal,
  previouslySettled: maybe(decimal),
  remaining: maybe(decimal),
  effectiveDate: date,
  details: details.map(({ quantity: _, ...rest }) => rest),
});

const command: fc.Arbitrary<TransactionCommand> = fc.record({
  ...facts,
  messageId: reference,
  account: upper(1, 12),
  requests: fc.uniqueArray(
    fc.record({
      instructionId: reference,
      related: fc.subarray([{ by: 'market' as const, id: 'M-1' }]),
      linked: fc.uniqueArray(reference, { maxLength: 2 }),
      changes: fc.subarray(
        [
          { kind: 'BORR', code: 'YBOR' },
          { kind: 'LINK', code: 'UNLK' },
          { kind: 'PRIR', code: '0002' },
          { kind: 'PROC', code: 'FULL', scheme: 'DTCYID' },
          { kind: 'PRTL', code: 'NPAR' },
          { kind: 'RTGS', code: 'YRTG' },
          { kind: 'SETT', code: 'NPRE' },
          { kind: 'MTCH', code: 'UNMT' },
        ],
        { minLength: 1 },
      ),
    }),
    { minLength: 1, maxLength: 3, selector: ({ instructionId }) => instructionId },
  ),
});

const cancellationStatus: fc.Arbitrary<SettlementStatus> = fc
  .record({
    ...facts,
    messageId: reference,
    instructionId: reference,
    related: fc.subarray([{ by: 'market' as const, id: 'M-1' }]),
    status: fc.constantFrom(
      { kind: 'CPRC', code: 'PACK' },
      { kind: 'CPRC', code: 'CANP', reasons: [{ code: 'ADEA' }] },
      { kind: 'CPRC', code: 'REJT', reasons: [{ code: 'SAFE', text: 'no such account' }] },
      { kind: 'CPRC', code: 'DEND', reasons: [{ code: 'CDCY' }] },
      { kind: 'CPRC', code: 'CAND', reasons: [{ code: 'CANI' }] },
    ),
    details: cancellation.map(({ details: said }) => ({ ...said, parties: agents })),
  })
  .map(({ status, details: transaction, ...rest }) => ({ ...rest, statuses: [status], transaction }));

function eventsOf(codec: Codec, bytes: Uint8Array): readonly Event[] {
  const { message, issues } = codec.decode({ bytes });
  expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
  return message === undefined ? [] : codec.normalize(message, sampleContext);
}

/** All of an event but what the context gives. */
function meaning(event: Event) {
  const { type, businessKey, slot, parties, occurredAt, reportedBy, unit, computed, account } = event;
  const common = { type, businessKey, slot, parties, occurredAt, reportedBy, unit, computed, account };
  return { ...common, economics: economics(event), data: event.data };
}

function meaningWithout(event: Event, name: string) {
  const { data, ...rest } = meaning(event);
  return { ...rest, data: Object.fromEntries(Object.entries(data).filter(([key]) => key !== name)) };
}

/** The same facts by both writers, read by both codecs. */
function same(mt: Uint8Array, mx: Uint8Array, count: number): void {
  const left = eventsOf(iso15022, mt);
  expect(left).toHaveLength(count);
  expect(eventsOf(iso20022, mx).map(meaning)).toEqual(left.map(meaning));
}

const runs = { numRuns: 200 };

describe('law: settlement messages of both standards mean the same where they say the same', () => {
  test('MT540 to MT543 and sese.023', () => {
    fc.assert(
      fc.property(instruction, (said) => same(writeMt54x(said), writeSettlementInstruction(said), 1)),
      runs,
    );
  });

  test('a cancellation of them and sese.020, but for the type of transaction, which only the former has', () => {
    fc.assert(
      fc.property(cancellation, (said) => {
        const mt = eventsOf(
          iso15022,
          writeMt54x({ ...said, details: { ...said.details, transactionType: 'TRAD' } }),
        );
        const mx = eventsOf(iso20022, writeSettlementInstruction(said));
        expect(mx.map(meaning)).toEqual(mt.map((event) => meaningWithout(event, 'transactionType')));
        expect(mt).toHaveLength(1);
      }),
      runs,
    );
  });

  test('MT544 to MT547 and sese.025', () => {
    fc.assert(
      fc.property(confirmation, (said) => same(writeMtConfirmation(said), writeSese025(said), 1)),
      runs,
    );
  });

  test('MT530 and sese.030', () => {
    fc.assert(
      fc.property(command, (said) => same(writeMt530(said), writeSese030(said), said.requests.length)),
      runs,
    );
  });

  test('MT548 of a cancellation and sese.027, but for the request that only the latter names', () => {
    fc.assert(
      fc.property(cancellationStatus, (status) => {
        const mt = eventsOf(iso15022, writeMt548(status));
        const mx = eventsOf(iso20022, writeSese027({ ...status, requestId: 'REQ-1' }));
        expect(mx.map((event) => meaningWithout(event, 'previousId'))).toEqual(mt.map(meaning));
        expect(mt).toHaveLength(1);
      }),
      runs,
    );
  });
});

describe('one instruction, told by all of its messages', () => {
  const [said] = fc.sample(instruction, { numRuns: 1, seed: 11 });
  if (said === undefined) throw new Error('no sample');
  const about = { ...said, action: 'new' as const, sender: 'HALYUS33', receiver: 'DTCYUS33' };
  const answer = { sender: 'DTCYUS33', receiver: 'HALYUS33', preparedAt: about.preparedAt };
  const status: SettlementStatus = {
    ...answer,
    messageId: 'ST1',
    instructionId: about.instructionId,
    statuses: [{ kind: 'SETT', code: 'PEND' }],
  };
  const settled: SettlementConfirmation = {
    ...answer,
    messageId: 'CF1',
    action: 'new',
    instructionId: about.instructionId,
    settled: '1',
    effectiveDate: '2026-11-12',
    details: { ...about.details, transactionType: 'TRAD' },
  };

  test('shares its business key up to the fact: kind, servicer, scope, day and reference', () => {
    const events = [
      ...eventsOf(iso15022, writeMt54x(about)),
      ...eventsOf(iso20022, writeSettlementInstruction({ ...about, action: 'cancel', messageId: 'CX1' })),
      ...eventsOf(iso15022, writeMt548(status)),
      ...eventsOf(iso20022, writeSese025(settled)),
    ];
    const keys = events.map(({ businessKey = '' }) => businessKey.split('|').slice(0, 5).join('|'));
    expect(new Set(keys)).toEqual(new Set([`settlement|DTCYUS33|||${about.instructionId}`]));
    expect(new Set(events.map(({ businessKey }) => businessKey)).size).toBe(4);
    expect(events.map(({ type }) => type)).toEqual([
      'settlement.instructed',
      'settlement.pending',
      'settlement.pending',
      'settlement.settled',
    ]);
  });

  test('on a channel of ours, whose other side the channel names, too', () => {
    const out = { ...sampleContext, direction: 'out' as const, reportedBy: 'DTC' };
    const sent = iso15022.decode({ bytes: writeMt54x(about) }).message;
    const back = iso15022.decode({ bytes: writeMt548(status) }).message;
    if (sent === undefined || back === undefined) throw new Error('no message');
    const [instructed] = iso15022.normalize(sent, out);
    const [pending] = iso15022.normalize(back, { ...out, direction: 'in' });
    expect(instructed?.businessKey).toBe(`settlement|DTC|||${about.instructionId}|NEWM`);
    expect(pending?.businessKey).toBe(`settlement|DTC|||${about.instructionId}|SETT//PEND`);
  });

  test('a reversal names the confirmation that it undoes by its key', () => {
    const reversal = { ...settled, action: 'reverse' as const, messageId: 'CF2', previousId: 'CF1' };
    const [first] = eventsOf(iso15022, writeMtConfirmation(settled));
    const [second] = eventsOf(iso15022, writeMtConfirmation(reversal));
    expect(second).toMatchObject({ type: 'settlement.reclaimed', reverses: first?.businessKey });
    expect(second?.businessKey).not.toBe(first?.businessKey);
  });

  test.each<[object, string, object]>([
    [{ partial: 'PAIN', remaining: '3' }, 'settlement.partial', { quantity: '4', remaining: '3' }],
    [{ remaining: '3', previouslySettled: '2.5' }, 'settlement.partial', { quantity: '6.5' }],
    [{ partial: 'PARC', previouslySettled: '2' }, 'settlement.settled', { status: 'PARC' }],
    [{ remaining: '0' }, 'settlement.settled', { quantity: '1', remaining: '0' }],
    [{ preconfirmed: 'PRCA' }, 'settlement.pending', { status: 'PRCA' }],
    [{ details: { ...settled.details, transactionType: 'RODE' } }, 'settlement.reclaimed', {}],
  ])('a confirmation with %j is %s', (changed, type, data) => {
    const [event] = eventsOf(iso15022, writeMtConfirmation({ ...settled, ...changed }));
    expect(event).toMatchObject({ type, data: { settled: '1', ...data } });
  });
});

test('what is asked twice for one instruction is told twice, each under an id of its own', () => {
  const requests = [
    { instructionId: 'I-1', changes: [{ kind: 'PRIR', code: '0001' }] },
    { instructionId: 'I-1', changes: [{ kind: 'PRTL', code: 'PART' }] },
    { instructionId: 'I-1-2', changes: [{ kind: 'PRTL', code: 'PART' }] },
  ];
  const events = eventsOf(iso20022, writeSese030({ messageId: 'C-1', account: 'A1', requests }));
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  expect(new Set(events.map(({ businessKey }) => businessKey)).size).toBe(3);
});

describe('differences between what was given and what is read', () => {
  const [said] = fc.sample(instruction, { numRuns: 1, seed: 3 });
  if (said === undefined) throw new Error('no sample');

  test('are named, and are not what is only written in another way', () => {
    const other = { ...said, details: { ...said.details, quantity: `${said.details.quantity}0` } };
    expect(saidDifferences(said, said)).toEqual([]);
    expect(
      saidDifferences(
        { ...said, sender: 'A', details: { ...said.details, quantity: '5.0' } },
        {
          ...said,
          details: { ...said.details, quantity: '5' },
        },
      ),
    ).toEqual([]);
    expect(
      saidDifferences(said, { ...other, details: { ...other.details, quantity: '7777777777' } }),
    ).toEqual(['quantity']);
    expect(saidDifferences(said, { ...said, linked: [...(said.linked ?? []), 'X'] })).toEqual(['linked']);
    expect(
      saidDifferences(said, { ...said, details: { ...said.details, isin: undefined, text: 'other' } }),
    ).toContain('text');
  });
});
