import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { besides } from '../../codecs/fix/dialect-family.ts';
import {
  dictionaryIssues,
  dictionaryNames,
  type OpenDictionary,
  type OpenedDictionary,
  openDictionary,
  spoken,
  standardWhole,
} from '../../codecs/fix/dictionaries/index.ts';
import type { FixTable } from '../../codecs/fix/index.ts';
import type { Issue, IssueTable } from '../core/issue.ts';
import { nearest } from '../core/nearest.ts';
import { type CommandContext, cliError, pathOf } from './context.ts';

/** A dictionary that was named on the command line. */
export interface NamedDictionary {
  /** The path as it was given, or the version. */
  readonly name: string;
  readonly table: FixTable;
  /** Where it is one of a user's own. */
  readonly own?: OpenDictionary;
}

/** The dictionary of a version, or of a file. Fails with `DICTIONARY_UNUSABLE`. */
export async function dictionaryNamed(context: CommandContext, name: string): Promise<NamedDictionary> {
  const table = standardWhole(name);
  if (table !== undefined) return { name, table };
  const own = await ownDictionary(context, name);
  return { name, table: spoken(own.table), own };
}

/** The dictionary of a file. Fails with `DICTIONARY_UNUSABLE`. */
export async function ownDictionary(context: CommandContext, path: string): Promise<OpenDictionary> {
  const { dictionary, issues } = await openedFile(context, path);
  if (dictionary !== undefined) return dictionary;
  const first = issues.find(({ severity }) => severity === 'error');
  const { line = 1, column = 1 } = first?.at ?? {};
  throw cliError('DICTIONARY_UNUSABLE', `${first?.code}: ${first?.message}`, {
    place: `${pathOf(context, path)}:${line}:${column}`,
    remedy: `look at all that is wrong with it: clearport dictionary check ${path}`,
  });
}

/** The dictionary of a file as far as it can be read, and what is wrong with it. A version that is misspelled is no missing file. */
export async function openedFile(context: CommandContext, path: string): Promise<OpenedDictionary> {
  if (!/[\\/]|\.(?:ya?ml|xml)$/i.test(path) && !existsSync(pathOf(context, path))) {
    const meant = nearest(path, dictionaryNames);
    throw cliError('DICTIONARY_UNUSABLE', `"${path}" is no version of FIX and no file`, {
      remedy: `name one of ${dictionaryNames.join(', ')}, or a file${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    });
  }
  const file = pathOf(context, path);
  return openDictionary(await readFile(file, 'utf8'), { read: besides(file) });
}

/** What to do about an issue of a dictionary. */
export function remedyOf({ code }: Issue): string {
  const table: IssueTable = dictionaryIssues;
  return table[code]?.remedy ?? '';
}
