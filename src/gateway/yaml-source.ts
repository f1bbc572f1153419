import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { systemCode } from '../core/errors.ts';
import type { Place } from '../core/issue.ts';
import { plainYaml, yamlOffsetOf, yamlPlaceAt } from '../core/yaml-source.ts';

/** Keys and indexes from the top. */
export type Path = readonly (string | number)[];

export interface YamlProblem {
  readonly message: string;
  readonly at: Place;
}

/** A YAML text as plain data, every scalar as the text that was written, and where each of it stands. */
export interface YamlSource {
  readonly data: unknown;
  readonly problems: readonly YamlProblem[];
  /** Line and column of a value, or of its key; of the nearest one above where the path leads nowhere. */
  place(path: Path, what: 'key' | 'value'): Place;
}

/** A configuration with a hundred channels has 100 KB. */
const yamlBytesMax = 1024 * 1024;
/** Uses of anchors in all: a document may grow by its repeats, not explode by repeats of repeats. */
const aliasesMax = 100;
/** The first problems name the cause, the rest follow from them. */
const problemsMax = 20;

/**
 * Reads YAML 1.2 by its failsafe schema: no scalar is guessed at, so `0158` keeps its zero, `no` stays a word and
 * `2026-11-10` a text, and the configuration's own schema says what is a number. A key that stands twice, a tag, a
 * second document and an anchor bomb are problems. Messages never quote the text: it may hold a secret.
 */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(text) > yamlBytesMax) return broken(`is larger than ${yamlBytesMax} bytes`, start);
  try {
    const document = parseDocument(text, {
      ...plainYaml,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
      stringKeys: true,
    });
    const errors = [...document.errors, ...document.warnings].slice(0, problemsMax);
    const found = [
      ...errors.map((error) => ({ message: wordsOf(error.message), at: yamlPlaceAt(lines, error.pos[0]) })),
      ...strayAliases(document).map((offset) => ({
        message: 'an alias has no anchor before it',
        at: yamlPlaceAt(lines, offset),
      })),
    ];
    const data: unknown = found.length > 0 ? undefined : document.toJS({ maxAliasCount: aliasesMax });
    return {
      data,
      problems: found,
      place: (path, what) => yamlPlaceAt(lines, yamlOffsetOf(document, path, what)),
    };
  } catch (cause) {
    // The library throws for an alias count beyond the limit, and the stack ends on absurd nesting.
    return broken(
      cause instanceof RangeError ? 'is nested too deep' : 'uses anchors too often',
      start,
      cause,
    );
  }
}

/** Offsets of aliases that lead nowhere. */
function strayAliases(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) found.push(alias.range?.[0] ?? 0);
    },
  });
  return found;
}

function broken(message: string, at: Place, cause?: unknown): YamlSource {
  const known = cause === undefined || cause instanceof RangeError || cause instanceof ReferenceError;
  if (!known && systemCode(cause) === undefined) throw cause;
  return { data: undefined, problems: [{ message, at }], place: () => at };
}

/** What the library says, without what it quotes behind the colon. */
function wordsOf(message: string): string {
  const words = message.split(/[:"`]/)[0]?.trim() ?? '';
  return words === '' ? 'is not well-formed' : words.charAt(0).toLowerCase() + words.slice(1);
}
