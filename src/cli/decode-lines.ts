import type { FileVerdict } from '../contract/file-judge.ts';
import type { Cut } from '../contract/frame.ts';
import { latin1Text, shownText } from '../core/bytes.ts';
import { harmless, type Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { maskAccount, maskSecret } from '../core/mask.ts';
import { noSecrets } from '../gateway/mask.ts';
import type { Meaning } from './decode.ts';
import { eventLine } from './event-line.ts';
import type { Paint } from './terminal.ts';

/** A message for a person: what it is, its fields, what is wrong with it, what it means. */
export function decodedLines(
  offset: number,
  length: number,
  meaning: Meaning,
  paint: Paint,
  unmasked: boolean,
): string[] {
  const { message } = meaning.decoded;
  const name =
    message === undefined
      ? 'unreadable'
      : `${message.standard} ${message.name || 'unknown'}(${message.type})`;
  const verdict = meaning.ok ? paint('good', 'ok') : paint('bad', 'not ok');
  return [
    `${paint('quiet', `@${offset} +${length}`)}  ${paint('strong', name)}  ${verdict}`,
    ...(message === undefined ? [] : viewLines(message.view(), unmasked)),
    ...meaning.decoded.issues.map((issue) => issueLine(issue, paint, unmasked)),
    ...meaning.events.map((event) => `  ${paint('good', '=>')} ${eventLine(event, unmasked)}`),
    '',
  ];
}

export function garbageLines(
  offset: number,
  garbage: Extract<Cut, { kind: 'garbage' }>,
  paint: Paint,
): string[] {
  const { bytes, why } = garbage;
  const harmless = why.severity === 'info';
  return [
    `${paint('quiet', `@${offset} +${bytes.length}`)}  ${paint(harmless ? 'quiet' : 'bad', 'garbage')}  ${why.code}: ${why.message}`,
    ...(harmless ? [] : [`    ${noSecrets.text(shownText(latin1Text(bytes, 0, 200), 100))}`]),
    '',
  ];
}

/** What a file says of itself as a whole, and whether it keeps its word. */
export function verdictLines(verdict: FileVerdict, paint: Paint): string[] {
  const { issues, key, businessDate, cutAt, totals } = verdict;
  const ok = harmless(issues);
  const said = [
    ...(key === undefined ? [] : [key]),
    ...(businessDate === undefined ? [] : [`of ${businessDate}`]),
    ...(cutAt === undefined ? [] : [`cut at ${cutAt}`]),
  ];
  return [
    `${paint('strong', 'file')}  ${said.join('  ')}  ${ok ? paint('good', 'ok') : paint('bad', 'refused')}`,
    `  ${paint('quiet', 'holds')} ${totals.join(', ')}`,
    ...issues.map((issue) => issueLine(issue, paint, true)),
    '',
  ];
}

export function issueLine(issue: Issue, paint: Paint, unmasked: boolean): string {
  const tone = issue.severity === 'error' ? 'bad' : issue.severity === 'warning' ? 'doubt' : 'quiet';
  const text = unmasked ? issue.message : noSecrets.text(issue.message);
  return `  ${paint(tone, issue.severity)} ${issue.code}: ${text}`;
}

/**
 * The fields of a view, one a line, entries of a group one step further in. A view without a list of fields is shown as
 * JSON.
 */
export function viewLines(view: JsonValue, unmasked: boolean): string[] {
  const fields = member(view, 'fields');
  return isList(fields)
    ? fieldLines(fields, unmasked, '  ')
    : JSON.stringify(view, null, 2)
        .split('\n')
        .map((line) => `  ${line}`);
}

function fieldLines(fields: readonly JsonValue[], unmasked: boolean, indent: string): string[] {
  return fields.flatMap((field) => {
    const tag = text(member(field, 'tag'));
    const value = shownText(text(member(field, 'value')), 200);
    const shown = unmasked ? value : masked(field, value);
    const word = text(member(field, 'text'));
    const line = `${indent}${tag.padStart(7)} ${text(member(field, 'name')).padEnd(22)} ${shown}${word === '' ? '' : ` = ${word}`}`;
    const entries = member(field, 'entries');
    if (!isList(entries)) return [line.trimEnd()];
    return [
      line,
      ...entries.flatMap((entry) => (isList(entry) ? fieldLines(entry, unmasked, `${indent}    `) : [])),
    ];
  });
}

/**
 * What a layout tags as personal is hidden by its tag; of everything else, the one place that knows which fields are
 * personal or secret reads `tag=value`.
 */
function masked(field: JsonValue, value: string): string {
  const personal = member(field, 'personal');
  if (personal !== undefined) return personal === 'account' ? maskAccount(value) : maskSecret(value);
  const tag = member(field, 'tag');
  // Only a number is a tag; columns of a record say nothing about what stands in them.
  if (typeof tag !== 'number') return value;
  const pair = `${tag}=${value}`;
  const shown = noSecrets.text(pair);
  return shown.startsWith(`${tag}=`) ? shown.slice(String(tag).length + 1) : shown;
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function text(value: JsonValue | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}
