import { readFile } from 'node:fs/promises';
import {
  checkLayout,
  checkSamples,
  type Layout,
  layoutNames,
  loadLayout,
  recordsCodec,
  recordsIssues,
  shippedLayout,
} from '../../codecs/records/index.ts';
import { harmless, type Issue, type IssueTable } from '../core/issue.ts';
import { type CommandContext, cliError, type ExitCode, pathOf, printJson } from './context.ts';
import { issueJson } from './decode.ts';
import { isLayoutPath } from './formats.ts';

/** `clearport layout check`: everything that is wrong with layouts. Exit code 1 where one of them cannot be used. */
export async function layoutCheck(context: CommandContext, layouts: readonly string[]): Promise<ExitCode> {
  let findings = false;
  for (const named of layouts) {
    const { place, layout, issues } = await checked(context, named);
    findings ||= !harmless(issues);
    if (context.json)
      await printJson(context, {
        ok: harmless(issues),
        path: place,
        ...factsOf(layout),
        findings: issues.map(findingJson),
      });
    else await printChecked(context, place, layout, issues);
  }
  return findings ? 1 : 0;
}

interface Checked {
  readonly place: string;
  readonly layout: Layout | undefined;
  readonly issues: readonly Issue[];
}

async function checked(context: CommandContext, named: string): Promise<Checked> {
  const own = isLayoutPath(named);
  const place = own ? pathOf(context, named) : named;
  const loaded = own ? loadLayout(await readFile(place, 'utf8'), place) : shippedLayout(named);
  if (loaded === undefined) {
    throw cliError('LAYOUT_UNUSABLE', `no layout of the name "${named}" comes with the product`, {
      remedy: `name a YAML file, or one of ${layoutNames.join(', ')}`,
    });
  }
  const { layout } = loaded;
  if (layout === undefined) return { place, layout, issues: loaded.issues };
  const wrong = checkLayout(layout);
  // A sample is read by the layout: one that is wrong by itself would only be told again.
  const samples = harmless(wrong) ? checkSamples(layout, recordsCodec(layout)) : [];
  return { place, layout, issues: [...loaded.issues, ...wrong, ...samples] };
}

function factsOf(layout: Layout | undefined): { readonly [name: string]: string | number } {
  if (layout === undefined) return {};
  const { name, version, fingerprint, records, controls, data } = layout;
  return {
    layout: name,
    version,
    status: data.status,
    fingerprint,
    records: records.length,
    fields: records.reduce((sum, { fields }) => sum + fields.length, 0),
    controls: controls.length,
    samples: data.samples.length,
  };
}

function findingJson(issue: Issue) {
  return { ...(issueJson(issue) as object), remedy: remedyOf(issue) };
}

function remedyOf({ code }: Issue): string {
  const table: IssueTable = recordsIssues;
  return table[code]?.remedy ?? '';
}

async function printChecked(
  { paint, printer }: CommandContext,
  place: string,
  layout: Layout | undefined,
  issues: readonly Issue[],
): Promise<void> {
  for (const issue of issues) {
    const { code, severity, message, at } = issue;
    await printer.line(
      `${paint(severity === 'error' ? 'bad' : 'doubt', severity)} ${paint('strong', code)}: ${message}`,
    );
    await printer.line(
      `  ${paint('quiet', 'at    ')} ${place}:${at?.line ?? 1}:${at?.column ?? 1}  ${at?.field ?? ''}`.trimEnd(),
    );
    await printer.line(`  ${paint('quiet', 'mend  ')} ${remedyOf(issue)}`);
  }
  if (layout === undefined || !harmless(issues)) return;
  const { records, fields, controls, samples } = factsOf(layout);
  const counts = { 'record type': records, field: fields, control: controls, sample: samples };
  const counted = Object.entries(counts)
    .map(([what, count]) => `${count} ${what}${count === 1 ? '' : 's'}`)
    .join(', ');
  await printer.line(`${paint('good', 'ok')}  ${place}: ${layout.title} (${counted})`);
}
