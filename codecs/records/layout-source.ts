import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Place } from '../../src/core/issue.ts';
import type { LayoutPath } from './layout.ts';

/** A YAML text as plain data, every scalar as it was written, and where each of it stands. */
export interface LayoutSource {
  readonly data: unknown;
  readonly problems: readonly { readonly message: string; readonly at: Place }[];
  /** Line and column of a value or of its key; of the nearest one above where the path leads nowhere. */
  place(path: LayoutPath, what: 'key' | 'value'): Place;
}

/** The largest family of layouts seen has a thousand fields: a hundred kilobytes. */
const layoutBytesMax = 1024 * 1024;
/** The first problems name the cause, the rest follow from them. */
const problemsMax = 20;
const start = { line: 1, column: 1 };

/**
 * Reads YAML 1.2 by its failsafe schema: no scalar is guessed at, so a code `01` keeps its zero and `N` or `no` stays
 * text. Anchors and aliases are not taken: a layout is read by people beside the published paper.
 */
export function readLayoutSource(text: string): LayoutSource {
  if (Buffer.byteLength(text) > layoutBytesMax)
    return broken(`the layout is larger than ${layoutBytesMax} bytes`);
  const lines = new LineCounter();
  const options = { schema: 'failsafe', lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  try {
    const document = parseDocument(text, { ...options, logLevel: 'error' });
    const problems = [...document.errors, ...document.warnings].slice(0, problemsMax).map((error) => ({
      message: error.message,
      at: placeAt(lines, error.pos[0]),
    }));
    const data: unknown = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
    return { data, problems, place: (path, what) => placeAt(lines, offsetOf(document, path, what)) };
  } catch (cause) {
    // The library throws for aliases beyond the limit, and the stack ends on absurd nesting.
    if (cause instanceof RangeError) return broken('the layout is nested too deep');
    if (cause instanceof ReferenceError) return broken('a layout may not use anchors and aliases');
    throw cause;
  }
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
