import type { JsonValue } from '../core/json.ts';
import type { Entry, EntryDraft } from './entry.ts';
import type { Origin } from './origin.ts';

/** What became of one draft. A repeat and a conflict name the entry that was there first. */
export type Appended =
  | { readonly outcome: 'appended'; readonly offset: number; readonly sequence: number }
  | { readonly outcome: 'repeated'; readonly offset: number; readonly repeats: number }
  | { readonly outcome: 'conflict'; readonly offset: number; readonly first: number };

/** Where a channel stands: everything that its source needs to go on. */
export interface ChannelHead {
  readonly channel: string;
  /** Sequence of the last entry; 0 when there is none. */
  readonly sequence: number;
  readonly block: number;
  readonly chain: string;
  /** Counts durable new beginnings; 0 before the first. */
  readonly epoch: number;
  /** The source's position, as it was committed with the last batch that carried one. */
  readonly position: JsonValue | undefined;
}

export interface AppendOptions {
  /** The source's position after this batch: committed with it, or not at all. */
  readonly position?: JsonValue;
  /** Begins a new epoch of the channel with this batch; must be one more than the channel's. */
  readonly epoch?: number;
}

export interface ReadOptions {
  /** First offset that is read, itself included; 0: from the beginning. */
  readonly from?: number;
  readonly channel?: string;
  /** Stops behind this offset. */
  readonly to?: number;
}

/** The same origin arrived again with the same digest. */
export interface Repeat {
  readonly channel: string;
  readonly origin: Origin;
  readonly offset: number;
  readonly count: number;
  readonly lastAt: number;
}

/** Something that `verify` found. `what` is a code of the log's table. */
export interface LogFinding {
  readonly code: string;
  readonly channel: string;
  readonly block: number;
  readonly message: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly blocks: number;
  readonly entries: number;
  readonly bytes: number;
  readonly expired: number;
  readonly heads: readonly ChannelHead[];
  readonly findings: readonly LogFinding[];
}

/** The heads of all channels at one moment, signed: a rewritten history cannot repeat it. */
export interface Checkpoint {
  readonly at: string;
  readonly heads: readonly {
    readonly channel: string;
    readonly sequence: number;
    readonly block: number;
    readonly chain: string;
  }[];
  /** Hash of the checkpoint before this one; empty for the first. */
  readonly previous: string;
  /** SPKI public key and Ed25519 signature over the canonical JSON of the rest, both base64. */
  readonly publicKey: string;
  readonly signature: string;
}

/**
 * The durable, ordered sequence of entries that everything else reads. Implementations behave alike down to the
 * sentence: one shared suite (`src/log/suite.ts`) holds them to it.
 */
export interface Log {
  /**
   * Commits a batch of one channel: all of it with the position, or nothing. Resolves once it would survive a power cut.
   * The memory of the drafts' bytes and events is their caller's again when the call returns, before it resolves.
   * The same origin and digest is the same message: no new entry, the repeat counted. The same origin with another
   * digest becomes a `conflict` entry. Calls for one channel commit in the order in which they were made. Once the world has
   * failed a call, later positions of the channel are refused until `head` is asked for: they would speak of entries that
   * are not there.
   */
  append(
    channel: string,
    batch: readonly EntryDraft[],
    options?: AppendOptions,
  ): Promise<readonly Appended[]>;
  head(channel: string): Promise<ChannelHead>;
  heads(): Promise<readonly ChannelHead[]>;
  /** What is committed when the call is made, in offset order. */
  read(options?: ReadOptions): AsyncIterable<Entry>;
  /** The same, and then every entry as it is committed, until the signal. Slow readers read behind; nothing is dropped. */
  subscribe(options: ReadOptions, signal: AbortSignal): AsyncIterable<Entry>;
  get(offset: number): Promise<Entry | undefined>;
  /** The entry that an origin names, in its newest revision if `revision` is left out. */
  find(channel: string, origin: Origin, revision?: number): Promise<Entry | undefined>;
  /** The bytes of an entry wherever they stand, in pieces; ends early only by throwing. */
  blob(entry: Entry): AsyncIterable<Uint8Array>;
  repeats(channel?: string): Promise<readonly Repeat[]>;
  verify(options?: { readonly checkpoints?: readonly Checkpoint[] }): Promise<VerifyReport>;
  /** Signs the heads of all channels, stores the checkpoint and gives it back for a second place. `privateKey`: PKCS#8 PEM. */
  checkpoint(privateKey: string): Promise<Checkpoint>;
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** A consistent copy while appends go on; the copy is verified before the call resolves. */
  backup(target: string): Promise<VerifyReport>;
  close(): Promise<void>;
}
