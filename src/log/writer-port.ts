import type { Worker } from 'node:worker_threads';
import type { GatewayError } from '../core/errors.ts';
import { type CommitGroup, failureOf, type PlainFailure, type UnitOutcome } from './commit.ts';
import { logError } from './failure.ts';
import { startThread } from './thread.ts';
import type { WriterOptions } from './writer.ts';

/** What the log asks of its writer, wherever that runs. Groups are committed in the order in which they were given. */
export interface WriterPort {
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

export type WriterReply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly failure: PlainFailure };

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A writer on a thread of its own, once it has opened the database. Fails as the writer fails to open. */
export async function startWriter(options: WriterOptions): Promise<WriterPort> {
  const port = new ThreadPort(options);
  await port.opened;
  return port;
}

class ThreadPort implements WriterPort {
  readonly opened: Promise<unknown>;
  private readonly worker: Worker;
  /** Replies come in the order of the requests, the first of them when the database is open. */
  private readonly waiting: Waiting[] = [];
  private ended: GatewayError | undefined;
  private readonly path: string;

  constructor(options: WriterOptions) {
    this.path = options.path;
    this.worker = startThread('writer-thread', options);
    this.worker.on('message', (reply: WriterReply) => this.receive(reply));
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(undefined));
    this.opened = this.reply();
  }

  async commit(group: CommitGroup): Promise<readonly UnitOutcome[]> {
    const moved = group.units.flatMap(({ segments }) =>
      segments.flatMap(({ meta, bytes }) => [meta.buffer, bytes.buffer]),
    );
    return this.ask({ ask: 'commit', group }, moved);
  }

  async storeCheckpoint(json: string): Promise<void> {
    await this.ask({ ask: 'checkpoint', json });
  }

  async expire(before: number, blocksMax: number): Promise<number> {
    return this.ask({ ask: 'expire', before, blocksMax });
  }

  async close(): Promise<void> {
    if (this.ended === undefined) await this.ask({ ask: 'close' });
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
    if (reply.ok) first?.resolve(reply.result);
    else first?.reject(failureOf(reply.failure));
  }

  private end(cause: unknown): void {
    this.ended ??= logError('LOG_WRITER', 'the writer of the log ended', {
      place: this.path,
      ...(cause !== undefined && { cause }),
    });
    for (const one of this.waiting.splice(0)) one.reject(this.ended);
  }
}
