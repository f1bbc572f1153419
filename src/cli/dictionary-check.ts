import type { OpenDictionary } from '../../codecs/fix/dictionaries/index.ts';
import type { FixTable } from '../../codecs/fix/index.ts';
import { harmless, type Issue } from '../core/issue.ts';
import { type CommandContext, type ExitCode, pathOf, printJson } from './context.ts';
import { issueJson } from './decode.ts';
import { openedFile, remedyOf } from './dictionary-naming.ts';

/** `clearport dictionary check`: everything that is wrong with dictionaries. Exit code 1 where one of them cannot be used. */
export async function dictionaryCheck(context: CommandContext, files: readonly string[]): Promise<ExitCode> {
  let findings = false;
  for (const file of files) {
    const { dictionary, issues } = await openedFile(context, file);
    const place = pathOf(context, file);
    findings ||= !harmless(issues);
    if (context.json)
      await printJson(context, {
        ok: harmless(issues),
        path: place,
        ...factsOf(dictionary),
        findings: issues.map((issue) => ({ ...(issueJson(issue) as object), remedy: remedyOf(issue) })),
      });
    else await printChecked(context, place, dictionary, issues);
  }
  return findings ? 1 : 0;
}

function factsOf(dictionary: OpenDictionary | undefined): { readonly [name: string]: string | number } {
  if (dictionary === undefined) return {};
  const { name, form, table, fingerprint } = dictionary;
  return { name, form, version: versionOf(table), fingerprint, ...countsOf(table) };
}

/** `FIX.4.4`, `FIXT.1.1 with FIX.5.0SP2`. */
export function versionOf({ version, application = version }: FixTable): string {
  return application === version ? version : `${version} with ${application}`;
}

export function countsOf({ messages, components, fields }: FixTable): {
  readonly messages: number;
  readonly components: number;
  readonly fields: number;
} {
  const count = (rows: object): number => Object.keys(rows).length;
  return { messages: count(messages), components: count(components), fields: count(fields) };
}

async function printChecked(
  { paint, printer }: CommandContext,
  place: string,
  dictionary: OpenDictionary | undefined,
  issues: readonly Issue[],
): Promise<void> {
  for (const issue of issues) {
    const { code, severity, message, at } = issue;
    const tone = severity === 'error' ? 'bad' : severity === 'warning' ? 'doubt' : 'quiet';
    await printer.line(`${paint(tone, severity)} ${paint('strong', code)}: ${message}`);
    await printer.line(
      `  ${paint('quiet', 'at    ')} ${place}:${at?.line ?? 1}:${at?.column ?? 1}  ${at?.field ?? ''}`.trimEnd(),
    );
    await printer.line(`  ${paint('quiet', 'mend  ')} ${remedyOf(issue)}`);
  }
  if (dictionary === undefined || !harmless(issues)) return;
  const { form, table } = dictionary;
  const { messages, components, fields } = countsOf(table);
  await printer.line(
    `${paint('good', 'ok')}  ${place}: ${form} of ${versionOf(table)} (${messages} messages, ${components} components, ${fields} fields)`,
  );
}
