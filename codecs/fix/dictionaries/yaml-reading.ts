import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Issue, Place } from '../../../src/core/issue.ts';
import type { Limits } from '../../../src/core/limits.ts';
import { type DictionaryIssueCode, dictionaryIssue } from './issues.ts';

/** Steps from the outermost mapping to a value: keys, and numbers of list items. */
export type YamlPath = readonly PropertyKey[];

/** A YAML text as plain data, every scalar as it was written, and where each of it stands. */
export interface YamlSource {
  readonly data: unknown;
  readonly issues: readonly Issue[];
  /** Of a value, or of its key; of the nearest one above where the path leads nowhere. */
  place(path: YamlPath, what?: 'key' | 'value'): Place;
}

/** A field of a group of a message stands some ten levels deep. */
const nestingMax = 40;
const problemsMax = 20;
const start: Place = { line: 1, column: 1 };

/**
 * Reads YAML 1.2 by its failsafe schema: no scalar is guessed at, so a value `01` keeps its zero and `N` stays text. Aliases are not
 * taken: a dialect is read by people beside the published rules. Codes: `DIALECT_SYNTAX`, `DICTIONARY_LIMIT`.
 */
export function readYaml(text: string, { dialectBytesMax }: Limits): YamlSource {
  if (Buffer.byteLength(text) > dialectBytesMax)
    return nothing('DICTIONARY_LIMIT', `the dialect is larger than ${dialectBytesMax} bytes`);
  const lines = new LineCounter();
  const options = { schema: 'failsafe', lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  const document = parseDocument(text, { ...options, uniqueKeys: false, logLevel: 'error' });
  const told = [...document.errors, ...document.warnings].map((error) =>
    problem(error.code === 'RESOURCE_EXHAUSTION' ? tooDeep : error.message, placeAt(lines, error.pos[0])),
  );
  const issues = (told.length > 0 ? told : walked(document, lines)).slice(0, problemsMax);
  const data: unknown = issues.length > 0 ? undefined : document.toJS();
  return { data, issues, place: (path, what = 'value') => placeAt(lines, offsetOf(document, path, what)) };
}

const tooDeep = 'it is nested too deep';

function nothing(code: DictionaryIssueCode, message: string): YamlSource {
  return { data: undefined, issues: [dictionaryIssue(code, message, start)], place: () => start };
}

function problem(message: string, at: Place): Issue {
  return dictionaryIssue('DIALECT_SYNTAX', message, at);
}

/** What the language allows and a dialect may not have: aliases, keys that stand twice, absurd nesting. */
function walked(document: Document, lines: LineCounter): readonly Issue[] {
  const issues: Issue[] = [];
  const tell = (message: string, node: unknown): void => {
    issues.push(problem(message, placeAt(lines, startOf(node) ?? 0)));
  };
  const waiting: { readonly node: unknown; readonly depth: number }[] = [
    { node: document.contents, depth: 1 },
  ];
  for (let next = waiting.pop(); next !== undefined && issues.length < problemsMax; next = waiting.pop()) {
    const { node, depth } = next;
    if (isAlias(node)) tell('a dialect may not use aliases', node);
    else if (depth > nestingMax) tell(tooDeep, node);
    else if (isSeq(node)) for (const item of node.items) waiting.push({ node: item, depth: depth + 1 });
    else if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (keys.has(name)) tell(`the key "${name}" stands twice`, key);
        // What reads the data afterwards would pass over it in silence.
        if (name === '__proto__') tell(`the key "${name}" cannot stand anywhere`, key);
        keys.add(name);
        waiting.push({ node: value, depth: depth + 1 });
      }
    }
  }
  return issues.sort((left, right) => (left.at?.line ?? 0) - (right.at?.line ?? 0));
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(document: Document, path: YamlPath, what: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const key = depth === path.length - 1 && what === 'key';
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      node = pair.value;
      offset = (key ? startOf(pair.key) : startOf(node)) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
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
