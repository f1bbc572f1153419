import type { BookView, Counted, Movement, Snapshot } from '../book/index.ts';
import { addDecimals, decimalText, readDecimal } from '../core/decimal.ts';
import { eventJson, maskedEvent, type Perspective } from '../events/index.ts';
import { shownText } from '../recon/index.ts';
import {
  accountAsked,
  accountShown,
  type BookOptions,
  emptyLines,
  securitiesAsked,
  withBook,
} from './book-names.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { eventText } from './event-line.ts';
import { jsonOf } from './json-of.ts';
import { type Column, tableWriter } from './table.ts';

export interface BookListOptions extends BookOptions {
  readonly from?: string;
  readonly to?: string;
  readonly perspective?: Perspective;
  readonly unbooked?: boolean;
}

const right = (head: string): Column => ({ head, align: 'right' });

const movementColumns: readonly Column[] = [
  right('offset'),
  { head: 'because' },
  { head: 'kind' },
  { head: 'account' },
  { head: 'security' },
  right('quantity'),
  right('cash'),
  { head: 'trade date' },
  { head: 'settles' },
  right('message'),
  { head: 'business key', shrinks: true },
];

/** `clearport book movements`. */
export function bookMovements(context: CommandContext, options: BookListOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const wanted = securitiesAsked(book, options.security);
    const found = movementsOf(book, options, accountAsked(book, options.account)).filter(
      ({ security }) => wanted?.has(security) ?? true,
    );
    await list(context, found, movementColumns, (one) => movementCells(one, options), emptyLines(book));
    return 0;
  });
}

/** `clearport book why`: from the opening to the last movement, with the position after each. */
export function bookWhy(
  context: CommandContext,
  account: string,
  security: string,
  options: BookListOptions,
): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const meant = accountAsked(book, account);
    const wanted = securitiesAsked(book, security);
    const left = new Map<string, string>();
    const found = movementsOf(book, options, meant)
      .filter((one) => wanted?.has(one.security) ?? true)
      .map((one) => {
        const position = plus(left.get(one.security) ?? '0', one.quantity);
        left.set(one.security, position);
        return { ...one, position };
      });
    const nothing = [`Account ${accountShown(meant ?? '', options)} never had a movement in ${security}.`];
    const columns = [...movementColumns.slice(0, 6), right('position'), ...movementColumns.slice(6)];
    const cells = (one: Movement & { readonly position: string }): string[] => {
      const all = movementCells(one, options);
      return [...all.slice(0, 6), shownText(one.position), ...all.slice(6)];
    };
    await list(context, found, columns, cells, nothing);
    if (!context.json && found.length > 0) await tellWhere(context);
    return 0;
  });
}

/** How to go on from a movement to its message. */
async function tellWhere({ printer }: CommandContext): Promise<void> {
  await printer.line('');
  await printer.line(
    '"message" is the offset of what told it: clearport events --from OFFSET --to OFFSET says it again, and',
  );
  await printer.line('clearport find ID --show decodes the message whole, by the id in its business key.');
}

/** `clearport book trades`. */
export function bookTrades(context: CommandContext, options: BookListOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const found = options.unbooked === true ? book.unbooked(options.upTo) : tradesOf(book, options);
    const columns: readonly Column[] = [
      right('message'),
      { head: 'date' },
      { head: 'event' },
      { head: 'account' },
      { head: 'trade', shrinks: true },
      { head: 'not booked because', shrinks: true },
    ];
    const nothing = [
      options.unbooked === true ? 'Everything of ours is booked.' : 'No trade counts, by these conditions.',
    ];
    const table = options.unbooked === true ? columns : columns.slice(0, -1);
    await list(context, found, table, (one) => tradeCells(one, options), nothing, tradeJson);
    return 0;
  });
}

function tradesOf(book: BookView, { perspective, from, to, upTo }: BookListOptions): readonly Counted[] {
  return book.trades({
    ...(perspective !== undefined && { perspective }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(upTo !== undefined && { upTo }),
  });
}

function tradeCells({ source, date, event, unbooked = '' }: Counted, options: BookListOptions): string[] {
  const shown = options.unmasked === true ? event : maskedEvent(event);
  const account = shown.account === undefined ? '(none)' : shown.account;
  return [String(source), date, event.type, account, eventText(shown), unbooked];
}

function tradeJson({ event, ...counted }: Counted): object {
  return { ...counted, event: eventJson(event) };
}

/** `clearport book snapshots`. */
export function bookSnapshots(context: CommandContext, options: BookListOptions): Promise<ExitCode> {
  return withBook(context, options, async (book) => {
    const baseline = book.baseline(options.upTo);
    const columns: readonly Column[] = [
      { head: 'name' },
      { head: 'kind' },
      { head: 'whose' },
      { head: 'close of' },
      { head: 'cut at' },
      right('records'),
      right('closed at'),
      { head: '' },
    ];
    const adopted = ({ channel, snapshot, kind }: Snapshot): boolean =>
      (kind === 'positions' && channel === baseline?.channel && snapshot === baseline.snapshot) ||
      (kind === 'cash' && channel === baseline?.cashChannel && snapshot === baseline.cashSnapshot);
    const found = book.snapshots(options.upTo === undefined ? {} : { upTo: options.upTo });
    const cells = (one: Snapshot): string[] => [
      `${one.channel}/${one.snapshot}`,
      one.kind,
      one.perspective,
      one.asOf ?? '',
      one.cutAt ?? '',
      String(one.count ?? ''),
      String(one.closedAt),
      adopted(one) ? 'the baseline' : '',
    ];
    const json = (one: Snapshot): object => ({ ...one, baseline: adopted(one) });
    await list(context, found, columns, cells, ['No snapshot was reported whole yet.'], json);
    return 0;
  });
}

function movementsOf(
  book: BookView,
  { from, to, upTo }: BookListOptions,
  account: string | undefined,
): readonly Movement[] {
  return book.movements({
    ...(account !== undefined && { account }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(upTo !== undefined && { upTo }),
  });
}

function movementCells(one: Movement, options: BookListOptions): string[] {
  return [
    String(one.offset),
    one.because,
    one.sign === 1 ? one.kind : `${one.kind}, taken back`,
    accountShown(one.account, options),
    one.security,
    shownText(one.quantity),
    shownText(one.cash, 2),
    one.tradeDate,
    one.computed ? `${one.settlementDate} *` : one.settlementDate,
    String(one.source),
    factOf(one, options),
  ];
}

/** The fact's key without the account that some keys hold. */
function factOf({ key = '', account }: Movement, options: BookListOptions): string {
  return options.unmasked === true || account === ''
    ? key
    : key.replaceAll(account, accountShown(account, options));
}

async function list<One extends object>(
  context: CommandContext,
  found: readonly One[],
  columns: readonly Column[],
  cells: (one: One) => readonly string[],
  nothing: readonly string[],
  json: (one: One) => object = (one) => one,
): Promise<void> {
  const { printer, terminal } = context;
  if (context.json) {
    for (const one of found) await printJson(context, jsonOf(json(one)));
    return;
  }
  if (found.length === 0) {
    for (const line of nothing) await printer.line(line);
    return;
  }
  const table = tableWriter(columns, (line) => printer.line(line), terminal.columns);
  for (const one of found) await table.row(cells(one));
  await table.flush();
}

function plus(left: string, right: string): string {
  const [one, two] = [readDecimal(left), readDecimal(right)];
  return one.ok && two.ok ? decimalText(addDecimals(one.value, two.value)) : left;
}
