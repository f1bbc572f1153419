import fc from 'fast-check';
import type { SettlementTransaction, StatusSaid } from '../../src/contract/settlement-status.ts';
import type {
  StatedBalance,
  StatedHolding,
  StatedPrice,
  StatementHead,
} from '../../src/contract/statement.ts';
import type { StatementPage } from './write-mt.ts';

/** Pages of statements that both standards can say, to be written in both. */
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
const signed = fc
  .tuple(decimal, fc.boolean())
  .map(([text, minus]) => (minus && text !== '0' ? `-${text}` : text));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const unit = fc.constantFrom('shares' as const, 'face' as const);
const words = fc.constantFrom('HELD FOR A CLIENT', 'SEE (4.2) OF OUR NOTICE', 'A+B');

const head = (kind: StatementHead['kind']): fc.Arbitrary<StatementHead> =>
  fc
    .record({
      messageId: upper(1, 16),
      number: maybe(fc.nat(999).map((number) => String(number).padStart(3, '0'))),
      page: fc.integer({ min: 1, max: 99_999 }),
      last: fc.boolean(),
      at: date,
      basis: fc.constantFrom('SETT', 'TRAD'),
      update: fc.constantFrom('COMP', 'DELT'),
      account: upper(1, 12),
    })
    .map((said) => ({
      ...said,
      ...(kind === 'pending' && { basis: undefined }),
      ...(kind === 'transactions' && { from: '2019-12-01' }),
      kind,
      sender: 'DTCYUS33',
      receiver: 'HALYUS33',
      preparedAt: `${said.at}T06:30:00Z`,
    }));

const security = fc.record({
  isin: maybe(fc.constantFrom('US9900001087', 'US9900002075')),
  cusip: fc.constantFrom('990000108', '990000207'),
});

const lot = (within: string | undefined): fc.Arbitrary<StatedBalance> =>
  fc
    .record({ quantity: signed, lotId: maybe(upper(1, 8)), lotDate: maybe(date), price: maybe(decimal) })
    .map((said) => ({
      type: 'LOTS',
      within,
      ...said,
      currency: said.price === undefined ? undefined : 'USD',
    }));

const balance = (type: string): fc.Arbitrary<readonly StatedBalance[]> =>
  fc
    .tuple(
      signed,
      maybe(fc.constantFrom('available' as const, 'not-available' as const)),
      maybe(words),
      fc.array(lot(type), { maxLength: 2 }),
    )
    .map(([quantity, availability, text, lots]) => [{ type, quantity, availability, text }, ...lots]);

const balances = fc
  .tuple(
    fc.subarray(['BLOK', 'PLED', 'BORR', 'PECA']).chain((types) => fc.tuple(...types.map(balance))),
    fc.array(lot(undefined), { maxLength: 2 }),
  )
  .map(([parts, lots]) => [...parts.flat(), ...lots]);

const price = (kind: string): fc.Arbitrary<StatedPrice> =>
  fc.tuple(decimal, fc.boolean()).map(([value, amount]) => ({
    kind,
    price: value,
    ...(amount ? { type: 'ACTU', currency: 'USD' } : { type: 'PRCT' }),
  }));

const holding: fc.Arbitrary<StatedHolding> = fc
  .record({
    security,
    account: maybe(upper(1, 8)),
    quantity: signed,
    unit,
    available: maybe(signed),
    notAvailable: maybe(decimal),
    location: maybe(fc.constantFrom('NCSD/DTCYUS33', 'SHHE/VAULT 3', 'US', 'CUST/ABCDUS33')),
    price: maybe(fc.constantFrom('MRKT', 'INDC').chain(price)),
    quoted: fc.record({ source: maybe(fc.constantFrom('LMAR/XNYS', 'VEND')), date: maybe(date) }),
    hold: maybe(signed),
    accrued: maybe(signed),
    balances,
    text: maybe(words),
  })
  .map(({ security: named, price: told, quoted, hold, accrued, ...rest }) => ({
    ...named,
    ...rest,
    prices: told === undefined ? [] : [{ ...told, ...quoted }],
    amounts: [
      ...(hold === undefined ? [] : [{ kind: 'HOLD', amount: hold, currency: 'USD' }]),
      ...(accrued === undefined ? [] : [{ kind: 'ACRU', amount: accrued, currency: 'USD' }]),
    ],
  }));

/** ISO 20022 has the account's own holdings before those of its sub-accounts. */
const holdings = fc
  .array(holding, { maxLength: 4 })
  .map((all) => all.toSorted((a, b) => Number(a.account !== undefined) - Number(b.account !== undefined)));

const transaction: fc.Arbitrary<SettlementTransaction> = fc
  .record({
    security,
    quantity: decimal,
    unit,
    delivery: fc.constantFrom('deliver' as const, 'receive' as const),
    amount: maybe(signed),
    tradeDate: maybe(date),
    settlementDate: date,
    place: maybe(fc.constant('DTCYUS33')),
    parties: fc.subarray([
      { role: 'DEAG', id: 'ABCDUS33', scheme: 'bic' },
      { role: 'REAG', id: '00000901', scheme: 'DTCYID' },
    ]),
    text: maybe(words),
  })
  .map(({ security: named, ...rest }) => ({
    ...named,
    ...rest,
    // Against payment an amount is mandatory, and only then (MT536 C2).
    payment: rest.amount === undefined ? ('free' as const) : ('against-payment' as const),
    currency: rest.amount === undefined ? undefined : 'USD',
  }));

const named = {
  instructionId: fc.oneof(
    { weight: 4, arbitrary: upper(1, 16) },
    { weight: 1, arbitrary: fc.constant('NONREF') },
  ),
  related: fc.subarray([
    { by: 'market' as const, id: 'M-1' },
    { by: 'processor' as const, id: 'P-1' },
    { by: 'trade' as const, id: 'T-1' },
    { by: 'common' as const, id: 'C-1' },
  ]),
};

const posting = fc.record({
  ...named,
  transaction,
  activity: fc.constantFrom('SETT', 'COLL'),
  type: maybe(fc.constantFrom('TRAD', 'REPU')),
  effectiveDate: date,
  reversal: fc.boolean(),
});

const statuses: fc.Arbitrary<readonly StatusSaid[]> = fc.subarray(
  [
    { kind: 'IPRC', code: 'PACK', reasons: [{ code: 'ADEA' }] },
    { kind: 'INMH', code: 'MACH', reasons: [] },
    { kind: 'MTCH', code: 'NMAT', reasons: [{ code: 'DQUA', text: '100 AGAINST 90' }] },
    { kind: 'SETT', code: 'PEND', reasons: [{ code: 'FUTU' }, { code: 'NARR', text: 'WAITS' }] },
    { kind: 'SETT', code: 'PENF', reasons: [{ code: 'LACK', text: 'SHORT OF SECURITIES' }] },
  ],
  { minLength: 1 },
);

/** One security, and one sub-account or none: what a page of the writers holds. */
const oneSecurity = fc.tuple(security, maybe(upper(1, 8)));

export const page: fc.Arbitrary<StatementPage> = fc.oneof(
  fc.record({ head: head('holdings'), holdings }),
  fc
    .record({
      head: head('transactions'),
      postings: fc.array(posting, { minLength: 1, maxLength: 3 }),
      totals: fc.tuple(maybe(signed), maybe(signed), unit),
      one: oneSecurity,
    })
    .map(({ one: [same, account], totals: [opens, closes, counted], postings, ...rest }) => ({
      ...rest,
      totals: [
        ...(opens === undefined ? [] : [{ kind: 'FIOP', quantity: opens, unit: counted }]),
        ...(closes === undefined ? [] : [{ kind: 'FICL', quantity: closes, unit: counted }]),
      ],
      postings: postings.map((each) => ({ ...each, transaction: { ...each.transaction, ...same, account } })),
    })),
  fc.record({
    head: head('pending'),
    structure: fc.constantFrom('STAT' as const, 'TRAN' as const),
    pending: fc.array(fc.record({ ...named, transaction: maybe(transaction), statuses }), { maxLength: 3 }),
  }),
);
