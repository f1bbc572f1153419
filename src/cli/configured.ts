import { userInfo } from 'node:os';
import { GatewayError } from '../core/errors.ts';
import type { Configuration, Control, Person } from '../gateway/index.ts';
import { type CommandContext, cliError, pathOf } from './context.ts';

export interface ReadingOptions {
  readonly config: string;
  readonly data?: string;
}

export interface PersonOptions {
  readonly reason?: string;
  readonly by?: string;
}

/** The configuration that a command names; `--data` moves its data directory. */
export async function configurationOf(
  context: CommandContext,
  options: ReadingOptions,
): Promise<Configuration> {
  const { loadConfiguration } = await import('../gateway/index.ts');
  const loaded = await loadConfiguration(pathOf(context, options.config), context.terminal.env);
  context.hide(loaded.mask);
  return options.data === undefined ? loaded : { ...loaded, data: pathOf(context, options.data) };
}

/** The same, where there is one: with `--data` none is needed, and reading goes by the defaults. */
export async function configurationIfAny(
  context: CommandContext,
  options: ReadingOptions,
): Promise<Configuration | undefined> {
  try {
    return await configurationOf(context, options);
  } catch (cause) {
    if (options.data !== undefined && cause instanceof GatewayError && cause.exitCode === 2) return undefined;
    throw cause;
  }
}

/** The data directory: as `--data` says, or as the configuration does. With `--data`, no configuration is needed. */
export async function dataDirectory(context: CommandContext, options: ReadingOptions): Promise<string> {
  if (options.data !== undefined) return pathOf(context, options.data);
  return (await configurationOf(context, options)).data;
}

/** Runs `use` with the controls of the running gateway, or over the log while none runs. */
export async function withControls<T>(
  context: CommandContext,
  options: ReadingOptions,
  use: (control: Control) => Promise<T>,
): Promise<T> {
  const configuration = await configurationOf(context, options);
  const { createLogger, withControl } = await import('../gateway/index.ts');
  const { mask } = configuration;
  const logger = createLogger({ level: 'error', mask, write: (line) => context.note(line.trimEnd()) });
  return withControl({ configuration, clock: context.terminal.clock, logger }, use);
}

/** Who does something, and why: both are written to the log. */
export function personOf(options: PersonOptions): Person {
  const reason = options.reason?.trim() ?? '';
  if (reason === '')
    throw cliError('CLI_USAGE', 'a reason is missing', {
      remedy: 'say why with --reason, in words that somebody else understands in a year',
    });
  return { by: options.by ?? userInfo().username, reason };
}

/** An offset as `clearport entries` shows it. */
export function offsetOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw cliError('CLI_USAGE', `"${text}" is no offset`, {
    remedy: 'take the offset from `clearport entries` or `clearport quarantine list`',
  });
}
