import type { MtField } from './fields.ts';
import { isSequence, type MtSequence } from './tree.ts';

/**
 * One condition of a rule, as `tables/rules` writes it. Paths are those of `findFields`, from the sequence that the rule
 * looks at; behind `^` from the message. Codes (`is`) are those of the standard itself: a code of another issuer is none of them.
 */
export interface Condition {
  /** A field or a sequence stands there; with `is`, one whose code is among these. */
  readonly has?: string;
  readonly lacks?: string;
  readonly is?: readonly string[];
  readonly count?: string;
  readonly min?: number;
  readonly max?: number;
  /** Both stand there, or neither does. */
  readonly together?: readonly string[];
  /** The codes of two fields are not the same. */
  readonly differ?: readonly string[];
  /** The qualifier of the first, a reason, is the code of the second, a status; a status of another issuer says nothing. */
  readonly agrees?: readonly string[];
  /** Each qualifier of `of` at most once in these fields of the sequences `within`; `apart`: in at most one of them. */
  readonly once?: string;
  readonly of?: readonly string[];
  readonly apart?: boolean;
  readonly within?: readonly string[];
  /** Where one of these qualifiers stands, the next one stands too. */
  readonly chain?: readonly string[];
  readonly field?: string;
  readonly any?: readonly Condition[];
}

/** Whether a condition holds for one sequence of a message. */
export type Test = (scope: MtSequence, message: SequenceIndex) => boolean;

/** The sequences of a message by their ids, in wire order. */
export interface SequenceIndex {
  readonly root: MtSequence;
  readonly byId: ReadonlyMap<string, readonly MtSequence[]>;
}

export function indexSequences(root: MtSequence): SequenceIndex {
  const byId = new Map<string, MtSequence[]>();
  const walk = (sequence: MtSequence): void => {
    for (const item of sequence.items) {
      if (!isSequence(item)) continue;
      const known = byId.get(item.id);
      if (known === undefined) byId.set(item.id, [item]);
      else known.push(item);
      walk(item);
    }
  };
  walk(root);
  return { root, byId };
}

/** The test of a condition, made once. A condition that says nothing is a mistake of the table. */
export function testOf(condition: Condition): Test {
  const { has, lacks, count, together, differ, agrees, once, chain, any } = condition;
  if (has !== undefined) return hasTest(has, condition.is);
  if (lacks !== undefined) {
    const test = hasTest(lacks, condition.is);
    return (scope, message) => !test(scope, message);
  }
  if (count !== undefined) return countTest(count, condition);
  if (together !== undefined) return togetherTest(together);
  if (differ !== undefined) return differTest(differ);
  if (agrees !== undefined) return agreesTest(agrees);
  if (once !== undefined) return onceTest(once, condition);
  if (chain !== undefined) return chainTest(chain, condition);
  const tests = (any ?? []).map(testOf);
  if (tests.length === 0) throw new Error(`a condition says nothing: ${JSON.stringify(condition)}`);
  return (scope, message) => tests.some((test) => test(scope, message));
}

/** Asked most of all, and of fields that mostly are not there: nothing is collected. */
function hasTest(text: string, codes: readonly string[] | undefined): Test {
  const { up, id, pattern } = pathOf(text);
  if (pattern === undefined) {
    return (scope, message) => sequencesOf(message, id, up ? message.root : scope).length > 0;
  }
  return (scope, message) => {
    const from = up ? message.root : scope;
    if (id === '') return stands(from, pattern, codes);
    return sequencesOf(message, id, from).some((sequence) => stands(sequence, pattern, codes));
  };
}

function stands({ items }: MtSequence, pattern: Pattern, codes: readonly string[] | undefined): boolean {
  for (const item of items) {
    if (isSequence(item) || !fits(item, pattern)) continue;
    if (codes === undefined || codes.includes(codeOf(item) ?? '')) return true;
  }
  return false;
}

function countTest(text: string, { min = 0, max = Number.POSITIVE_INFINITY }: Condition): Test {
  const find = finderOf(text);
  return (scope, message) => {
    const found = find(scope, message).length;
    return found >= min && found <= max;
  };
}

function togetherTest(paths: readonly string[]): Test {
  const finders = paths.map(finderOf);
  return (scope, message) => {
    const standing = finders.filter((find) => find(scope, message).length > 0).length;
    return standing === 0 || standing === finders.length;
  };
}

function differTest(paths: readonly string[]): Test {
  const finders = paths.map(finderOf);
  return (scope, message) => {
    const codes = finders.map((find) => find(scope, message)[0]).map((item) => contentOf(item));
    return codes.includes(undefined) || new Set(codes).size === codes.length;
  };
}

function agreesTest([reason = '', status = '']: readonly string[]): Test {
  const reasons = finderOf(reason);
  const statuses = finderOf(status);
  return (scope, message) => {
    const codes = statuses(scope, message).map((item) => (isSequence(item) ? undefined : codeOf(item)));
    if (codes.length === 0 || codes.includes(undefined)) return true;
    return reasons(scope, message).every((item) => !isSequence(item) && codes.includes(item.qualifier));
  };
}

function onceTest(field: string, { of = [], within = [], apart = false }: Condition): Test {
  const pattern = patternOf(field);
  const wanted = new Set(of);
  return (scope, message) => {
    let seen: Map<string, MtSequence> | undefined;
    for (const id of within) {
      for (const sequence of sequencesOf(message, id, scope)) {
        for (const item of sequence.items) {
          if (isSequence(item) || !fits(item, pattern) || !wanted.has(item.qualifier)) continue;
          seen ??= new Map();
          const before = seen.get(item.qualifier);
          if (before !== undefined && !(apart && before === sequence)) return false;
          seen.set(item.qualifier, sequence);
        }
      }
    }
    return true;
  };
}

function chainTest(links: readonly string[], { field = '', within = [] }: Condition): Test {
  const pattern = patternOf(field);
  return (scope, message) => {
    const found: string[] = [];
    for (const id of within) {
      for (const sequence of sequencesOf(message, id, scope)) {
        for (const item of sequence.items) {
          if (!isSequence(item) && fits(item, pattern) && links.includes(item.qualifier))
            found.push(item.qualifier);
        }
      }
    }
    return found.every((link) => found.includes(links[links.indexOf(link) + 1] ?? link));
  };
}

type Finder = (scope: MtSequence, message: SequenceIndex) => readonly (MtField | MtSequence)[];

/** What a path names: sequences by their id, fields in them or in the scope itself. */
export function finderOf(path: string): Finder {
  const { up, id, pattern } = pathOf(path);
  if (pattern === undefined) return (scope, message) => sequencesOf(message, id, up ? message.root : scope);
  return (scope, message) => {
    const from = up ? message.root : scope;
    const sequences = id === '' ? [from] : sequencesOf(message, id, from);
    return sequences.flatMap(({ items }) =>
      items.filter((item): item is MtField => !isSequence(item) && fits(item, pattern)),
    );
  };
}

interface Path {
  /** From the message, not from the scope. */
  readonly up: boolean;
  /** Of the sequences; empty: the scope itself. */
  readonly id: string;
  /** Undefined: the sequences themselves. */
  readonly pattern: Pattern | undefined;
}

function pathOf(path: string): Path {
  const up = path.startsWith('^');
  const text = up ? path.slice(1) : path;
  const dot = text.lastIndexOf('.');
  const last = text.slice(dot + 1);
  if (!/^\d/.test(last)) return { up, id: last, pattern: undefined };
  return { up, id: dot < 0 ? '' : text.slice(0, dot), pattern: patternOf(last) };
}

const none: readonly MtSequence[] = [];

function sequencesOf({ root, byId }: SequenceIndex, id: string, scope: MtSequence): readonly MtSequence[] {
  const all = byId.get(id) ?? none;
  return scope === root || all.length === 0
    ? all
    : all.filter(({ from, to }) => from > scope.from && to <= scope.to);
}

interface Pattern {
  readonly number: string;
  /** A small letter of the path: any. */
  readonly option: string | undefined;
  readonly qualifier: string | undefined;
}

/** Of `95a::PSET`, `23G`, `93B`, `90a`. */
function patternOf(text: string): Pattern {
  const match = /^(\d+)([A-Za-z]?)(?:::([A-Z0-9]{4}))?$/.exec(text);
  if (match === null) throw new Error(`a rule names the field "${text}"`);
  const [, number = '', option = '', qualifier] = match;
  return { number, option: /[a-z]/.test(option) ? undefined : option, qualifier };
}

function fits({ tag, qualifier }: MtField, pattern: Pattern): boolean {
  if (pattern.qualifier !== undefined && qualifier !== pattern.qualifier) return false;
  if (pattern.option !== undefined) return tag === pattern.number + pattern.option;
  return tag.startsWith(pattern.number) && tag.length <= pattern.number.length + 1;
}

/** The code of a field that the standard itself has issued: `APMT` of `:22H::PAYM//APMT`, `CANC` of `:23G:CANC/CODU`. */
function codeOf(field: MtField): string | undefined {
  return field.issuer === '' ? field.content.split('/', 1)[0]?.trim() : undefined;
}

function contentOf(item: MtField | MtSequence | undefined): string | undefined {
  return item === undefined || isSequence(item) ? undefined : `${item.issuer}/${item.content}`;
}
