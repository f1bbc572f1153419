import type { Direction } from '../contract/entry.ts';
import type { Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';

/** One quarantined entry that nobody has decided about. Texts are masked. */
export interface QuarantinedEntry {
  readonly channel: string;
  /** What names it to every action. */
  readonly offset: number;
  readonly sequence: number;
  readonly origin: string;
  readonly direction: Direction;
  readonly receivedAt: string;
  readonly type?: string;
  readonly size: number;
  readonly issues: readonly Issue[];
  /** The entry was read as a message, so it can be released as it is. */
  readonly readable: boolean;
}

export interface QuarantinedDetail extends QuarantinedEntry {
  /** The first 4 KiB, control characters made visible, secrets and accounts masked. */
  readonly shown: string;
  /** All bytes, base64, up to 1 MiB: unmasked, for the person who repairs them. */
  readonly bytes: string;
  /** What today's codec makes of it. */
  readonly message?: JsonValue;
  readonly events: readonly JsonValue[];
  readonly decided?: { readonly by?: string; readonly reason?: string };
}

export interface QuarantineSelection {
  readonly channel?: string;
  readonly limit?: number;
}

/** What a decision did. `repeated`: it had been taken before, and nothing was written. */
export interface Decision {
  readonly outcome: 'written' | 'repeated';
  readonly channel: string;
  readonly offset: number;
  readonly origin: string;
  readonly revision: number;
  readonly events: readonly JsonValue[];
  readonly issues: readonly Issue[];
}
