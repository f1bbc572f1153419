import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { ConfigurationFinding } from '../gateway/index.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';
import type { Fate } from './quickfix/draft.ts';
import { type Imported, importSettings } from './quickfix/import.ts';

export interface ImportOptions {
  readonly out?: string;
}

/**
 * `clearport import`: a QuickFIX settings file as a configuration, and what becomes of each of its lines. Exit code 1 when a line
 * could not be carried over as it was, or the configuration still lacks something; 2 where the file cannot be read.
 */
export async function importQuickfix(
  context: CommandContext,
  settings: string,
  { out }: ImportOptions,
): Promise<ExitCode> {
  const imported = importSettings(await textOf(context, settings), basename(settings));
  if (imported.sessions.length === 0) {
    throw cliError('CLI_USAGE', `${settings} has no [SESSION]`, {
      remedy: 'name a QuickFIX settings file',
      place: settings,
    });
  }
  const written = out === undefined ? undefined : await write(context, out, imported.text);
  const findings = await checked(context, imported, written);
  if (context.json) await tellJson(context, imported, findings, written);
  else await tell(context, imported, findings, written);
  return findings.length > 0 || imported.fates.some(({ changes }) => changes) ? 1 : 0;
}

async function textOf(context: CommandContext, path: string): Promise<string> {
  try {
    return await readFile(pathOf(context, path), 'utf8');
  } catch (cause) {
    throw cliError('CLI_USAGE', `${path} cannot be read (${systemCode(cause) ?? 'unknown reason'})`, {
      place: path,
      remedy: 'name a QuickFIX settings file',
      cause,
    });
  }
}

async function write(context: CommandContext, out: string, text: string): Promise<string> {
  const path = pathOf(context, out);
  try {
    await writeFile(path, text, { flag: 'wx' });
    return path;
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause;
    throw cliError('CLI_FILE_EXISTS', 'the file is already there, and is left as it is', { place: path });
  }
}

/** What `clearport check` says of it once the variables that it refers to are set: values that are only here, never written. */
async function checked(
  context: CommandContext,
  { text, variables }: Imported,
  written: string | undefined,
): Promise<readonly ConfigurationFinding[]> {
  const { checkText } = await import('../gateway/index.ts');
  const stand = Object.fromEntries(variables.map((name) => [name, `stands-for-${name}`]));
  const path = written ?? join(context.terminal.directory, 'clearport.yaml');
  const { findings } = await checkText(text, path, { ...stand, ...context.terminal.env });
  return findings;
}

async function tell(
  context: CommandContext,
  { text, fates, sessions }: Imported,
  findings: readonly ConfigurationFinding[],
  written: string | undefined,
): Promise<void> {
  const say = (line: string): Promise<void> | void =>
    written === undefined ? context.note(line) : context.printer.line(line);
  if (written === undefined) await context.printer.line(text.trimEnd());
  for (const fate of fates.filter(({ fate: one }) => one !== 'carried')) await say(fateLine(context, fate));
  for (const { code, message, at } of findings)
    await say(`${context.paint('bad', 'check')}  line ${at?.line ?? 0}  ${code}: ${message}`);
  const carried = fates.filter(({ fate }) => fate === 'carried').length;
  const rest = fates.filter(({ changes }) => changes).length;
  const names = sessions.map(({ channel }) => channel).join(', ');
  await say(`${carried} settings carried over to ${names}; ${rest} to look at`);
  if (written !== undefined) await say(`Written: ${written}`);
}

function fateLine({ paint }: CommandContext, fate: Fate & { readonly channel?: string }): string {
  const { line, key, changes, option, why = '', channel } = fate;
  const place = line === 0 ? '' : `  line ${line}`;
  const named = key === '' ? (option ?? '') : option === undefined ? key : `${key} -> ${option}`;
  const what = named === '' ? '' : `${named}: `;
  const where = channel === undefined ? '' : `  ${channel}`;
  return `${paint(changes ? 'doubt' : 'good', fate.fate)}${where}${place}  ${what}${why}`;
}

async function tellJson(
  context: CommandContext,
  { text, fates, sessions, variables }: Imported,
  findings: readonly ConfigurationFinding[],
  written: string | undefined,
): Promise<void> {
  for (const { line, key, fate, option, why, changes, channel } of fates) {
    await printJson(context, {
      line,
      key,
      fate,
      changes,
      ...(channel !== undefined && { channel }),
      ...(option !== undefined && { option }),
      ...(why !== undefined && { why }),
    });
  }
  await printJson(context, {
    channels: sessions.map(({ channel }) => channel),
    variables: [...variables],
    findings: findings.map(({ code, message }) => ({ code, message })),
    ...(written === undefined ? { configuration: text } : { written }),
  });
}
