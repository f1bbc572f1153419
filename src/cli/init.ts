import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../core/errors.ts';
import { demoConfiguration, startingConfiguration } from './configurations.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';

export interface InitOptions {
  readonly config: string;
}

/**
 * `clearport init [demo]`: writes a commented configuration, never over one that is there, and beside it the JSON Schema
 * that editors complete and check it with.
 */
export async function init(
  context: CommandContext,
  what: string | undefined,
  options: InitOptions,
): Promise<ExitCode> {
  if (what !== undefined && what !== 'demo')
    throw cliError('CLI_USAGE', `"${what}" is nothing that init writes`, {
      remedy: 'use "init" or "init demo"',
    });
  const path = pathOf(context, options.config);
  const text = what === 'demo' ? demoConfiguration() : startingConfiguration();
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause;
    throw cliError('CLI_FILE_EXISTS', 'the configuration is already there, and is left as it is', {
      place: path,
    });
  }
  const schema = join(dirname(path), 'clearport.schema.json');
  const { configurationSchema } = await import('../gateway/index.ts');
  await writeFile(schema, `${JSON.stringify(configurationSchema(), null, 2)}\n`);
  if (context.json) await printJson(context, { written: path, schema });
  else for (const line of nextSteps(path, what)) await context.printer.line(line);
  return 0;
}

function nextSteps(path: string, what: string | undefined): string[] {
  if (what === undefined)
    return [
      `Written: ${path}`,
      'Next: fill in what your clearing firm told you, then run `clearport check` and `clearport run`.',
    ];
  return [
    `Written: ${path}`,
    'Next, each in a terminal of its own:',
    '  clearport sim clearing-firm     the simulated clearing firm; it waits for you to connect',
    '  clearport run                   your gateway; it connects and keeps what it is told',
    '  clearport events --follow       what happened, as it happens',
  ];
}
