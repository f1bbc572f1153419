import { BookView } from '../book/index.ts';
import { calendarZone } from '../calendar/index.ts';
import { isoOfMicros } from '../core/clock.ts';
import { maskAccount } from '../core/mask.ts';
import { dateInZone } from '../core/zone.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode } from './context.ts';
import { withViews } from './views.ts';

export interface BookOptions extends ReadingOptions {
  readonly asOf?: string;
  readonly basis?: 'trade-date' | 'settlement-date';
  readonly account?: string;
  readonly security?: string;
  readonly upTo?: number;
  readonly unmasked?: boolean;
}

/** Runs `use` with the book, brought up to date. */
export function withBook(
  context: CommandContext,
  options: ReadingOptions,
  use: (book: BookView) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withViews(context, options, ({ projections }) => use(new BookView(projections.store)));
}

/**
 * The day that is asked; where none is, today in New York, or the last day of the book where that is later: days of a
 * demonstration, or of a test environment, need not be days of this machine.
 */
export function dayAsked({ terminal }: CommandContext, book: BookView, asOf: string | undefined): string {
  if (asOf !== undefined) return asOf;
  const today = dateInZone(isoOfMicros(terminal.clock.now()), calendarZone);
  const last = book.lastDay() ?? today;
  return last > today ? last : today;
}

/**
 * The account that a person means: its number, or the end of it as masked tables show it. Fails with `CLI_USAGE` where
 * none or several fit.
 */
export function accountAsked(book: BookView, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const known = book.accounts();
  if (known.includes(text)) return text;
  const end = text.replace(/^\*+/, '');
  const found = end === '' ? [] : known.filter((account) => account.endsWith(end));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what = found.length === 0 ? 'no account' : `${found.length} accounts`;
  throw cliError('CLI_USAGE', `${what} of the book end${found.length > 1 ? '' : 's'} with "${end}"`, {
    remedy: 'take the account from `clearport book positions --unmasked`',
  });
}

/** The securities that a person means: by `scheme:id`, by id or by symbol. Fails with `CLI_USAGE` where none fits. */
export function securitiesAsked(book: BookView, text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const found = book
    .securities()
    .filter(({ security, symbol }) => security === text || security.endsWith(`:${text}`) || symbol === text)
    .map(({ security }) => security);
  if (found.length > 0) return new Set(found);
  throw cliError('CLI_USAGE', `the book knows no security "${text}"`, {
    remedy: 'take the security from `clearport book positions`',
  });
}

/** An account as a table shows it. */
export function accountShown(account: string, { unmasked }: { readonly unmasked?: boolean }): string {
  if (account === '') return '(none)';
  return unmasked === true ? account : maskAccount(account);
}

/** What to do while there is nothing to show. */
export function emptyLines(book: BookView): string[] {
  const adopt = 'clearport book adopt --positions CHANNEL/SNAPSHOT --cash CHANNEL/SNAPSHOT --reason "…"';
  const snapshots = book.snapshots({ kind: 'positions' });
  if (book.baseline() !== undefined || book.movements().length > 0)
    return ['Nothing stands in the book on that day, by these conditions.'];
  if (snapshots.length > 0) {
    return [
      'The book is empty: nobody has said what it opens with.',
      `Positions were reported (${snapshots.length}): clearport book snapshots lists them by name.`,
      `Adopt one: ${adopt}`,
    ];
  }
  return [
    'The book is empty: no trade of ours and no snapshot of a counterparty has come yet.',
    'Give a channel of your order system the perspective "ours", and one for the clearing firm\'s positions; see docs/book.md.',
    `Once its file is there: ${adopt}`,
  ];
}
