import type { ZodType } from 'zod';
import { valueAtPath } from '../core/schema-words.ts';
import type { Path } from './yaml-source.ts';

/** What zod says is wrong, as far as the gateway reads it. */
export interface SchemaIssue {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  /** Of `too_small` and `too_big`: what is counted, and the bound that it is beyond. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

export type ReadBy<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

/** Each round turns what the one before complained about; nested unions need one a level. */
const roundsMax = 8;

/**
 * The data as a schema reads it, where every scalar is a text: a text becomes a number or a truth value exactly where
 * the schema asks for one, and only if it is written as one. Changes `data`.
 */
export function readBySchema<T>(schema: ZodType<T>, data: unknown): ReadBy<T> {
  const box: { root: unknown } = { root: data };
  for (let round = 0; ; round++) {
    const read = schema.safeParse(box.root);
    if (read.success) return { ok: true, value: read.data };
    const issues = read.error.issues as readonly SchemaIssue[];
    const turned = issues.filter((issue) => turn(box, issue, []));
    if (turned.length === 0 || round === roundsMax) return { ok: false, issues };
  }
}

function turn(box: { root: unknown }, issue: SchemaIssue, above: Path): boolean {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    return (issue.errors ?? []).some((branch) => branch.some((inner) => turn(box, inner, path)));
  }
  const text = valueAtPath(box.root, path);
  if (typeof text !== 'string') return false;
  const value = meant(issue, text);
  if (value === undefined) return false;
  put(box, path, value);
  return true;
}

function meant(issue: SchemaIssue, text: string): unknown {
  if (issue.code === 'invalid_value') {
    return (issue.values ?? []).find((value) => typeof value !== 'string' && String(value) === text);
  }
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'boolean') return { true: true, false: false }[text];
  if (issue.expected !== 'number' && issue.expected !== 'int') return undefined;
  return /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function put(box: { root: unknown }, path: Path, value: unknown): void {
  const last = path.at(-1);
  const holder = last === undefined ? box : valueAtPath(box.root, path.slice(0, -1));
  if (typeof holder === 'object' && holder !== null) Reflect.set(holder, last ?? 'root', value);
}
