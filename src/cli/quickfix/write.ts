import { stringify } from 'yaml';
import type { JsonValue } from '../../core/json.ts';
import type { Carried, Draft, Fate } from './draft.ts';

/** The commented configuration of the sessions of one settings file. */
export function configurationText(source: string, drafts: readonly Draft[], stray: readonly Fate[]): string {
  return [
    `# Made of ${source} by \`clearport import\`. What was not carried over stands as a comment where it belongs.`,
    '# See what is wrong with it: clearport check',
    'version: 1',
    'tenant: main # whose data this is: a name of your own',
    'data: ./data',
    '',
    'channels:',
    ...stray.map(commentOf).map((line) => `  ${line}`),
    ...drafts.flatMap(channelLines),
    '',
  ].join('\n');
}

function channelLines(draft: Draft): string[] {
  const { name, options, fates } = draft;
  const said = fates.filter(({ fate }) => fate !== 'carried' && fate !== 'assumed');
  return [
    `  ${name}:`,
    '    adapter: fix',
    '    perspective: clearer # whose word it is: clearer, street or ours',
    '    options:',
    ...optionLines(options),
    ...(said.length > 0 ? ['      # Not carried over as it was:'] : []),
    ...said.toSorted((left, right) => left.line - right.line).map((fate) => `      ${commentOf(fate)}`),
    '',
  ];
}

function optionLines(options: ReadonlyMap<string, Carried>): string[] {
  const lines: string[] = [];
  const told = new Set<string>();
  for (const [path, carried] of options) {
    const [top = '', inner] = path.split('.');
    if (told.has(top)) continue;
    told.add(top);
    const group = [...options].filter(([other]) => other.startsWith(`${top}.`));
    if (inner === undefined && group.length === 0) {
      lines.push(`      ${top}: ${valueText(carried.value)}${remark(carried)}`);
      continue;
    }
    lines.push(`      ${top}:${inner === undefined ? remark(carried) : ''}`);
    for (const [other, one] of group)
      lines.push(`        ${memberText(other, top)}: ${valueText(one.value)}${remark(one)}`);
  }
  return lines;
}

/** Tag numbers are keys in quotes: the schema wants texts. */
function memberText(path: string, top: string): string {
  const member = path.slice(top.length + 1);
  return /^\d/.test(member) ? JSON.stringify(member) : member;
}

function remark({ from }: Carried): string {
  return from === '' ? '' : ` # ${from}`;
}

function valueText(value: JsonValue): string {
  if (typeof value === 'object') return JSON.stringify(value);
  return stringify(value, { lineWidth: 0 }).trim();
}

function commentOf({ line, key, fate, why = '' }: Fate): string {
  return `# line ${line}${key === '' ? '' : `, ${key}`}: ${fate === 'reference' ? '' : `${fate}: `}${why}`;
}
