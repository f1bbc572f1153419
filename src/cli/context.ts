import { isAbsolute, resolve } from 'node:path';
import { GatewayError, type GatewayErrorDetails } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import type { Mask } from '../gateway/mask.ts';
import { type CliCode, cliIssues } from './issues.ts';
import type { Printer } from './printer.ts';
import type { Paint, Terminal } from './terminal.ts';

/** What every command gets: where to print, and how. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly printer: Printer;
  /** For standard output. */
  readonly paint: Paint;
  readonly json: boolean;
  /** A line for the person, on standard error; a program that reads the output does not see it. */
  note(line: string): void;
  /** From now on errors hide what this mask knows: a configuration brings its secrets. */
  hide(mask: Mask): void;
}

/** What a command ends with: 0 ok, 1 findings; `check` alone gives 2 and 3 by itself. Everything else of 2 and 3 is thrown. */
export type ExitCode = 0 | 1 | 2 | 3;

export async function printJson(context: CommandContext, value: JsonValue): Promise<void> {
  await context.printer.line(JSON.stringify(value));
}

export function pathOf(context: CommandContext, path: string): string {
  return isAbsolute(path) ? path : resolve(context.terminal.directory, path);
}

/** A failure with one of the command line's own codes; its remedy comes from the table unless it is told better. */
export function cliError(code: CliCode, message: string, details: GatewayErrorDetails = {}): GatewayError {
  return new GatewayError(code, message, { remedy: cliIssues[code].remedy, exitCode: 2, ...details });
}
