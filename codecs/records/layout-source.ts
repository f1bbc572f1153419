import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Place } from '../../src/core/issue.ts';
import type { LayoutPath } from './layout.ts';

interface SourceProblem {
  readonly message: string;
  readonly at: Place;
}

/** A YAML text as plain data, every scalar as it was written, and where each of it stands. */
export interface LayoutSource {
  readonly data: unknown;
  readonly problems: readonly SourceProblem[];
  /** Line and column of a value or of its key; of the nearest one above where the path leads nowhere. */
  place(path: LayoutPath, what: 'key' | 'value'): Place;
}

/** The largest family of layouts seen has a thousand fields: a hundred kilobytes. */
const layoutBytesMax = 256 * 1024;
/** A code of a field stands six levels deep, and what is joined for an event a few more. */
const nestingMax = 40;
/** The first problems name the cause, the rest follow from them. */
const problemsMax = 20;
const start = { line: 1, column: 1 };

/**
 * Reads YAML 1.2 by its failsafe schema: no scalar is guessed at, so a code `01` keeps its zero and `N` or `no` stays
 * text. Aliases are not taken: a layout is read by people beside the published paper. Keys that stand twice are looked
 * for here, because the library compares each key with all others.
 */
export function readLayoutSource(text: string): LayoutSource {
  if (Buffer.byteLength(text) > layoutBytesMax)
    return broken(`the layout is larger than ${layoutBytesMax} bytes`);
  const lines = new LineCounter();
  const options = { schema: 'failsafe', lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  const document = parseDocument(text, { ...options, uniqueKeys: false, logLevel: 'error' });
  const told = [...document.errors, ...document.warnings].slice(0, problemsMax).map((error) => ({
    message: error.code === 'RESOURCE_EXHAUSTION' ? tooDeep : error.message,
    at: placeAt(lines, error.pos[0]),
  }));
  const problems = told.length > 0 ? told : walked(document, lines);
  const data: unknown = problems.length > 0 ? undefined : document.toJS();
  return { data, problems, place: (path, what) => placeAt(lines, offsetOf(document, path, what)) };
}

const tooDeep = 'the layout is nested too deep';

/** What the language allows and a layout may not have: aliases, keys that stand twice, absurd nesting. */
function walked(document: Document, lines: LineCounter): readonly SourceProblem[] {
  const problems: SourceProblem[] = [];
  const tell = (message: string, node: unknown): void => {
    problems.push({ message, at: placeAt(lines, startOf(node) ?? 0) });
  };
  const waiting: { readonly node: unknown; readonly depth: number }[] = [
    { node: document.contents, depth: 0 },
  ];
  for (let next = waiting.pop(); next !== undefined && problems.length < problemsMax; next = waiting.pop()) {
    const { node } = next;
    const depth = next.depth + 1;
    if (isAlias(node)) tell('a layout may not use aliases', node);
    else if (depth > nestingMax) tell(tooDeep, node);
    else if (isSeq(node)) for (const item of node.items) waiting.push({ node: item, depth });
    else if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (keys.has(name)) tell(`the key "${name}" stands twice`, key);
        keys.add(name);
        waiting.push({ node: value, depth });
      }
    }
  }
  return problems.sort((left, right) => (left.at.line ?? 0) - (right.at.line ?? 0));
}

function broken(message: string): LayoutSource {
  return { data: undefined, problems: [{ message, at: start }], place: () => start };
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(document: Document, path: LayoutPath, what: 'key' | 'value'): number {
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
