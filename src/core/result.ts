import type { Issue } from './issue.ts';

/** A single value that their data gave us, or the one issue that says why it did not. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: Issue };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T = never>(issue: Issue): Result<T> {
  return { ok: false, issue };
}
