import type { FileVerdict } from '../contract/file-judge.ts';
import type { Cut } from '../contract/frame.ts';
import { latin1Text, shownText } from '../core/bytes.ts';
import { harmless, type Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { noSecrets } from '../gateway/mask.ts';
import type { Meaning } from './decode.ts';
import { elementLines } from './element-lines.ts';
import { eventLine } from './event-line.ts';
import { type Beside, fieldLines, isList, memberOf, textOf } from './field-lines.ts';
import type { Paint } from './terminal.ts';
import { rowPlaces, treeLines } from './tree-lines.ts';

/** A message for a person: what it is, its fields, what is wrong with it, what it means. */
export function decodedLines(
  offset: number,
  length: number,
  meaning: Meaning,
  paint: Paint,
  unmasked: boolean,
): string[] {
  const { message, issues } = meaning.decoded;
  const name =
    message === undefined
      ? 'unreadable'
      : `${message.standard} ${message.name || 'unknown'}(${message.type})`;
  const view = message?.view();
  const rows = memberOf(view, 'text');
  const said = (found: readonly Issue[] | undefined): string[] =>
    (found ?? []).map((issue) => issueLine(issue, paint, unmasked).trim());
  const elements = message?.rows?.();
  const inElements =
    elements && elementLines(elements, issues, unmasked, (issue) => issueLine(issue, paint, unmasked).trim());
  const { at, left } = isList(rows)
    ? placedInRows(issues, rowPlaces(rows))
    : placed(issues, message?.bytes ?? new Uint8Array());
  const shown =
    view === undefined
      ? []
      : inElements !== undefined
        ? inElements.lines
        : isList(rows)
          ? [...envelopeLines(view), ...treeLines(rows, unmasked, (place) => said(at.get(String(place))))]
          : viewLines(view, unmasked, (tag, before) => said(at.get(`${tag} ${before}`)));
  const verdict = meaning.ok ? paint('good', 'ok') : paint('bad', 'not ok');
  return [
    `${paint('quiet', `@${offset} +${length}`)}  ${paint('strong', name)}  ${verdict}`,
    ...shown,
    ...(inElements?.left ?? left).map((issue) => issueLine(issue, paint, unmasked)),
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
  const { offset, line, column = 1 } = issue.at ?? {};
  const place =
    offset !== undefined
      ? ` (byte ${offset})`
      : line !== undefined
        ? ` (line ${line}, column ${column})`
        : '';
  return `  ${paint(tone, issue.severity)} ${issue.code}: ${text}${paint('quiet', place)}`;
}

/**
 * The fields of a view, one a line, entries of a group one step further in, and what is said `beside` each. A message that an envelope
 * holds comes behind it. A view without a list of fields is shown as JSON.
 */
export function viewLines(view: JsonValue, unmasked: boolean, beside?: Beside): string[] {
  const fields = memberOf(view, 'fields');
  if (!isList(fields))
    return JSON.stringify(view, null, 2)
      .split('\n')
      .map((line) => `  ${line}`);
  const inner = memberOf(view, 'inner');
  const lines = fieldLines(fields, unmasked, beside);
  if (inner === undefined) return lines;
  const held = ['beginString', 'name', 'type'].map((name) => textOf(memberOf(inner, name)));
  return [
    ...lines,
    `  holds ${held[0]} ${held[1] || 'unknown'}(${held[2]})`,
    ...viewLines(inner, unmasked).map((line) => `  ${line}`),
  ];
}

/** Who sends to whom. */
function envelopeLines(view: JsonValue): string[] {
  const [sender, receiver] = ['sender', 'receiver'].map((name) =>
    textOf(memberOf(memberOf(view, 'envelope'), name)),
  );
  const said = [...(sender ? [`from ${sender}`] : []), ...(receiver ? [`to ${receiver}`] : [])];
  return said.length === 0 ? [] : [`  ${said.join(' ')}`];
}

/** Issues beside the last row that begins before their place; what stands before all rows is left. */
function placedInRows(
  issues: readonly Issue[],
  places: readonly number[],
): { readonly at: Map<string, Issue[]>; readonly left: Issue[] } {
  const at = new Map<string, Issue[]>();
  const left: Issue[] = [];
  for (const issue of issues) {
    const { offset } = issue.at ?? {};
    const place = offset === undefined ? undefined : places.findLast((from) => from <= offset);
    if (place === undefined) left.push(issue);
    else at.set(String(place), [...(at.get(String(place)) ?? []), issue]);
  }
  return { at, left };
}

/** Issues that have a place in the message, beside the field that stands there; the others are left. */
function placed(
  issues: readonly Issue[],
  bytes: Uint8Array,
): { readonly at: Map<string, Issue[]>; readonly left: Issue[] } {
  const at = new Map<string, Issue[]>();
  const left: Issue[] = [];
  for (const issue of issues) {
    const tag = /(?:^|[ (])(\d+)\)?$/.exec(issue.at?.field ?? '')?.[1];
    const { offset } = issue.at ?? {};
    if (tag === undefined || offset === undefined) {
      left.push(issue);
      continue;
    }
    const before = countBefore(bytes, tag, offset);
    const key = `${tag} ${before - 1}`;
    if (before > 0) at.set(key, [...(at.get(key) ?? []), issue]);
    else left.push(issue);
  }
  return { at, left };
}

/** How many fields of a tag begin before an offset. A log may have written something else than SOH between them. */
function countBefore(bytes: Uint8Array, tag: string, offset: number): number {
  const text = latin1Text(bytes, 0, Math.min(offset, bytes.length));
  return text.match(new RegExp(`(?<![0-9])${tag}=`, 'g'))?.length ?? 0;
}
