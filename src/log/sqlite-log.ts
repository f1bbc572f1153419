import type { Entry, EntryDraft } from '../contract/entry.ts';
import type {
  Appended,
  AppendOptions,
  ChannelHead,
  Checkpoint,
  Log,
  ReadOptions,
  Repeat,
  VerifyReport,
} from '../contract/log.ts';
import type { Origin } from '../contract/origin.ts';
import { type Clock, type Micros, systemClock } from '../core/clock.ts';
import { canonicalJson } from '../core/json.ts';
import { limits as defaults, type Limits } from '../core/limits.ts';
import { AppendQueue } from './append-queue.ts';
import { backUp } from './backup.ts';
import { readBlob } from './blob.ts';
import { BlockReader } from './block-reader.ts';
import { emptyHead } from './draft.ts';
import { type ExpiryReason, expiryChannel, expiryDraft } from './expiry.ts';
import { logError } from './failure.ts';
import { LogFollower } from './follower.ts';
import { ownLog } from './owner.ts';
import { logPaths, makeDirectory, makeFile } from './place.ts';
import { plainCheckpoint, signCheckpoint } from './proof.ts';
import { checkSchema } from './schema.ts';
import { type Database, openDatabase, sqliteCall } from './sqlite.ts';
import { TakenOrigins } from './taken.ts';
import { verifyLog } from './verify.ts';
import type { WriterOptions } from './writer.ts';
import { startWriter, type WriterPort } from './writer-port.ts';

export interface SqliteLogOptions {
  readonly clock?: Clock;
  readonly limits?: Limits;
  /** Opens beside the owner, and never writes. */
  readonly readOnly?: boolean;
  /** `off` lets a power cut take what was acknowledged: for the tests that prove that tests notice. */
  readonly durability?: 'full' | 'off';
  /** Starts the writer; tests put themselves between the log and its writer here. */
  readonly writer?: (options: WriterOptions) => Promise<WriterPort>;
}

/** The embedded engine: what every log can do, and what only a log in one file can. */
export interface SqliteLog extends Log {
  /**
   * Takes the bytes of everything that was committed before a time out of the log, for ever; metadata, events and proof
   * stay, and `verify` holds. Recorded as an audit entry on the channel `log`. Gives the number of blocks.
   */
  expireBytes(before: Micros, why?: ExpiryReason): Promise<number>;
  /** Bytes that are with the writer now; at most `limits.appendPendingBytesMax`, or one append. */
  readonly pendingBytes: number;
}

/** Blocks whose bytes expire in one transaction: appends get their turn in between. */
const expiredPerTurn = 64;

/**
 * The log of a data directory, made if there is none. Fails with `LOG_LOCKED`, `LOG_VERSION`, `LOG_FOREIGN`,
 * `LOG_NOT_A_DATABASE`, `LOG_DAMAGED`, `LOG_DISK_FULL`, `LOG_PERMISSION`, `LOG_IO`, and read-only with `LOG_MISSING`.
 */
export async function openSqliteLog(directory: string, options: SqliteLogOptions = {}): Promise<SqliteLog> {
  const { log: path, lock } = logPaths(directory);
  if (options.readOnly === true) return new OpenLog(path, options, undefined, () => undefined);
  makeDirectory(directory);
  const release = ownLog(lock);
  let port: WriterPort | undefined;
  try {
    makeFile(path);
    const { durability = 'full', limits = defaults, writer = startWriter } = options;
    port = await writer({ path, durability, limits });
    return new OpenLog(path, options, port, release);
  } catch (error) {
    await port?.close();
    release();
    throw error;
  }
}

class OpenLog implements SqliteLog {
  private readonly path: string;
  private readonly clock: Clock;
  private readonly database: Database;
  private readonly reader: BlockReader;
  private readonly taken: TakenOrigins;
  private readonly follower: LogFollower;
  private readonly port: WriterPort | undefined;
  private readonly queue: AppendQueue | undefined;
  private readonly release: () => void;
  private signing: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(path: string, options: SqliteLogOptions, port: WriterPort | undefined, release: () => void) {
    this.path = path;
    this.clock = options.clock ?? systemClock();
    this.database = openDatabase(path, true);
    try {
      checkSchema(path, this.database);
      this.reader = sqliteCall(path, () => new BlockReader(path, this.database));
      this.taken = sqliteCall(path, () => new TakenOrigins(path, this.database));
    } catch (error) {
      this.database.close();
      throw error;
    }
    this.follower = new LogFollower(this.reader, port === undefined);
    this.port = port;
    const limits = options.limits ?? defaults;
    this.queue = port && new AppendQueue(path, port, this.clock, limits, () => this.follower.wake());
    this.release = release;
  }

  get pendingBytes(): number {
    return this.queue?.pendingBytes ?? 0;
  }

  async append(
    channel: string,
    batch: readonly EntryDraft[],
    options: AppendOptions = {},
  ): Promise<readonly Appended[]> {
    return this.owner().queue.append(channel, batch, options);
  }

  async head(channel: string): Promise<ChannelHead> {
    this.open();
    this.queue?.takeUp(channel);
    return this.reader.head(channel) ?? emptyHead(channel);
  }

  async heads(): Promise<readonly ChannelHead[]> {
    this.open();
    return this.reader.heads();
  }

  read(options: ReadOptions = {}): AsyncIterable<Entry> {
    this.open();
    return this.follower.read(options, this.reader.lastBlock());
  }

  subscribe(options: ReadOptions, signal: AbortSignal): AsyncIterable<Entry> {
    this.open();
    return this.follower.follow(options, signal);
  }

  async get(offset: number): Promise<Entry | undefined> {
    this.open();
    return this.reader.entry(offset);
  }

  async find(channel: string, origin: Origin, revision?: number): Promise<Entry | undefined> {
    this.open();
    const offset = sqliteCall(this.path, () => {
      const asked = revision ?? this.taken.newestRevision(channel, origin);
      return this.taken.revisionOffset(channel, origin, asked);
    });
    return offset === undefined ? undefined : this.reader.entry(offset);
  }

  blob(entry: Entry): AsyncIterable<Uint8Array> {
    this.open();
    return readBlob(this.reader, entry);
  }

  async repeats(channel?: string): Promise<readonly Repeat[]> {
    this.open();
    return this.reader.repeats(channel);
  }

  async verify(options: { readonly checkpoints?: readonly Checkpoint[] } = {}): Promise<VerifyReport> {
    this.open();
    return verifyLog(this.path, options.checkpoints ?? []);
  }

  checkpoint(privateKey: string): Promise<Checkpoint> {
    // One after the other: each names the one before it.
    const signed = this.signing.then(() => this.sign(privateKey));
    this.signing = signed.catch(() => undefined);
    return signed;
  }

  async checkpoints(): Promise<readonly Checkpoint[]> {
    this.open();
    return this.reader.checkpoints();
  }

  async backup(target: string): Promise<VerifyReport> {
    this.open();
    return backUp(this.path, target);
  }

  async expireBytes(before: Micros, why: ExpiryReason = {}): Promise<number> {
    const { port } = this.owner();
    await this.append(expiryChannel, [expiryDraft(before, this.clock.now(), why)]);
    let total = 0;
    for (;;) {
      const count = await port.expire(before, expiredPerTurn);
      total += count;
      if (count === expiredPerTurn) continue;
      this.reader.forget();
      return total;
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.follower.end();
    try {
      await this.queue?.drained();
      await this.signing;
    } finally {
      this.reader.close();
      this.taken.close();
      // The writer closes last: then SQLite moves the write-ahead log into the database file and removes it.
      this.database.close();
      await this.port?.close().finally(this.release);
    }
  }

  private async sign(privateKey: string): Promise<Checkpoint> {
    const { port } = this.owner();
    const last = this.reader.checkpoints().at(-1);
    const made = signCheckpoint(privateKey, this.clock.now(), this.reader.heads(), last);
    await port.storeCheckpoint(canonicalJson(plainCheckpoint(made)));
    return made;
  }

  private owner(): { readonly queue: AppendQueue; readonly port: WriterPort } {
    this.open();
    const { queue, port } = this;
    if (queue === undefined || port === undefined) {
      throw logError('LOG_READ_ONLY', 'the log was opened for reading', { place: this.path, exitCode: 2 });
    }
    return { queue, port };
  }

  private open(): void {
    if (this.closing !== undefined) throw logError('LOG_CLOSED', 'the log is closed', { place: this.path });
  }
}
