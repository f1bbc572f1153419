import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDate } from '../calendar/index.ts';
import { causes } from '../recon/index.ts';
import type { BreaksOptions } from './breaks.ts';
import type { BreakOptions } from './breaks-show.ts';
import { type Add, numberOption, readingOptions, unmaskedOption } from './command-adding.ts';
import type { ReconOptions } from './recon.ts';

const dateOption = new Option('--date <date>', 'only comparisons of this business date').argParser((text) => {
  if (!isDate(text)) throw new InvalidArgumentError('It must be a date, such as 2026-11-10.');
  return text;
});
const causeOption = new Option('--cause <cause>', 'only breaks of this cause').choices([...causes]);
const statusOption = new Option('--status <status>', 'which breaks')
  .choices(['open', 'closed', 'all'])
  .default('open');
const accountOption = new Option('--account <account>', 'only this account, or the ones that end so');

/** `clearport recon` and `clearport breaks`: our book against the clearer's. */
export function addReconCommands(add: Add, program: Command): void {
  add<ReconOptions>(
    'recon',
    'comparisons of our book with the clearer, and what they found',
    [
      dateOption,
      numberOption('--limit <count>', 'at most this many, the latest').default(20),
      ...readingOptions,
    ],
    async (context, _args, options) => (await import('./recon.ts')).recon(context, options),
    program,
  );
  const breaks = program
    .command('breaks')
    .description('differences with the clearer: cause, owner, dollars at risk, age');
  add<BreaksOptions>(
    'list',
    'the largest at risk first; exit code 1 when any is open',
    [statusOption, causeOption, accountOption, unmaskedOption, ...readingOptions],
    async (context, _args, options) => (await import('./breaks.ts')).breaksList(context, options),
    breaks,
    true,
  );
  const load = () => import('./breaks-show.ts');
  add<BreakOptions>(
    'show <break>',
    'one break whole: differences, the messages of both sides, history, what to do',
    [unmaskedOption, ...readingOptions],
    async (context, [name = ''], options) => (await load()).breaksShow(context, name, options),
    breaks,
  );
  add<BreakOptions>(
    'message <break>',
    'the text to send to the clearer',
    [unmaskedOption, ...readingOptions],
    async (context, [name = ''], options) => (await load()).breaksMessage(context, name, options),
    breaks,
  );
}
