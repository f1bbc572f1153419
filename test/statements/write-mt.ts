import { type WrittenField, writeMt } from '../../codecs/iso15022/write.ts';
import type { SettlementTransaction, StatusSaid } from '../../src/contract/settlement-status.ts';
import type {
  StatedBalance,
  StatedHolding,
  StatedPending,
  StatedPosting,
  StatedPrice,
  StatedTotal,
  StatementHead,
} from '../../src/contract/statement.ts';

/** A statement of MT535, MT536 or MT537 that says this: what the laws read back. Values are written as they stand. */
export interface StatementPage {
  readonly head: StatementHead;
  readonly holdings?: readonly StatedHolding[];
  readonly totals?: readonly StatedTotal[];
  readonly postings?: readonly StatedPosting[];
  readonly pending?: readonly StatedPending[];
  /** Of pending transactions: by status, or by transaction. */
  readonly structure?: 'STAT' | 'TRAN';
}

const types = { holdings: '535', transactions: '536', pending: '537' } as const;

export function writeMtStatement(page: StatementPage): Uint8Array {
  const { head, holdings = [], pending = [], structure = 'STAT' } = page;
  const fields = [
    ...general(head, structure, isActive(page)),
    ...holdings.flatMap(holdingFields),
    ...transactionFields(page),
    ...pending.flatMap((one) => pendingFields(one, structure)),
  ];
  const { sender = 'DTCYUS33', receiver = 'HALYUS33', preparedAt } = head;
  const inputTime = digits(preparedAt ?? '2026-11-12T06:30:00Z').slice(2, 12);
  return writeMt(types[head.kind], fields, { envelope: { sender, receiver, inputTime }, lineEnd: '\n' });
}

/** Whether a page holds anything: the standards have a flag for it. */
export function isActive({ holdings = [], postings = [], pending = [] }: StatementPage): boolean {
  return holdings.length + postings.length + pending.length > 0;
}

function general(head: StatementHead, structure: string, active: boolean): WrittenField[] {
  const { page, last, number, messageId, cancels, preparedAt, at, from, basis, update, account } = head;
  const continued = last ? (page === 1 ? 'ONLY' : 'LAST') : 'MORE';
  const moment = (value: string, qualifier: string): WrittenField =>
    value.includes('T')
      ? ['98C', `:${qualifier}//${digits(value)}`]
      : ['98A', `:${qualifier}//${digits(value)}`];
  return sequence('GENL', [
    ['28E', `${page}/${continued}`],
    ...given('13A', 'STAT', number),
    ['20C', `:SEME//${messageId}`],
    ['23G', cancels === true ? 'CANC' : 'NEWM'],
    ...given('98E', 'PREP', preparedAt === undefined ? undefined : `${digits(preparedAt)}/00`),
    ...(from === undefined ? [moment(at, 'STAT')] : period(from, at)),
    ...(head.kind === 'pending' ? [['22H', `:STST//${structure}`] as const] : []),
    ['22F', ':SFRE//DAIL'],
    ...given('22F', 'CODE', update),
    ...(head.kind === 'holdings' ? [['22F', ':STTY//CUST'] as const] : []),
    ...(head.kind === 'pending' ? [] : given('22F', 'STBA', basis)),
    ...(head.previousId === undefined ? [] : sequence('LINK', [['20C', `:PREV//${head.previousId}`]])),
    ...given('97A', 'SAFE', account),
    ['17B', `:ACTI//${active ? 'Y' : 'N'}`],
    ...(head.kind === 'pending' ? [] : [['17B', ':CONS//N'] as const]),
  ]);
}

function period(from: string, to: string): WrittenField[] {
  const tag = from.includes('T') ? '69B' : '69A';
  return [[tag, `:STAT//${digits(from)}/${digits(to)}`]];
}

function holdingFields(holding: StatedHolding): WrittenField[] {
  const {
    account,
    location,
    quantity,
    unit,
    available,
    notAvailable,
    prices = [],
    amounts = [],
    text,
  } = holding;
  const counted = (value: string | undefined) =>
    value === undefined ? undefined : `${kindOf(unit)}/${signed(value)}`;
  const balances = holding.balances ?? [];
  const own = balances.filter(({ type, within }) => type !== 'LOTS' && within === undefined);
  const [first] = prices;
  return sequence('SUBSAFE', [
    ...given('97A', 'SAFE', account),
    ...place(location),
    ...sequence('FIN', [
      ['35B', security(holding)],
      ...prices.map(priceField),
      ...given('94B', 'PRIC', first?.source),
      ...given('98A', 'PRIC', first?.date === undefined ? undefined : digits(first.date)),
      ...given('93B', 'AGGR', counted(quantity)),
      ...given('93B', 'AVAI', counted(available)),
      ...given('93B', 'NAVL', counted(notAvailable)),
      ...amounts.map(
        ({ kind, amount, currency }): WrittenField => ['19A', `:${kind}//${money(amount, currency)}`],
      ),
      ...given('70E', 'HOLD', text),
      ...own.flatMap((balance) => balanceFields(balance, lots(balances, balance.type), unit)),
      ...lots(balances, undefined).flatMap((lot) => lotFields(lot, unit)),
    ]),
  ]);
}

function lots(balances: readonly StatedBalance[], within: string | undefined): readonly StatedBalance[] {
  return balances.filter((one) => one.type === 'LOTS' && one.within === within);
}

const availabilities = { available: 'AVAI', 'not-available': 'NAVL' } as const;

function balanceFields(
  balance: StatedBalance,
  inner: readonly StatedBalance[],
  unit: 'shares' | 'face',
): WrittenField[] {
  const { type, quantity, availability, text, location } = balance;
  const tag = availability === undefined ? '93B' : '93C';
  const how = availability === undefined ? '' : `${availabilities[availability]}/`;
  return sequence('SUBBAL', [
    [tag, `:${type}//${kindOf(unit)}/${how}${signed(quantity)}`],
    ...place(location),
    ...given('70C', 'SUBB', text),
    ...inner.flatMap((lot) => lotFields(lot, unit)),
  ]);
}

function lotFields(
  { lotId, quantity, lotDate, price, currency }: StatedBalance,
  unit: 'shares' | 'face',
): WrittenField[] {
  return sequence('BREAK', [
    ...given('13B', 'LOTS', lotId),
    ['93B', `:LOTS//${kindOf(unit)}/${signed(quantity)}`],
    ...given('98A', 'LOTS', lotDate === undefined ? undefined : digits(lotDate)),
    ...given('90B', 'LOTS', price === undefined ? undefined : `ACTU/${currency}${comma(price)}`),
  ]);
}

function priceField({ kind, type, price, currency }: StatedPrice): WrittenField {
  const tag = currency === undefined ? '90A' : '90B';
  const value = currency === undefined ? signed(price) : `${currency}${comma(price)}`;
  return [tag, `:${kind}//${type}/${value}`];
}

/** One FIN of MT536 for all of the page: the writer's pages are of one security. */
function transactionFields({ totals = [], postings = [] }: StatementPage): WrittenField[] {
  const [first] = postings;
  if (first === undefined) return [];
  return sequence('SUBSAFE', [
    ...given('97A', 'SAFE', first.transaction.account),
    ...sequence('FIN', [
      ['35B', security(first.transaction)],
      ...totals.map(
        ({ kind, quantity, unit }): WrittenField => ['93B', `:${kind}//${kindOf(unit)}/${signed(quantity)}`],
      ),
      ...postings.flatMap((posting) =>
        sequence('TRAN', [...links(posting), ...sequence('TRANSDET', postingFields(posting))]),
      ),
    ]),
  ]);
}

function postingFields({
  transaction,
  activity,
  type,
  effectiveDate,
  reversal,
}: StatedPosting): WrittenField[] {
  return [
    ...details(transaction),
    ...given('22F', 'TRAN', activity),
    ...given('22F', activity === 'CORP' ? 'CAEV' : 'SETR', type),
    ...given('98A', 'ESET', effectiveDate === undefined ? undefined : digits(effectiveDate)),
    ...(reversal === true ? [['25D', ':MOVE//REVE'] as const] : []),
    ...given('70E', 'TRDE', transaction.text),
    ...parties(transaction),
  ];
}

function pendingFields(pending: StatedPending, structure: 'STAT' | 'TRAN'): WrittenField[] {
  const { transaction, statuses } = pending;
  const told =
    transaction === undefined
      ? []
      : sequence('TRANSDET', [
          ['35B', security(transaction)],
          ...details(transaction),
          ['22F', ':TRAN//SETT'],
          ...given('70E', 'TRDE', transaction.text),
          ...parties(transaction),
        ]);
  if (structure === 'TRAN')
    return sequence('TRANS', [...links(pending), ...told, ...statuses.flatMap((s) => status(s, []))]);
  return statuses.flatMap((said) => status(said, sequence('TRAN', [...links(pending), ...told])));
}

function status(
  { kind, code, scheme = '', reasons = [] }: StatusSaid,
  inner: readonly WrittenField[],
): WrittenField[] {
  return sequence('STAT', [
    ['25D', `:${kind}/${scheme}/${code}`],
    ...reasons.flatMap((reason) =>
      sequence('REAS', [['24B', `:${code}//${reason.code}`], ...given('70D', 'REAS', reason.text)]),
    ),
    ...inner,
  ]);
}

function details(said: SettlementTransaction): WrittenField[] {
  const {
    quantity,
    unit = 'shares',
    amount,
    currency = '',
    tradeDate,
    settlementDate,
    delivery,
    payment,
  } = said;
  return [
    ...given('36B', 'PSTA', quantity === undefined ? undefined : `${kindOf(unit)}/${comma(quantity)}`),
    ...given('19A', 'PSTA', amount === undefined ? undefined : money(amount, currency)),
    ...given('22H', 'REDE', delivery && (delivery === 'deliver' ? 'DELI' : 'RECE')),
    ...given('22H', 'PAYM', payment && (payment === 'free' ? 'FREE' : 'APMT')),
    ...given('98A', 'TRAD', tradeDate === undefined ? undefined : digits(tradeDate)),
    ...given('98A', 'SETT', settlementDate === undefined ? undefined : digits(settlementDate)),
  ];
}

const linkQualifiers = { market: 'MITI', processor: 'PCTI', common: 'COMM', trade: 'TRRF' } as const;

function links({ instructionId, related = [] }: StatedPosting | StatedPending): WrittenField[] {
  return [
    ...sequence('LINK', [['20C', `:RELA//${instructionId ?? 'NONREF'}`]]),
    ...related.flatMap(({ by, id }) => {
      const qualifier = by in linkQualifiers ? linkQualifiers[by as keyof typeof linkQualifiers] : 'COMM';
      return sequence('LINK', [['20C', `:${qualifier}//${id}`]]);
    }),
  ];
}

function parties({ parties: said = [], place: settles }: SettlementTransaction): WrittenField[] {
  return [
    ...said.flatMap(({ role, id, scheme }) =>
      sequence('SETPRTY', [
        scheme === 'bic' ? ['95P', `:${role}//${id}`] : ['95R', `:${role}/${scheme}/${id}`],
      ]),
    ),
    ...(settles === undefined ? [] : sequence('SETPRTY', [['95P', `:PSET//${settles}`]])),
  ];
}

function place(location: string | undefined): WrittenField[] {
  if (location === undefined) return [];
  if (!location.includes('/')) return [['94C', `:SAFE//${location}`]];
  return [[location.startsWith('SHHE') ? '94B' : '94F', `:SAFE//${location}`]];
}

function security({ isin, cusip }: { isin?: string | undefined; cusip?: string | undefined }): string {
  return [...(isin ? [`ISIN ${isin}`] : []), ...(cusip ? [`/US/${cusip}`] : []), 'ALPHA CORP COM'].join('\n');
}

function kindOf(unit: 'shares' | 'face'): string {
  return unit === 'face' ? 'FAMT' : 'UNIT';
}

function money(amount: string, currency: string): string {
  return amount.startsWith('-') ? `N${currency}${comma(amount.slice(1))}` : `${currency}${comma(amount)}`;
}

function signed(quantity: string): string {
  return quantity.startsWith('-') ? `N${comma(quantity.slice(1))}` : comma(quantity);
}

function comma(decimal: string): string {
  return decimal.includes('.') ? decimal.replace('.', ',') : `${decimal},`;
}

function digits(moment: string): string {
  return moment.replace(/\D/g, '').slice(0, 14);
}

function sequence(code: string, fields: readonly WrittenField[]): WrittenField[] {
  return [['16R', code], ...fields, ['16S', code]];
}

function given(tag: string, qualifier: string, value: string | undefined): WrittenField[] {
  return value === undefined ? [] : [[tag, `:${qualifier}//${value}`]];
}
