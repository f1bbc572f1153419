import { type Command, Option } from 'commander';
import type { Add } from './command-adding.ts';

/** FIX dictionaries: what `clearport dictionary` does. */
export function addDictionaryCommands(add: Add, program: Command): void {
  const dictionary = program
    .command('dictionary')
    .description('FIX dictionaries: a version (FIX.4.4), a dialect in YAML, QuickFIX XML or Orchestra XML');
  add<object>(
    'check <files...>',
    'check dictionaries of your own: everything that is wrong with them, with line and column',
    [],
    async (context, files) => (await import('./dictionary-check.ts')).dictionaryCheck(context, files),
    dictionary,
  );
  add<{ readonly words?: boolean }>(
    'diff <dictionaries...>',
    'say how a dictionary departs from another one; of one alone, how it departs from its version',
    [new Option('--words', 'differences of names, too')],
    async (context, named, options) =>
      (await import('./dictionary-diff.ts')).dictionaryDiff(context, named, options),
    dictionary,
  );
  add<object>(
    'show <dictionary> [what]',
    'show a dictionary, or one message or field of it: by MsgType, tag or name',
    [],
    async (context, args) => (await import('./dictionary-show.ts')).dictionaryShow(context, args),
    dictionary,
  );
}
