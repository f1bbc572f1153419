import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import type { Cut } from './frame.ts';

/** What a file says of itself, and whether it keeps its word. */
export interface FileVerdict {
  /** With an issue of severity error nothing of the file counts; the first structural cause stands first. */
  readonly issues: readonly Issue[];
  /** The file's identity in its own words, such as business date, cycle and run; undefined where it has none. */
  readonly key?: string;
  /** `YYYY-MM-DD`, in the reporter's own words. */
  readonly businessDate?: string;
  /** When the file was cut, ISO 8601, where it says so. */
  readonly cutAt?: string;
  /** Records that carry business: header and trailer do not count. */
  readonly records: number;
  /** Controls that were checked, for people: `41208 records`, `market value 1234.50`. */
  readonly totals: readonly string[];
}

/** Judges files whole, before anything of them counts: header, trailer, counts, totals, dates. */
export interface FileJudge {
  open(limits: Limits): FileJudgement;
}

/** The judgement of one file: it sees every cut of the file, in order, in memory that does not grow with the file. */
export interface FileJudgement {
  add(cut: Cut): void;
  /** After the last cut. */
  verdict(): FileVerdict;
}
