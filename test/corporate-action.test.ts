import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso15022, writeCorporateActionMt } from '../codecs/iso15022/index.ts';
import { iso20022, writeCorporateActionMx } from '../codecs/iso20022/index.ts';
import type { Codec } from '../src/contract/codec.ts';
import type { CorporateActionSaid } from '../src/contract/corporate-action.ts';
import { type Event, economics } from '../src/events/index.ts';
import { sampleContext } from './sample-context.ts';

/** An MT and an MX of a corporate action that say the same mean the same. */
const upper = fc.string({
  minLength: 1,
  maxLength: 16,
  unit: fc.constantFrom(...'ABCDEFGHJKLMNPQ0123456789'),
});
const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const time = date.map((day) => `${day}T22:00:00Z`);
const decimal = fc
  .tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.nat(99))
  .map(([whole, part]) =>
    part === 0 ? String(whole) : `${whole}.${String(part).padStart(2, '0').replace(/0$/, '')}`,
  );
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const security = fc.constantFrom(
  { isin: 'US9900001087', cusip: '990000108' },
  { isin: 'US9900002075', cusip: undefined },
  { isin: undefined, cusip: '990000306' },
);
const unit = fc.constantFrom('shares' as const, 'face' as const);
const currency = fc.constantFrom('USD', 'EUR');
const typed = <T extends object>(types: readonly string[], value: fc.Arbitrary<T>) =>
  fc
    .subarray([...types])
    .chain(
      (kept): fc.Arbitrary<readonly (T & { type: string })[]> =>
        fc.tuple(...kept.map((type) => value.map((one) => ({ ...one, type })))),
    );
const day = date.map((one) => ({ date: one }));
const dayOrCode = fc.oneof(
  day,
  fc.constantFrom('UKWN', 'ONGO').map((code) => ({ code })),
);
const deadline = fc.oneof(
  dayOrCode,
  time.map((one) => ({ time: one })),
);
const rate = fc.oneof(
  fc.record({ value: decimal, currency }),
  fc.record({ value: decimal, currency, code: fc.constant('TXBL') }),
  fc.constant({ code: 'UKWN' }),
);
const tax = fc.oneof(
  fc.record({ value: fc.integer({ min: 1, max: 99 }).map(String) }),
  fc.record({ value: fc.integer({ min: 1, max: 99 }).map(String), code: fc.constantFrom('NRAT', 'BWIT') }),
);
const price = fc.oneof(
  fc.record({ value: decimal, currency, code: fc.constantFrom('ACTU', 'DISC') }),
  fc.record({ value: fc.integer({ min: 1, max: 200 }).map(String), code: fc.constantFrom('PRCT', 'PREM') }),
  fc.constant({ code: 'UKWN' }),
);
const ratio = fc.record({
  type: fc.constantFrom('ADEX', 'NEWO', 'ADSR'),
  numerator: decimal,
  denominator: decimal,
});
const direction = fc.constantFrom('credit' as const, 'debit' as const);
const fractions = optional(fc.constantFrom('CINL', 'RDDN', 'RDUP'));
const words = optional(fc.constantFrom('Holders of record only.', 'see (4.2) of the notice, page 3'));

const accounts = (types: readonly string[], min: number, max: number) =>
  fc.uniqueArray(
    fc.record({
      account: upper,
      balances: typed(
        types,
        fc.record({
          quantity: fc.oneof(
            decimal,
            decimal.map((one) => `-${one}`),
          ),
          unit,
        }),
      ),
    }),
    { minLength: min, maxLength: max, selector: ({ account }) => account },
  );

/** Movements of a notice have a pay date, those of a confirmation a posting date; both hold what moves in its own place. */
function movements(moved: 'PAYD' | 'POST') {
  const dates = (types: readonly string[], value: fc.Arbitrary<object>) =>
    fc.tuple(date, typed(types, value)).map(([one, more]) => [{ type: moved, date: one }, ...more]);
  const securities = fc.record({
    kind: fc.constant('securities' as const),
    direction,
    security,
    quantity: decimal,
    unit,
    ratio: optional(ratio),
    fractions,
    dates: dates(['AVAL', 'EARL'], day),
    rates: fc.constant([]),
  });
  const cash = fc.record({
    kind: fc.constant('cash' as const),
    direction,
    amount: decimal,
    currency,
    account: optional(upper),
    dates: dates(['VALU'], day),
    rates: fc
      .tuple(
        typed(
          ['GRSS'],
          rate.filter((one) => moved === 'PAYD' || 'value' in one),
        ),
        typed(['TAXR', 'WITL'], tax),
      )
      .map((all) => all.flat()),
    amounts: typed(['GRSS', 'NETT', 'TAXR', 'CHAR'], fc.record({ amount: decimal, currency })),
  });
  return fc
    .tuple(fc.array(securities, { maxLength: 2 }), fc.array(cash, { maxLength: 2 }))
    .map(([first, second]) => [...first, ...second]);
}

const optionsOf = (moved: 'PAYD' | 'POST') => {
  const notice = moved === 'PAYD';
  return fc.uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 999 }).map((number) => String(number).padStart(3, '0')),
      type: fc.constantFrom('CASH', 'SECU', 'NOAC'),
      isDefault: notice ? fc.boolean() : fc.constant(undefined),
      status: notice ? optional(fc.constantFrom('INTV', 'CANC')) : fc.constant(undefined),
      fractions,
      currency: optional(currency),
      dates: notice ? typed(['EARD', 'MKDT', 'RDDT', 'EXPI'], deadline) : fc.constant([]),
      rates: notice
        ? fc
            .tuple(typed(['GRSS'], rate), typed(['TAXR'], tax), typed(['CINL'], price))
            .map((all) => all.flat())
        : fc.constant([]),
      movements: movements(moved),
    }),
    { minLength: 1, maxLength: 3, selector: ({ number }) => number },
  );
};

const shared = {
  messageId: upper,
  preparedAt: time,
  sender: fc.constantFrom('DTCYUS33', 'ABCDUS33XYZ'),
  receiver: fc.constant('HALYUS33'),
  eventId: upper,
  officialId: optional(upper),
  kind: fc.constantFrom('DVCA', 'DVOP', 'SPLF', 'MRGR', 'PCAL', 'TEND'),
  security,
};
const page = optional(fc.record({ number: fc.integer({ min: 1, max: 99 }), last: fc.boolean() }));
const detailDates = typed(['XDTE', 'RDTE', 'EFFD', 'LOTO', 'MCTD', 'PAYD'], dayOrCode);
const linked = optional(upper);

const notice: fc.Arbitrary<CorporateActionSaid> = fc.record({
  ...shared,
  message: fc.constant('notification' as const),
  function: fc.constantFrom('NEWM', 'REPL', 'RMDR'),
  participation: fc.constantFrom('MAND', 'CHOS', 'VOLU'),
  completeness: fc.constant('preliminary' as const),
  confirmed: fc.boolean(),
  page,
  processes: fc.subarray(['CLAI', 'SCHM', 'CONS']),
  previousId: linked,
  instructionId: linked,
  linkedEvents: fc.array(upper, { maxLength: 2 }),
  accounts: accounts(['ELIG', 'LOAN', 'SETT', 'UNBA'], 0, 3),
  dates: detailDates,
  rates: typed(
    ['INTR'],
    tax.map(({ value }) => ({ value })),
  ),
  options: optionsOf('PAYD'),
  text: words,
});

const entitlement: fc.Arbitrary<CorporateActionSaid> = notice.map((one) => ({
  ...one,
  function: 'REPE',
  completeness: 'entitlement',
  confirmed: undefined,
  processes: ['CAPA'],
  rates: [],
  dates: (one.dates ?? []).filter(({ type }) => /^(XDTE|RDTE|LOTO)$/.test(type)),
}));

const election = fc.record({
  number: fc.integer({ min: 1, max: 999 }).map((number) => String(number).padStart(3, '0')),
  type: fc.constantFrom('CASH', 'SECU'),
});
const howMuch = fc.oneof(
  fc.record({ quantity: decimal, unit }),
  fc.constant({ quantityCode: 'QALL' }),
  fc.record({ amount: decimal, currency }),
);
const instruction: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(
    fc.record({ ...shared, accounts: accounts([], 1, 1), linkedEvents: fc.constant([]) }),
    election,
    howMuch,
    words,
  )
  .map(([said, chosen, much, text]) => ({
    ...said,
    message: 'instruction',
    function: 'NEWM',
    election: { ...chosen, ...much, text },
  }));

const cancellation: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(instruction, upper, decimal, unit)
  .map(([said, previousId, quantity, counted]) => ({
    ...said,
    message: 'instruction-cancellation',
    function: 'CANC',
    officialId: undefined,
    previousId,
    linkedEvents: [],
    election: {
      number: said.election?.number ?? '001',
      type: said.election?.type ?? 'CASH',
      quantity,
      unit: counted,
    },
  }));

const withdrawal: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(
    fc.record({ ...shared, accounts: accounts([], 0, 3), text: words }),
    fc.constantFrom('WITH', 'CANC'),
    fc.boolean(),
  )
  .map(([said, code, confirmed]) => ({
    ...said,
    message: 'notification',
    function: code,
    participation: 'VOLU',
    completeness: 'preliminary',
    confirmed,
  }));

const statusRows = [
  ['IPRC', 'INST', ['PACK', 'REJT', 'PEND', 'CAND']],
  ['CPRC', 'CAST', ['CAND', 'REJT', 'PEND']],
] as const;
const status: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(
    fc.record({ ...shared, instructionId: upper, accounts: accounts([], 1, 1) }),
    fc.constantFrom(...statusRows),
    fc.nat(3),
    fc.subarray(['ADEA', 'NARR']),
    election,
    fc.record({ quantity: decimal, unit }),
    words,
  )
  .map(([said, [kind, code, codes], index, reasons, chosen, much, text]) => ({
    ...said,
    message: 'status',
    function: code,
    election: { ...chosen, ...much },
    statuses: [
      {
        kind,
        code: codes[index % codes.length] ?? codes[0],
        reasons: reasons.map((reason) => ({ code: reason })),
        text: reasons.length === 0 ? undefined : text,
      },
    ],
  }));

const confirmation: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(
    fc.record({
      ...shared,
      previousId: linked,
      instructionId: linked,
      linkedEvents: fc.array(upper, { maxLength: 1 }),
      processes: fc.subarray(['CLAI']),
      accounts: accounts(['CONB'], 1, 1),
      dates: typed(['XDTE', 'RDTE'], dayOrCode),
      text: words,
    }),
    optionsOf('POST').map((all) => all.slice(0, 1)),
  )
  .map(([said, options]) => ({ ...said, message: 'confirmation', function: 'NEWM', options }));

const reversal: fc.Arbitrary<CorporateActionSaid> = fc
  .tuple(confirmation, upper, fc.constantFrom('IPRI', 'DCBD', 'NARR'))
  .map(([said, previousId, reversalReason]) => ({
    ...said,
    function: 'REVR',
    previousId,
    reversalReason,
    instructionId: undefined,
    processes: [],
    options: (said.options ?? []).map((option) => ({
      ...option,
      fractions: undefined,
      currency: undefined,
      movements: (option.movements ?? []).map((one) => ({
        ...one,
        ratio: undefined,
        fractions: undefined,
        amounts: [],
        rates: [],
        dates: (one.dates ?? []).filter(({ type }) => type === 'POST'),
      })),
    })),
  }));

const families = {
  notice,
  entitlement,
  instruction,
  cancellation,
  withdrawal,
  status,
  confirmation,
  reversal,
};

function eventsOf(codec: Codec, bytes: Uint8Array): readonly Event[] {
  const { message, issues } = codec.decode({ bytes });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return message === undefined ? [] : codec.normalize(message, sampleContext);
}

function meaning(event: Event) {
  return { event, economics: economics(event) };
}

describe.each(Object.entries(families))('law: a %s', (_, arbitrary) => {
  test('means the same in both standards, to the last attribute', () => {
    fc.assert(
      fc.property(arbitrary, fc.constantFrom('001' as const, '002' as const), (said, variant) => {
        const mx = writeCorporateActionMx(said, { variant });
        if (mx === undefined) throw new Error('no message');
        const left = eventsOf(iso15022, writeCorporateActionMt(said));
        expect(left.length).toBeGreaterThan(0);
        expect(eventsOf(iso20022, mx).map(meaning)).toEqual(left.map(meaning));
      }),
      { numRuns: 100 },
    );
  });
});
