import type { FixTable } from '../dictionary.ts';
import { type Member, membersOf, rowIn } from './members.ts';

/** In what way a dictionary departs from another one. */
export type DifferenceKind =
  | 'field-added'
  | 'field-removed'
  | 'field-renamed'
  | 'type-changed'
  | 'list-added'
  | 'list-removed'
  | 'value-added'
  | 'value-removed'
  | 'value-renamed'
  | 'message-added'
  | 'message-removed'
  | 'message-renamed'
  | 'category-changed'
  | 'member-added'
  | 'member-removed'
  | 'member-moved'
  | 'required-now'
  | 'optional-now'
  | 'group-now'
  | 'field-now'
  | 'entry-begins'
  | 'order-changed';

/**
 * What it means for whoever speaks by the first dictionary. `asks`: what is sent by it can be refused. `brings`: something comes that it
 * does not know. `words`: names only.
 */
export type DifferenceWeight = 'asks' | 'brings' | 'words';

/** One departure. `type` and `value` are the codes themselves, such as `8` and `Z`. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly weight: DifferenceWeight;
  readonly tag?: number;
  readonly value?: string;
  /** Messages that it is about, by MsgType(35); `header` and `trailer` stand for all. Empty for fields and values. */
  readonly types: readonly string[];
  /** Groups that it is inside of, from the outside in, by the numbers of their counts. */
  readonly groups: readonly number[];
  readonly before?: string;
  readonly after?: string;
}

const weights: Readonly<Record<DifferenceKind, DifferenceWeight>> = {
  'field-added': 'brings',
  'field-removed': 'asks',
  'field-renamed': 'words',
  'type-changed': 'asks',
  'list-added': 'asks',
  'list-removed': 'brings',
  'value-added': 'brings',
  'value-removed': 'asks',
  'value-renamed': 'words',
  'message-added': 'brings',
  'message-removed': 'asks',
  'message-renamed': 'words',
  'category-changed': 'asks',
  'member-added': 'brings',
  'member-removed': 'asks',
  'member-moved': 'asks',
  'required-now': 'asks',
  'optional-now': 'brings',
  'group-now': 'asks',
  'field-now': 'asks',
  'entry-begins': 'asks',
  'order-changed': 'asks',
};

type Detail = Partial<Pick<Difference, 'tag' | 'value' | 'groups' | 'before' | 'after'>>;

/**
 * How `theirs` departs from `ours`: fields, values and messages by their codes, members level by level with components spelled out, so
 * that it does not matter how either of them is cut into components. What is the same departure in several messages is told once.
 */
export function differencesOf(ours: FixTable, theirs: FixTable): readonly Difference[] {
  const found = new Map<string, { readonly difference: Difference; readonly types: string[] }>();
  const tell = (kind: DifferenceKind, type: string, detail: Detail): void => {
    const alone = kind === 'message-added' || kind === 'message-removed';
    const key = JSON.stringify([kind, detail, alone ? type : '']);
    const known = found.get(key);
    if (known !== undefined) known.types.push(type);
    else {
      const types = type === '' ? [] : [type];
      found.set(key, { difference: { groups: [], ...detail, kind, weight: weights[kind], types }, types });
    }
  };
  compareFields(ours, theirs, (kind, detail) => tell(kind, '', detail));
  compareMessages(ours, theirs, tell);
  return [...found.values()].map(({ difference }) => difference);
}

type TellDetail = (kind: DifferenceKind, detail: Detail) => void;
type TellIn = (kind: DifferenceKind, type: string, detail: Detail) => void;

function compareFields(ours: FixTable, theirs: FixTable, tell: TellDetail): void {
  for (const [key, [name, type, values]] of Object.entries(ours.fields)) {
    const tag = Number(key);
    const other = theirs.fields[key];
    if (other === undefined) {
      tell('field-removed', { tag });
      continue;
    }
    if (other[0] !== name) tell('field-renamed', { tag, before: name, after: other[0] });
    if (other[1] !== type) tell('type-changed', { tag, before: type, after: other[1] });
    compareValues(tag, values, other[2], tell);
  }
  for (const [key, [, type]] of Object.entries(theirs.fields))
    if (!Object.hasOwn(ours.fields, key)) tell('field-added', { tag: Number(key), after: type });
}

type Values = Readonly<Record<string, string>> | undefined;

function compareValues(tag: number, ours: Values, theirs: Values, tell: TellDetail): void {
  if (ours === undefined || theirs === undefined) {
    if (ours !== theirs) tell(theirs === undefined ? 'list-removed' : 'list-added', { tag });
    return;
  }
  for (const [value, name] of Object.entries(ours)) {
    const other = rowIn(theirs, value);
    if (other === undefined) tell('value-removed', { tag, value, before: name });
    else if (other !== name) tell('value-renamed', { tag, value, before: name, after: other });
  }
  for (const [value, name] of Object.entries(theirs))
    if (!Object.hasOwn(ours, value)) tell('value-added', { tag, value, after: name });
}

function compareMessages(ours: FixTable, theirs: FixTable, tell: TellIn): void {
  for (const edge of ['header', 'trailer'] as const)
    compareWhole(membersOf(ours, ours[edge]), membersOf(theirs, theirs[edge]), (kind, detail) =>
      tell(kind, edge, detail),
    );
  for (const [type, [name, category, body]] of Object.entries(ours.messages)) {
    const other = rowIn(theirs.messages, type);
    if (other === undefined) {
      tell('message-removed', type, {});
      continue;
    }
    if (other[0] !== name) tell('message-renamed', type, { before: name, after: other[0] });
    if (other[1] !== category) tell('category-changed', type, { before: category, after: other[1] });
    compareWhole(membersOf(ours, body), membersOf(theirs, other[2]), (kind, detail) =>
      tell(kind, type, detail),
    );
  }
  for (const type of Object.keys(theirs.messages))
    if (!Object.hasOwn(ours.messages, type)) tell('message-added', type, {});
}

/** One message; what is gone from one of its levels and came on another one has moved. */
function compareWhole(ours: readonly Member[], theirs: readonly Member[], tell: TellDetail): void {
  const gone = new Map<number, readonly number[]>();
  const come = new Map<number, readonly number[]>();
  const others: [DifferenceKind, Detail][] = [];
  compareLevels(ours, theirs, [], (kind, detail) => {
    const { tag = 0, groups = [] } = detail;
    if (kind === 'member-removed' && !gone.has(tag)) gone.set(tag, groups);
    else if (kind === 'member-added' && !come.has(tag)) come.set(tag, groups);
    if (kind === 'member-added' || kind === 'member-removed') others.push([kind, detail]);
    else tell(kind, detail);
  });
  for (const [kind, detail] of others) {
    const { tag = 0, groups = [] } = detail;
    const [from, to] = [gone.get(tag), come.get(tag)];
    if (from === undefined || to === undefined) tell(kind, detail);
    else if (kind === 'member-added') tell('member-moved', { tag, groups, before: from.join('/') });
  }
}

function compareLevels(
  ourMembers: readonly Member[],
  theirMembers: readonly Member[],
  groups: readonly number[],
  tell: TellDetail,
): void {
  const known = byTag(ourMembers);
  const others = byTag(theirMembers);
  const [ours, theirs] = [[...known.values()], [...others.values()]];
  for (const { tag, required, inner } of ours) {
    const other = others.get(tag);
    if (other === undefined) {
      tell('member-removed', { tag, groups });
      continue;
    }
    if (required !== other.required) tell(other.required ? 'required-now' : 'optional-now', { tag, groups });
    if (inner !== undefined && other.inner !== undefined)
      compareLevels(inner, other.inner, [...groups, tag], tell);
    else if (inner !== other.inner)
      tell(other.inner === undefined ? 'field-now' : 'group-now', { tag, groups });
  }
  for (const { tag, required } of theirs) {
    if (known.has(tag)) continue;
    tell('member-added', { tag, groups });
    if (required) tell('required-now', { tag, groups });
  }
  if (groups.length > 0) compareOrder(ours, theirs, groups, tell);
}

/** A tag that a level has twice, which was told when the dictionary was opened, is what it is at its last place: messages are read so. */
function byTag(members: readonly Member[]): ReadonlyMap<number, Member> {
  return new Map(members.map((member) => [member.tag, member]));
}

/** Order counts inside of groups alone: outside, FIX leaves it to the sender. */
function compareOrder(
  ours: readonly Member[],
  theirs: readonly Member[],
  groups: readonly number[],
  tell: TellDetail,
): void {
  const tags = (list: readonly Member[], others: readonly Member[]): readonly number[] =>
    list.map(({ tag }) => tag).filter((tag) => others.some((other) => other.tag === tag));
  const [before, after] = [tags(ours, theirs).join(' '), tags(theirs, ours).join(' ')];
  const first = theirs[0]?.tag;
  if (first !== ours[0]?.tag) tell('entry-begins', { ...(first !== undefined && { tag: first }), groups });
  else if (before !== after) tell('order-changed', { groups, before, after });
}
