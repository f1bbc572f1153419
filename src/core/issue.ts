/** How much an {@link Issue} weighs. `error` means that the message cannot be taken as it is. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * Where something was found. Offsets and lengths are in bytes from the start of the frame (or of the file, where a
 * whole file is judged); lines, columns and records count from 1; `field` is the standard's own name for it, such as
 * `BodyLength(9)` or `:20C::SEME`.
 */
export interface Place {
  readonly offset?: number;
  readonly length?: number;
  readonly line?: number;
  readonly column?: number;
  readonly record?: number;
  readonly field?: string;
}

/**
 * The first of the three kinds of wrong: their data. A value, never thrown. The message names the offending value when
 * that is short and no secret, and never holds a whole message.
 */
export interface Issue {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at?: Place;
}

/** What a code means and what to do about it: one row of a room's table, and one row of `docs/issues.md`. */
export interface IssueRow {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

/** One room's codes. `docs/issues.md` is compared with all of these tables, both ways. */
export type IssueTable = Readonly<Record<string, IssueRow>>;

/** True when none of the issues is an error. */
export function harmless(issues: readonly Issue[]): boolean {
  return issues.every((issue) => issue.severity !== 'error');
}

/**
 * A maker of issues for one table: severity comes from the row, so the same code weighs the same everywhere.
 * A code that the table does not hold does not compile.
 */
export function issueMaker<T extends IssueTable>(
  table: T,
): (code: keyof T & string, message: string, at?: Place) => Issue {
  return (code, message, at) => {
    const severity = table[code]?.severity ?? 'error';
    return at === undefined ? { code, severity, message } : { code, severity, message, at };
  };
}
