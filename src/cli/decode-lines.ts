import type { Cut } from '../contract/frame.ts';
import { latin1Text, shownText } from '../core/bytes.ts';
import type { Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
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
    const shown = unmasked ? value : masked(tag, value);
    const word = text(member(field, 'text'));
    const line = `${indent}${tag.padStart(6)} ${text(member(field, 'name')).padEnd(22)} ${shown}${word === '' ? '' : ` = ${word}`}`;
    const entries = member(field, 'entries');
    if (!isList(entries)) return [line.trimEnd()];
    return [
      line,
      ...entries.flatMap((entry) => (isList(entry) ? fieldLines(entry, unmasked, `${indent}    `) : [])),
    ];
  });
}

/** The one place that knows which fields are personal or secret reads `tag=value`. */
function masked(tag: string, value: string): string {
  const pair = `${tag}=${value}`;
  const shown = noSecrets.text(pair);
  return shown.startsWith(`${tag}=`) ? shown.slice(tag.length + 1) : shown;
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
