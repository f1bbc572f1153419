import { type Command, Option } from 'commander';
import type { Add } from './command-adding.ts';
import type { ImportOptions } from './import-quickfix.ts';

/** `clearport import`: configurations of other engines. */
export function addImportCommands(add: Add, program: Command): void {
  add<ImportOptions>(
    'import <settings>',
    'turns a QuickFIX settings file into a configuration, and says line by line what it cannot carry over',
    [new Option('--out <file>', 'write the configuration there; default: standard output')],
    async (context, [settings = ''], options) =>
      (await import('./import-quickfix.ts')).importQuickfix(context, settings, options),
    program,
  );
}
