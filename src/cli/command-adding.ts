import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext, ExitCode } from './context.ts';

/** How a command ends: with its exit code. Commands load what they need when they run, so that each starts quickly. */
export type Ended = (code: ExitCode) => void;

/** Adds one command; every one of them has `--json`. Options come as Commander reads them, under the type of `run`. */
export type Add = <Options extends object>(
  usage: string,
  description: string,
  options: readonly Option[],
  run: (context: CommandContext, args: readonly string[], options: Options) => Promise<ExitCode>,
  under?: Command,
  isDefault?: boolean,
) => void;

export function adder(program: Command, context: CommandContext, ended: Ended): Add {
  return (usage, description, options, run, under = program, isDefault = false) => {
    const command = under.command(usage, { isDefault }).description(description);
    for (const option of options) command.addOption(option);
    command.addOption(new Option('--json', 'print JSON for programs instead of tables for people'));
    command.action(async () => {
      const args = command.processedArgs.flat().filter((value) => typeof value === 'string');
      // The options are declared beside the type that reads them; Commander cannot know it.
      ended(await run(context, args, command.opts() as Parameters<typeof run>[2]));
    });
  };
}

export const configOption = new Option('--config <file>', 'configuration').default('./clearport.yaml');
export const dataOption = new Option(
  '--data <directory>',
  'data directory; default: as the configuration says',
);
export const reasonOption = new Option(
  '--reason <text>',
  'why; it is written to the log',
).makeOptionMandatory();
export const byOption = new Option('--by <name>', 'who; default: the user of this session');
export const unmaskedOption = new Option('--unmasked', 'show account numbers in full');
export const channelOption = new Option('--channel <name>', 'only this channel');
export const followOption = new Option('--follow', 'go on with what is committed from now on');
export const fromOption = offsetOption('--from <offset>', 'begin at this offset');
export const toOption = offsetOption('--to <offset>', 'end at this offset');
export const formatOption = new Option(
  '--format <format>',
  'auto, fix, fix-log, mt, mx or records:LAYOUT',
).default('auto');
export const dictionaryOption = new Option(
  '--dictionary <file>',
  'FIX: read by this dialect, QuickFIX XML or Orchestra XML',
);
export const schemasOption = new Option(
  '--schemas <folder>',
  'ISO 20022: validate by the XML Schema files of a folder as well',
);
export const clockOption = new Option(
  '--clock <file>',
  'for demonstrations: the time in this file is now, and runs on from there',
);
export const readingOptions = [configOption, dataOption];
export const personOptions = [reasonOption, byOption];

export function offsetOption(flags: string, description: string): Option {
  return numberOption(flags, description);
}

export function numberOption(
  flags: string,
  description: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Option {
  return new Option(flags, description).argParser((text) => {
    if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
    if (Number(text) < least) throw new InvalidArgumentError(`It must be ${least} or more.`);
    if (Number(text) > most) throw new InvalidArgumentError(`It must be ${most} or less.`);
    return Number(text);
  });
}
