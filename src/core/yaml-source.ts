import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Place } from './issue.ts';

/** Steps from the outermost mapping to a value: keys, and numbers of list items. */
export type YamlPath = readonly PropertyKey[];

export interface YamlProblem {
  readonly message: string;
  readonly at: Place;
  /** The text was not read at all: it is too large. */
  readonly tooLarge?: true;
}

/** A YAML text as plain data, every scalar as it was written, and where each of it stands. */
export interface YamlSource {
  readonly data: unknown;
  readonly problems: readonly YamlProblem[];
  /** Line and column of a value, or of its key; of the nearest one above where the path leads nowhere. */
  place(path: YamlPath, what?: 'key' | 'value'): Place;
}

/** How a text is told of, and how large it may be. */
export interface YamlReading {
  /** `layout`, `dialect`. */
  readonly name: string;
  readonly bytesMax: number;
}

/** What people write is a few levels deep; a field of a group of a group of a message some ten. */
const nestingMax = 40;
/** The first problems name the cause, the rest follow from them. */
const problemsMax = 20;
const start: Place = { line: 1, column: 1 };

/** By the failsafe schema, and without the library's own tags (`!!omap`, `!!set`, `!!timestamp`): those would be no plain data. */
export const plainYaml = { schema: 'failsafe', resolveKnownTags: false } as const;

/**
 * Reads YAML 1.2 by its failsafe schema: no scalar is guessed at, so a code `01` keeps its zero and `N` or `no` stays text. Aliases are
 * not taken: what this reads is read by people beside a published paper. Keys that stand twice are looked for here, because the
 * library compares each key with all others.
 */
export function readYamlSource(text: string, { name, bytesMax }: YamlReading): YamlSource {
  if (Buffer.byteLength(text) > bytesMax) {
    const message = `the ${name} is larger than ${bytesMax} bytes`;
    return { data: undefined, problems: [{ message, at: start, tooLarge: true }], place: () => start };
  }
  const lines = new LineCounter();
  const options = { ...plainYaml, lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  const document = parseDocument(text, { ...options, uniqueKeys: false, logLevel: 'error' });
  const told = [...document.errors, ...document.warnings].slice(0, problemsMax).map((error) => ({
    message: error.code === 'RESOURCE_EXHAUSTION' ? tooDeep(name) : error.message,
    at: yamlPlaceAt(lines, error.pos[0]),
  }));
  const problems = told.length > 0 ? told : walked(document, lines, name);
  const data: unknown = problems.length > 0 ? undefined : document.toJS();
  const place: YamlSource['place'] = (path, what = 'value') =>
    yamlPlaceAt(lines, yamlOffsetOf(document, path, what));
  return { data, problems, place };
}

function tooDeep(name: string): string {
  return `the ${name} is nested too deep`;
}

/** What the language allows and nobody may write here: aliases, keys that stand twice, absurd nesting. */
function walked(document: Document, lines: LineCounter, name: string): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  const tell = (message: string, node: unknown): void => {
    problems.push({ message, at: yamlPlaceAt(lines, startOf(node) ?? 0) });
  };
  const waiting: { readonly node: unknown; readonly depth: number }[] = [
    { node: document.contents, depth: 1 },
  ];
  for (let next = waiting.pop(); next !== undefined && problems.length < problemsMax; next = waiting.pop()) {
    const { node, depth } = next;
    if (isAlias(node)) tell(`a ${name} may not use aliases`, node);
    else if (depth > nestingMax) tell(tooDeep(name), node);
    else if (isSeq(node)) for (const item of node.items) waiting.push({ node: item, depth: depth + 1 });
    else if (isMap(node)) {
      for (const problem of strangeKeys(node.items.map(({ key }) => key))) tell(problem.message, problem.key);
      for (const { value } of node.items) waiting.push({ node: value, depth: depth + 1 });
    }
  }
  // One mapping may have more than the last room that was left.
  const sorted = problems.sort((left, right) => (left.at.line ?? 0) - (right.at.line ?? 0));
  return sorted.slice(0, problemsMax);
}

function strangeKeys(
  keys: readonly unknown[],
): readonly { readonly key: unknown; readonly message: string }[] {
  const known = new Set<string>();
  return keys.flatMap((key) => {
    const name = isScalar(key) ? String(key.value) : '';
    const found = known.has(name) ? [{ key, message: `the key "${name}" stands twice` }] : [];
    known.add(name);
    // What reads the data afterwards would pass over it in silence.
    if (name === '__proto__') found.push({ key, message: `the key "${name}" cannot stand anywhere` });
    return found;
  });
}

/** Line and column, both from 1. */
export function yamlPlaceAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where the value at a path begins, or its key; of the nearest one above where the path leads nowhere. */
export function yamlOffsetOf(document: Document, path: YamlPath, what: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const held = isAlias(node) ? node.resolve(document) : node;
    const last = depth === path.length - 1;
    if (isMap(held)) {
      const pair = held.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      node = pair.value;
      const own = last && what === 'key' ? startOf(pair.key) : startOf(node);
      offset = own ?? startOf(pair.key) ?? offset;
    } else if (isSeq(held)) {
      node = held.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
