import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import codes from './tables/codes.json' with { type: 'json' };
import { isSequence, type MtSequence } from './tree.ts';

/**
 * Codes of the standard itself that its list does not have, as `MT_CODE`. Codes of another issuer and fields without a list are not judged.
 * Source: the code lists of the ISO 20022 schemas of the same messages, all versions and variants together, which share their codes with ISO
 * 15022 (`OTHR` is `NARR` there); 17B, 28E, 97C, 25D and 22H::CRDB: ISO 15022.
 */
export function codeIssues(root: MtSequence): readonly Issue[] {
  const issues: Issue[] = [];
  judge(root, issues);
  return issues;
}

/** The codes of a field; undefined where there is no list. */
export function codesOf({
  tag,
  qualifier,
}: Pick<MtField, 'tag' | 'qualifier'>): ReadonlySet<string> | undefined {
  const list = lists.get(tag);
  return list?.get(qualifier) ?? list?.get('');
}

/** By tag, then by qualifier; none: any. */
const lists = new Map<string, Map<string, ReadonlySet<string>>>();
for (const [name, text] of Object.entries(codes)) {
  const [tag = '', qualifier = ''] = name.split('::');
  // 22a: whichever option.
  for (const one of tag === '22a' ? ['22F', '22H'] : [tag]) {
    lists.set(one, (lists.get(one) ?? new Map()).set(qualifier, new Set(text.split(' '))));
  }
}

function judge(sequence: MtSequence, issues: Issue[]): void {
  for (const item of sequence.items) {
    if (isSequence(item)) judge(item, issues);
    else if (item.issuer === '') judgeCode(item, issues);
  }
}

function judgeCode(field: MtField, issues: Issue[]): void {
  const list = codesOf(field);
  if (list === undefined) return;
  const code = field.tag === '28E' ? (field.content.split('/')[1] ?? '') : field.content;
  if (list.has(code)) return;
  const name = fieldName(field);
  const at = { offset: field.from, length: field.to - field.from, field: name };
  issues.push(mtIssue('MT_CODE', `no list has the code "${shownText(code, 16)}" of ${name}`, at));
}
