import { setImmediate as nextTurn } from 'node:timers/promises';
import { blockOfOffset, type Entry } from '../contract/entry.ts';
import type { ReadOptions } from '../contract/log.ts';
import { type BlockReader, entriesOf } from './block-reader.ts';
import { wanted } from './draft.ts';

/** Entries that a reader gets before the event loop gets a turn: a long replay may not stop a session's heartbeats. */
const entriesPerTurn = 1_024;
/** How often a log that another process writes is looked at. */
const pollMs = 50;

/** Readers of a log, and what wakes those who wait for more. */
export class LogFollower {
  private readonly reader: BlockReader;
  /** Another process writes: nobody tells us of a commit. */
  private readonly polls: boolean;
  private readonly waiting = new Set<() => void>();
  private ended = false;

  constructor(reader: BlockReader, polls: boolean) {
    this.reader = reader;
    this.polls = polls;
  }

  /** Something was committed. */
  wake(): void {
    for (const done of [...this.waiting]) done();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  read(options: ReadOptions, lastBlock: number): AsyncIterable<Entry> {
    return this.walk(options, blockOfOffset(options.from ?? 0), lastBlock);
  }

  async *follow(options: ReadOptions, signal: AbortSignal): AsyncIterable<Entry> {
    const end = blockOfOffset(options.to ?? Number.MAX_SAFE_INTEGER);
    let next = blockOfOffset(options.from ?? 0);
    while (!signal.aborted && !this.ended) {
      const last = this.reader.lastBlock();
      for await (const entry of this.walk(options, next, last)) {
        yield entry;
        if (signal.aborted || this.ended) return;
      }
      next = Math.max(next, last + 1);
      // A block is whole or not there: once the block of `to` is, nothing more can come up to it.
      if (last >= end) return;
      if (this.reader.lastBlock() === last) await this.news(signal);
    }
  }

  private async *walk(options: ReadOptions, from: number, lastBlock: number): AsyncIterable<Entry> {
    const last = Math.min(lastBlock, blockOfOffset(options.to ?? Number.MAX_SAFE_INTEGER));
    let given = 0;
    for (let next = from; next <= last; ) {
      const block = this.reader.nextBlock(next, last, options.channel);
      if (block === undefined) return;
      for (const entry of entriesOf(block)) if (wanted(entry, options)) yield entry;
      next = block.row.number + 1;
      given += block.row.count;
      if (given < entriesPerTurn) continue;
      given = 0;
      await nextTurn();
      if (this.ended) return;
    }
  }

  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.polls ? setTimeout(() => done(), pollMs) : undefined;
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.ended) done();
    });
  }
}
