import type { ZodType } from 'zod';

/** A file as its place shows it. */
export interface FileInfo {
  readonly name: string;
  readonly size: number;
  /** Microseconds since the epoch, as precise as the place tells. */
  readonly modifiedAt: number;
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

export interface MessageSource {
  deliveries(signal: AbortSignal): AsyncIterable<Delivered>;
  produce(id: string, bytes: Uint8Array, properties: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export interface MessageSourceAdapter<Options = unknown> {
  readonly shape: 'messages';
  readonly id: string;
  readonly options: ZodType<Options>;
  readonly secrets: readonly string[];
  open(options: Options): Promise<MessageSource>;
}
