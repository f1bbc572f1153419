import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDate } from '../calendar/index.ts';
import type { AdoptOptions } from './book-adopt.ts';
import type { BookListOptions } from './book-lists.ts';
import type { BookOptions } from './book-names.ts';
import { type Add, offsetOption, personOptions, readingOptions, unmaskedOption } from './command-adding.ts';

const upToOption = offsetOption('--up-to <offset>', 'as it was known at this offset; default: all');
const accountOption = new Option('--account <account>', 'only this account, or the one that ends so');
const securityOption = new Option('--security <security>', 'only this one: scheme:id, id or symbol');
const asOfOption = dateOption(
  '--as-of <date>',
  'the day, YYYY-MM-DD; default: today in New York, or the last day of the book',
);
const fromOption = dateOption('--from <date>', 'trade dates from this day on');
const toOption = dateOption('--to <date>', 'trade dates up to this day');
const basisOption = new Option('--basis <basis>', 'only one of both').choices([
  'trade-date',
  'settlement-date',
]);
const perspectiveOption = new Option('--perspective <whose>', 'whose word').choices([
  'ours',
  'clearer',
  'street',
]);

/** `clearport book`: our positions and cash, what makes them, and what others reported. */
export function addBookCommands(add: Add, program: Command): void {
  const book = program.command('book').description('our positions and cash, and what makes them');
  addBalances(add, book);
  addLists(add, book);
  add<AdoptOptions>(
    'adopt',
    'take reported snapshots as the opening of our book',
    [
      new Option(
        '--positions <name>',
        'CHANNEL/SNAPSHOT as "clearport book snapshots" shows it',
      ).makeOptionMandatory(),
      new Option('--cash <name>', 'the same for cash'),
      ...personOptions,
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./book-adopt.ts')).bookAdopt(context, options),
    book,
  );
}

function addBalances(add: Add, book: Command): void {
  const where = [upToOption, unmaskedOption, ...readingOptions];
  const load = () => import('./book.ts');
  add<BookOptions>(
    'positions',
    'what each account holds',
    [asOfOption, basisOption, accountOption, securityOption, ...where],
    async (context, _args, options) => (await load()).bookPositions(context, options),
    book,
    true,
  );
  add<BookOptions>(
    'cash',
    'what each account has',
    [asOfOption, basisOption, accountOption, ...where],
    async (context, _args, options) => (await load()).bookCash(context, options),
    book,
  );
  add<BookOptions>(
    'stock',
    'the stock record: who is long and who is short of each security',
    [asOfOption, basisOption, securityOption, ...where],
    async (context, _args, options) => (await load()).bookStock(context, options),
    book,
  );
}

function addLists(add: Add, book: Command): void {
  const where = [upToOption, unmaskedOption, ...readingOptions];
  const load = () => import('./book-lists.ts');
  add<BookListOptions>(
    'movements',
    'everything that was booked, in order; what is taken back stands as a second movement',
    [accountOption, securityOption, fromOption, toOption, ...where],
    async (context, _args, options) => (await load()).bookMovements(context, options),
    book,
  );
  add<BookListOptions>(
    'trades',
    'trades that count, each once',
    [
      perspectiveOption.default('ours'),
      new Option('--unbooked', 'only facts of ours that could not be booked, with the reason'),
      fromOption,
      toOption,
      ...where,
    ],
    async (context, _args, options) => (await load()).bookTrades(context, options),
    book,
  );
  add<BookListOptions>(
    'snapshots',
    'balances that others reported, by the names that "book adopt" takes',
    [upToOption, ...readingOptions],
    async (context, _args, options) => (await load()).bookSnapshots(context, options),
    book,
  );
  add<BookListOptions>(
    'why <account> <security>',
    'the movements that make a position, each with the offset of its message',
    where,
    async (context, [account = '', security = ''], options) =>
      (await load()).bookWhy(context, account, security, options),
    book,
  );
}

function dateOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    if (!isDate(text)) throw new InvalidArgumentError('It must be a date, such as 2026-11-10.');
    return text;
  });
}
