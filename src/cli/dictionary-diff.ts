import {
  type Difference,
  type DifferenceWeight,
  differencesOf,
  differenceText,
  standardWhole,
} from '../../codecs/fix/dictionaries/index.ts';
import type { FixTable } from '../../codecs/fix/index.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { dictionaryNamed, type NamedDictionary } from './dictionary-naming.ts';

/** What each weight means, as a heading, in the order in which a reader wants them. */
const headings: Readonly<Record<DifferenceWeight, string>> = {
  asks: 'What is sent by {0} can be refused:',
  brings: 'What {0} does not know can come:',
  words: 'Only the names differ:',
};

/**
 * `clearport dictionary diff`: how the second dictionary departs from the first, in words. Of one alone, how it departs from the version
 * that it is of. Exit code 1 where it does.
 */
export async function dictionaryDiff(
  context: CommandContext,
  named: readonly string[],
  options: { readonly words?: boolean },
): Promise<ExitCode> {
  const [ours, theirs] = await pairOf(context, named);
  const all = differencesOf(ours.table, theirs.table);
  const shown = all.filter(({ weight }) => weight !== 'words' || options.words === true || context.json);
  if (context.json) {
    for (const difference of shown)
      await printJson(context, {
        ...jsonOf(difference),
        text: differenceText(difference, ours.table, theirs.table),
      });
    return all.length === 0 ? 0 : 1;
  }
  await printAll(context, shown, ours, theirs);
  const hidden = all.length - shown.length;
  if (hidden > 0) await context.printer.line(`${hidden} more differ in names only (--words shows them)`);
  if (all.length === 0) await context.printer.line(`${theirs.name} says the same as ${ours.name}`);
  return all.length === 0 ? 0 : 1;
}

async function pairOf(
  context: CommandContext,
  named: readonly string[],
): Promise<readonly [NamedDictionary, NamedDictionary]> {
  const [first = '', second] = named;
  if (named.length > 2)
    throw cliError('DICTIONARY_UNUSABLE', `${named.length} dictionaries cannot be compared`, {
      remedy: 'name one or two',
    });
  const one = await dictionaryNamed(context, first);
  if (second !== undefined) return [one, await dictionaryNamed(context, second)];
  return [versionOf(one.table), one];
}

function versionOf({ version, application = version }: FixTable): NamedDictionary {
  const table = standardWhole(application);
  if (table === undefined) throw cliError('DICTIONARY_UNUSABLE', `"${application}" is no version of FIX`);
  return { name: application, table };
}

function jsonOf({ kind, weight, tag, value, types, groups, before, after }: Difference) {
  return {
    kind,
    weight,
    ...(tag !== undefined && { tag }),
    ...(value !== undefined && { value }),
    ...(types.length > 0 && { messages: types }),
    ...(groups.length > 0 && { groups }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

async function printAll(
  { paint, printer }: CommandContext,
  differences: readonly Difference[],
  ours: NamedDictionary,
  theirs: NamedDictionary,
): Promise<void> {
  for (const [weight, heading] of Object.entries(headings)) {
    const own = differences.filter((difference) => difference.weight === weight);
    if (own.length === 0) continue;
    await printer.line(paint('strong', heading.replace('{0}', ours.name)));
    for (const difference of own)
      await printer.line(`  ${differenceText(difference, ours.table, theirs.table)}`);
    await printer.line('');
  }
}
