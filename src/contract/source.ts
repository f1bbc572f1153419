import type { ZodType } from 'zod';

/** A file as its place shows it. */
export interface FileInfo {
  readonly name: string;
  readonly size: number;
  /** Microseconds since the epoch, as precise as the place tells. */
  readonly modifiedAt: number;
}

/** What an adapter found at the other end without changing anything there: for `check --connect`. */
export interface Reached {
  /** `sftp.clearer.example:22`. */
  readonly address: string;
  /** What it is and how it was known, for people: host key, protocol, version, how many files wait. */
  readonly told: readonly string[];
}

/** A place that files come from or go to. Knows no message; staging, readiness and judgement are the gateway's. */
export interface FileSource {
  list(): Promise<readonly FileInfo[]>;
  /** The file's bytes from an offset on, in pieces. */
  fetch(name: string, from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Publishes a file whole or not at all; fails where the name is taken, unless told to replace. */
  put(
    name: string,
    bytes: AsyncIterable<Uint8Array>,
    options?: { readonly replace?: boolean },
  ): Promise<void>;
  /** Moves a file out of the way by rename; doing it twice is no error. */
  archive(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface FileSourceAdapter<Options = unknown> {
  readonly shape: 'files';
  readonly id: string;
  readonly options: ZodType<Options>;
  readonly secrets: readonly string[];
  /** Names of options that are paths on this machine: relative ones count from the configuration's directory. */
  readonly paths?: readonly string[];
  open(options: Options): Promise<FileSource>;
  /** Connects, looks, and leaves. Throws the same errors as `open`. */
  reach?(options: Options, signal: AbortSignal): Promise<Reached>;
}

/** A message as a queue delivers it, to be settled once. */
export interface Delivered {
  /** The queue's own id of it, where there is one. */
  readonly id: string | undefined;
  readonly bytes: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  /** How often it came before, as far as the queue tells. */
  readonly redeliveries: number;
  /** Only after the entry is committed. */
  accept(): Promise<void>;
  /** Gives it back, to come again later. */
  release(): Promise<void>;
  /** Sends it to the queue's dead letters: its bytes are in quarantine. */
  reject(reason: string): Promise<void>;
}

/** A queue, or what works like one. */
export interface MessageSource {
  /**
   * Messages as they come, each to be settled once; several may be open at a time. Ends with the signal; a lost
   * connection throws, and what was not settled comes again.
   */
  deliveries(signal: AbortSignal): AsyncIterable<Delivered>;
  /** Resolves once the queue has taken it for good. The id is the message's own, so that sending it again can be told. */
  produce(id: string, bytes: Uint8Array, properties: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export interface MessageSourceAdapter<Options = unknown> {
  readonly shape: 'messages';
  readonly id: string;
  readonly options: ZodType<Options>;
  readonly secrets: readonly string[];
  /** Names of options that are paths on this machine: relative ones count from the configuration's directory. */
  readonly paths?: readonly string[];
  open(options: Options): Promise<MessageSource>;
  /** Connects, looks, and leaves. Throws the same errors as `open`. */
  reach?(options: Options, signal: AbortSignal): Promise<Reached>;
}
