import type { Basis, BookView } from '../book/index.ts';
import { addDecimals, decimalText, readDecimal } from '../core/decimal.ts';
import { shownText } from '../recon/index.ts';
import {
  accountAsked,
  accountShown,
  type BookOptions,
  dayAsked,
  emptyLines,
  securitiesAsked,
  withBook,
} from './book-names.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { type Column, tableLines } from './table.ts';

const bases: readonly Basis[] = ['trade-date', 'settlement-date'];
const members = { 'trade-date': 'tradeDate', 'settlement-date': 'settlementDate' } as const;
const right = (head: string): Column => ({ head, align: 'right' });

/** `clearport book positions`: by account and security, both bases side by side. */
export function bookPositions(context: CommandContext, options: BookOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const { asOf, wanted } = asked(context, book, options);
    const rows = sideBySide(chosen(options), (basis) => positionsOf(book, options, basis, asOf, wanted));
    if (context.json)
      for (const { one, ...amounts } of rows) await printJson(context, jsonOf({ ...one, asOf, ...amounts }));
    else {
      const columns = [{ head: 'account' }, { head: 'security' }, { head: 'symbol' }];
      const cells = rows.map(({ one, ...amounts }) => [
        accountShown(one.account, options),
        one.security,
        one.symbol ?? '',
        ...amountCells(options, amounts, 0),
      ]);
      await print(context, book, options, { title: `Positions as of ${asOf}`, columns, cells });
    }
    return 0;
  });
}

/** `clearport book cash`: by account and currency, both bases side by side. */
export function bookCash(context: CommandContext, options: BookOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const { asOf, query } = asked(context, book, options);
    const rows = sideBySide(chosen(options), (basis) =>
      book.cash({ basis, asOf, ...query }).map(({ amount, ...one }) => ({ one, amount })),
    );
    if (context.json)
      for (const { one, ...amounts } of rows) await printJson(context, jsonOf({ ...one, asOf, ...amounts }));
    else {
      const columns = [{ head: 'account' }, { head: 'currency' }];
      const cells = rows.map(({ one, ...amounts }) => [
        accountShown(one.account, options),
        one.currency,
        ...amountCells(options, amounts, 2),
      ]);
      await print(context, book, options, { title: `Cash as of ${asOf}`, columns, cells });
    }
    return 0;
  });
}

/** `clearport book stock`: for each security, what is long, what is short, and what is left; by trade date, unless told. */
export function bookStock(context: CommandContext, options: BookOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const { asOf, wanted } = asked(context, book, options);
    const basis = options.basis ?? 'trade-date';
    const stock = new Map<string, Stock>();
    for (const { one, amount } of positionsOf(book, options, basis, asOf, wanted)) {
      const { security, symbol, account } = one;
      const known = stock.get(security) ?? {
        security,
        ...(symbol && { symbol }),
        long: '0',
        short: '0',
        holders: [],
      };
      const side = amount.startsWith('-') ? 'short' : 'long';
      stock.set(security, {
        ...known,
        [side]: sum(known[side], amount),
        holders: [...known.holders, { account, quantity: amount }],
      });
    }
    for (const one of context.json ? stock.values() : [])
      await printJson(context, jsonOf({ ...one, net: sum(one.long, one.short), basis, asOf }));
    if (!context.json)
      await printStock(
        context,
        book,
        options,
        [...stock.values()],
        `as of ${asOf} by ${basis.replace('-', ' ')}`,
      );
    return 0;
  });
}

interface Stock {
  readonly security: string;
  readonly symbol?: string;
  readonly long: string;
  readonly short: string;
  readonly holders: readonly { readonly account: string; readonly quantity: string }[];
}

/** Of one security, its holders are listed too. */
async function printStock(
  context: CommandContext,
  book: BookView,
  options: BookOptions,
  stock: readonly Stock[],
  of: string,
): Promise<void> {
  const columns = [
    { head: 'security' },
    { head: 'symbol' },
    ...['long', 'short', 'net', 'accounts'].map(right),
  ];
  const cells = stock.map(({ security, symbol = '', long, short, holders }) => [
    security,
    symbol,
    ...[long, short, sum(long, short)].map((quantity) => shownText(quantity)),
    String(holders.length),
  ]);
  await print(
    context,
    book,
    { ...options, basis: 'trade-date' },
    {
      title: `Stock record ${of}`,
      columns,
      cells,
      whole: true,
    },
  );
  if (options.security === undefined || stock.length === 0) return;
  const holders = stock.flatMap(({ security, holders: all }) =>
    all.map(({ account, quantity }) => [accountShown(account, options), security, shownText(quantity)]),
  );
  const heads = [{ head: 'account' }, { head: 'security' }, right('quantity')];
  for (const line of ['', ...tableLines(heads, holders, context.terminal.columns)])
    await context.printer.line(line);
}

interface Asked {
  readonly asOf: string;
  readonly wanted: ReadonlySet<string> | undefined;
  readonly query: { readonly account?: string; readonly upTo?: number };
}

function asked(context: CommandContext, book: BookView, options: BookOptions): Asked {
  return {
    asOf: dayAsked(context, book, options.asOf),
    wanted: securitiesAsked(book, options.security),
    query: queryOf(book, options),
  };
}

function queryOf(book: BookView, { account, upTo }: BookOptions): Asked['query'] {
  const meant = accountAsked(book, account);
  return { ...(meant !== undefined && { account: meant }), ...(upTo !== undefined && { upTo }) };
}

function chosen({ basis }: BookOptions): readonly Basis[] {
  return basis === undefined ? bases : [basis];
}

interface Held {
  readonly account: string;
  readonly security: string;
  readonly symbol?: string;
}

function positionsOf(
  book: BookView,
  options: BookOptions,
  basis: Basis,
  asOf: string,
  wanted: ReadonlySet<string> | undefined,
): readonly { readonly one: Held; readonly amount: string }[] {
  return book
    .positions({ basis, asOf, ...queryOf(book, options) })
    .filter(({ security }) => wanted?.has(security) ?? true)
    .map(({ quantity, ...one }) => ({ one, amount: quantity }));
}

interface Amounts {
  readonly tradeDate?: string;
  readonly settlementDate?: string;
}

/** One row for each balance, with its amount by each basis; a balance that one basis does not have is zero there. */
function sideBySide<One extends object>(
  wanted: readonly Basis[],
  rowsBy: (basis: Basis) => readonly { readonly one: One; readonly amount: string }[],
): readonly ({ readonly one: One } & Amounts)[] {
  const nothing = Object.fromEntries(wanted.map((basis) => [members[basis], '0']));
  const rows = new Map<string, { readonly one: One } & Amounts>();
  for (const basis of wanted) {
    for (const { one, amount } of rowsBy(basis)) {
      const key = JSON.stringify(Object.values(one).slice(0, 2));
      rows.set(key, { ...(rows.get(key) ?? { one, ...nothing }), [members[basis]]: amount });
    }
  }
  return [...rows].sort(([left], [other]) => (left < other ? -1 : 1)).map(([, row]) => row);
}

function amountCells(options: BookOptions, amounts: Amounts, decimals: number): string[] {
  return chosen(options).map((basis) => shownText(amounts[members[basis]] ?? '0', decimals));
}

interface Printed {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly cells: readonly (readonly string[])[];
  /** The columns are all there are: no amounts by basis follow. */
  readonly whole?: boolean;
}

async function print(
  context: CommandContext,
  book: BookView,
  options: BookOptions,
  { title, columns, cells, whole = false }: Printed,
): Promise<void> {
  const { printer, terminal, paint } = context;
  const amounts = whole ? [] : chosen(options).map((basis) => right(basis.replace('-', ' ')));
  const lines =
    cells.length === 0
      ? emptyLines(book)
      : [paint('strong', title), ...tableLines([...columns, ...amounts], cells, terminal.columns)];
  for (const line of lines) await printer.line(line);
  if (cells.length > 0) noteGaps(context, book, options.upTo);
}

/** What makes this book less than it looks. */
function noteGaps(context: CommandContext, book: BookView, upTo: number | undefined): void {
  if (book.baseline(upTo) === undefined)
    context.note(
      'No baseline is adopted: this is what our own trades moved. See `clearport book snapshots`.',
    );
  const unbooked = book.unbooked(upTo).length;
  if (unbooked > 0)
    context.note(
      `${unbooked} of our facts could not be booked: \`clearport book trades --unbooked\` says why.`,
    );
}

function sum(left: string, other: string): string {
  const [one, two] = [readDecimal(left), readDecimal(other)];
  return one.ok && two.ok ? decimalText(addDecimals(one.value, two.value)) : left;
}
