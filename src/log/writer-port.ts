import type { Worker } from 'node:worker_threads';
import type { GatewayError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { type CommitGroup, failureOf, type PlainFailure, type UnitOutcome } from './commit.ts';
import { logError } from './failure.ts';
import { type SegmentMemory, segmentMemoryBytes } from './segment-writer.ts';
import { startThread } from './thread.ts';
import type { WriterOptions } from './writer.ts';

/** What the log asks of its writer, wherever that runs. Groups are committed in the order in which they were given. */
export interface WriterPort {
  /** Where segments for it are best written; absent where new memory serves as well. */
  readonly memory?: SegmentMemory;
  commit(group: CommitGroup): Promise<readonly UnitOutcome[]>;
  storeCheckpoint(json: string): Promise<void>;
  expire(before: number, blocksMax: number): Promise<number>;
  close(): Promise<void>;
}

/** What goes to the writer's thread, and what comes back, in order. */
export type WriterRequest =
  | { readonly ask: 'commit'; readonly group: CommitGroup }
  | { readonly ask: 'checkpoint'; readonly json: string }
  | { readonly ask: 'expire'; readonly before: number; readonly blocksMax: number }
  | { readonly ask: 'close' };

export type WriterReply = (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly failure: PlainFailure }
) & {
  /** The memory of the segments of a commit, for the next ones. */
  readonly spare?: readonly ArrayBuffer[];
};

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A writer on a thread of its own, once it has opened the database. Fails as the writer fails to open. */
export async function startWriter(options: WriterOptions): Promise<WriterPort> {
  const port = new ThreadPort(options);
  try {
    await port.opened;
    return port;
  } catch (error) {
    await port.stop();
    throw error;
  }
}

/** Memory that is kept for later segments: as much as busy sessions have uncommitted. */
const sparesMax = 24;

class ThreadPort implements WriterPort {
  readonly memory: SegmentMemory = { take: (sizeBytes) => this.take(sizeBytes) };
  readonly opened: Promise<unknown>;
  private readonly worker: Worker;
  /** Replies come in the order of the requests, the first of them when the database is open. */
  private readonly waiting: Waiting[] = [];
  private ended: GatewayError | undefined;
  private readonly path: string;
  private readonly spares: ArrayBuffer[] = [];
  /** Small segments have memory of their own, which is not worth keeping. */
  private readonly spareBytes: number;

  constructor(options: WriterOptions) {
    this.path = options.path;
    this.spareBytes = segmentMemoryBytes(options.limits ?? limits);
    this.worker = startThread('writer-thread', options);
    this.worker.on('message', (reply: WriterReply) => this.receive(reply));
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(undefined));
    this.opened = this.reply();
  }

  async commit(group: CommitGroup): Promise<readonly UnitOutcome[]> {
    return this.ask({ ask: 'commit', group }, memoryOf(group));
  }

  async storeCheckpoint(json: string): Promise<void> {
    await this.ask({ ask: 'checkpoint', json });
  }

  async expire(before: number, blocksMax: number): Promise<number> {
    return this.ask({ ask: 'expire', before, blocksMax });
  }

  async close(): Promise<void> {
    if (this.ended === undefined) await this.ask({ ask: 'close' });
    await this.stop();
  }

  /** Ends the thread, which lets go of all files. */
  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  /** The reply's type is that of the request; both ends of the channel are ours. */
  private ask<T>(request: WriterRequest, moved: ArrayBuffer[] = []): Promise<T> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    this.worker.postMessage(request, moved);
    return this.reply() as Promise<T>;
  }

  private reply(): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private receive(reply: WriterReply): void {
    const first = this.waiting.shift();
    const { spare = [] } = reply;
    const room = sparesMax - this.spares.length;
    this.spares.push(...spare.filter(({ byteLength }) => byteLength === this.spareBytes).slice(0, room));
    if (reply.ok) first?.resolve(reply.result);
    else first?.reject(failureOf(reply.failure));
  }

  private take(sizeBytes: number): ArrayBuffer {
    const spare = sizeBytes === this.spareBytes ? this.spares.pop() : undefined;
    return spare ?? new ArrayBuffer(sizeBytes);
  }

  private end(cause: unknown): void {
    this.ended ??= logError('LOG_WRITER', 'the writer of the log ended', {
      place: this.path,
      ...(cause !== undefined && { cause }),
    });
    for (const one of this.waiting.splice(0)) one.reject(this.ended);
  }
}

/** The memory of all segments of a group, each piece once. */
export function memoryOf({ units }: CommitGroup): ArrayBuffer[] {
  const pieces = new Set<ArrayBuffer>();
  for (const { segments } of units) {
    for (const { meta, bytes } of segments) pieces.add(meta.buffer).add(bytes.buffer);
  }
  return [...pieces];
}
