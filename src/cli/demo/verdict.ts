/** One planted case: what was planted, what was found, and whether it is the same. */
export interface Verdict {
  readonly name: string;
  readonly planted: string;
  readonly found: string;
  readonly ok: boolean;
}
