import { shownText } from '../../../src/core/bytes.ts';
import type { Place } from '../../../src/core/issue.ts';
import type { Limits } from '../../../src/core/limits.ts';
import type { FieldRow, FixTable } from '../dictionary.ts';
import { kindOf } from '../formats.ts';
import { standardTable } from '../load-dictionary.ts';
import { componentName, type Item, structureText } from '../structure-text.ts';
import standardLengths from '../tables/data-fields.json' with { type: 'json' };
import types from '../tables/types.json' with { type: 'json' };
import { transport } from '../versions.ts';
import type { Draft, DraftMember, LoadedTable } from './draft.ts';
import { checkStructures } from './structure-check.ts';

/**
 * The table of a draft that was read to its end. Names and ids become numbers; what refers to nothing, holds itself or could not be
 * read is told. A dictionary without a header has that of its version in the standard.
 */
export function tableOf(draft: Draft, limits: Limits): LoadedTable {
  const { findings } = draft;
  if (findings.broken) return { issues: findings.issues };
  const header = draft.header.length > 0 || draft.version.startsWith('FIX.5.');
  const usual = header ? undefined : standardTable(draft.version);
  if (usual !== undefined)
    findings.tell('DICTIONARY_ELEMENT', `no header: that of ${usual.version} is taken`, {
      line: 1,
      column: 1,
    });
  const fields = rowsOf(draft);
  const all = [...draft.fields.values()];
  const named = new Map(
    all.flatMap(({ tag, lengthTag }) => (lengthTag === undefined ? [] : [[tag, lengthTag]])),
  );
  const lengths = dataPairs(fields, named, (text, of) =>
    findings.tell('DICTIONARY_DATA', text, all.find(({ tag }) => tag === of)?.at),
  );
  const whole = draft.version.startsWith('FIX.5.') && draft.header.length > 0;
  // A file of session messages alone is of FIXT, whatever version it says.
  const carries = [...draft.messages.values()].some(({ category }) => category !== 'admin');
  const table: FixTable = {
    version: whole ? transport : draft.version,
    ...(whole && carries && { application: draft.version }),
    header: usual?.header ?? structureText(resolved(draft.header, draft)),
    trailer: usual?.trailer ?? structureText(resolved(draft.trailer, draft)),
    components: Object.fromEntries(
      [...draft.components.values()].map(({ name, members }) => [
        name,
        structureText(resolved(members, draft)),
      ]),
    ),
    messages: Object.fromEntries(
      [...draft.messages.values()].map(({ type, name, category, members }) => [
        type,
        [name, category, structureText(resolved(members, draft))],
      ]),
    ),
    fields: usual === undefined ? fields : { ...envelopeFields(usual), ...fields },
    ...(Object.keys(lengths).length > 0 && { lengths }),
  };
  if (!findings.broken)
    checkStructures(table, limits, (code, text, key) => findings.tell(code, text, placeOf(draft, key)));
  return findings.broken ? { issues: findings.issues } : { table, issues: findings.issues };
}

/** Where a message or a component stands: `8`, `@Parties`. */
function placeOf({ messages, components }: Draft, key: string): Place | undefined {
  if (!key.startsWith('@')) return messages.get(key)?.at;
  return [...components.values()].find(({ name }) => name === key.slice(1))?.at;
}

function rowsOf({ fields, findings }: Draft): Record<string, FieldRow> {
  const rows: Record<string, FieldRow> = {};
  for (const { tag, name, type, values, at } of fields.values()) {
    if (!Object.hasOwn(types, type))
      findings.tell('DICTIONARY_TYPE', `${shownText(name)}(${tag}): "${shownText(type)}"`, at);
    if (Object.hasOwn(rows, tag)) findings.tell('DICTIONARY_TWICE', `the number ${tag} stands twice`, at);
    else
      rows[tag] =
        values.size === 0 || tag === msgTypeTag ? [name, type] : [name, type, Object.fromEntries(values)];
  }
  return rows;
}

/** The values of MsgType(35) are the messages. */
const msgTypeTag = 35;

function envelopeFields({ header, trailer, fields }: FixTable): Readonly<Record<string, FieldRow>> {
  const tags = `${header} ${trailer}`.match(/\d+/g) ?? [];
  return Object.fromEntries(tags.flatMap((tag) => (fields[tag] === undefined ? [] : [[tag, fields[tag]]])));
}

/**
 * Which length belongs to a data field that the standard does not have: the one that the dictionary names, else by its name, else
 * the number before it. Number of the length to that of the data; `tell` hears of data without a length.
 */
export function dataPairs(
  rows: Readonly<Record<string, FieldRow>>,
  named: ReadonlyMap<number, number>,
  tell: (name: string, tag: number) => void,
): Record<string, number> {
  const usual = new Map(Object.entries(standardLengths).map(([length, data]) => [data, Number(length)]));
  const byName = new Map(Object.entries(rows).map(([tag, [name]]) => [name, Number(tag)]));
  const lengths: Record<string, number> = {};
  for (const [key, [name, type]] of Object.entries(rows)) {
    const tag = Number(key);
    const known = usual.get(tag);
    if (kindOf(type) !== 'data' || (known !== undefined && known === (named.get(tag) ?? known))) continue;
    const candidates = [named.get(tag), byName.get(`${name}Len`), byName.get(`${name}Length`), tag - 1];
    const length = candidates.find((one) => one !== undefined && isLength(rows[one]?.[1] ?? ''));
    if (length === undefined) tell(`${name}(${tag})`, tag);
    else lengths[length] = tag;
  }
  return lengths;
}

/** A field of this type may say how long another one is. */
export function isLength(type: string): boolean {
  return type === 'LENGTH' || type === 'INT';
}

function resolved(members: readonly DraftMember[], draft: Draft): readonly Item[] {
  const seen = new Set<string>();
  return members.flatMap((member): readonly Item[] => {
    const { kind, refers, required, inner, at } = member;
    const found = kind === 'component' ? componentItem(member, draft) : fieldItem(member, draft);
    if (found === undefined) {
      draft.findings.tell(
        'DICTIONARY_REFERENCE',
        `there is no ${kind === 'component' ? kind : 'field'} "${shownText(refers)}"`,
        at,
      );
      return [];
    }
    const key = found.component ?? String(found.tag);
    if (seen.has(key)) {
      draft.findings.tell('DICTIONARY_TWICE', `the member "${shownText(refers)}" stands twice`, at);
      return [];
    }
    seen.add(key);
    if (kind !== 'group') return [{ ...found, required }];
    if (inner.length === 0)
      draft.findings.tell('DICTIONARY_GROUP', `the group "${shownText(refers)}" is empty`, at);
    return [{ ...found, required, inner: resolved(inner, draft) }];
  });
}

function fieldItem({ refers }: DraftMember, { fields }: Draft): Item | undefined {
  const field = fields.get(refers);
  return field && { tag: field.tag, required: false };
}

function componentItem({ refers, at }: DraftMember, { components, findings }: Draft): Item | undefined {
  const component = components.get(refers);
  if (component === undefined) return undefined;
  if (!componentName.test(component.name))
    findings.tell('DICTIONARY_ATTRIBUTE', `"${shownText(component.name)}" cannot name a component`, at);
  return { tag: 0, component: component.name, required: false };
}
