import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EntryDraft } from '../../src/contract/entry.ts';
import type { Appended, AppendOptions, ChannelHead, Log } from '../../src/contract/log.ts';
import { crashChannel } from './configuration.ts';

/** A log with one promise broken. `none` breaks nothing: it proves the runner that the others run in. */
export type MutantName = 'none' | 'accept-before-commit' | 'position-apart' | 'no-deduplication';

export const mutants: Readonly<Record<MutantName, (log: Log, data: string) => Log>> = {
  none: (log) => log,
  'accept-before-commit': acceptBeforeCommit,
  'position-apart': positionApart,
  'no-deduplication': noDeduplication,
};

type Append = Log['append'];

/** Says that a batch is committed as soon as it was asked for, and commits it a moment later. */
function acceptBeforeCommit(log: Log): Log {
  let last: Promise<unknown> = Promise.resolve();
  return withAppend(log, async (channel, batch, options) => {
    // A disk is not always as fast as the one that this runs on.
    last = last
      .then(() => pause(10))
      .then(() => log.append(channel, batch, options))
      .catch((cause: unknown) => {
        process.stderr.write(`${String(cause)}\n`);
        process.exit(3);
      });
    return batch.map((): Appended => ({ outcome: 'appended', offset: 0, sequence: 0 }));
  });
}

/** Keeps the position in a file of its own, written beside the commit of the entries and not within it. */
function positionApart(log: Log, data: string): Log {
  const path = join(data, 'position.json');
  const append: Append = async (channel, batch, options) => {
    const { position, ...rest } = options ?? {};
    if (channel === crashChannel && position !== undefined) {
      writeFileSync(`${path}.new`, JSON.stringify(position));
      renameSync(`${path}.new`, path);
    }
    return log.append(channel, batch, rest);
  };
  const withPosition = (head: ChannelHead): ChannelHead =>
    head.channel === crashChannel && existsSync(path)
      ? { ...head, position: JSON.parse(readFileSync(path, 'utf8')) }
      : head;
  return withCalls(withAppend(log, append), {
    head: async (channel: string) => withPosition(await log.head(channel)),
    heads: async () => (await log.heads()).map(withPosition),
  });
}

/** Gives every received message an origin that was never there before, as a random id would. */
function noDeduplication(log: Log): Log {
  let count = 0;
  const own = (draft: EntryDraft): EntryDraft => {
    if (draft.direction !== 'in') return draft;
    count += 1;
    return { ...draft, origin: { scope: draft.origin.scope, key: `${process.pid}-${count}` } };
  };
  return withAppend(log, (channel, batch, options) => log.append(channel, batch.map(own), options));
}

/** The same log with another way to append. */
export function withAppend(
  log: Log,
  append: (channel: string, batch: readonly EntryDraft[], options?: AppendOptions) => ReturnType<Append>,
): Log {
  return withCalls(log, { append });
}

/** The same log with some of its calls replaced. */
function withCalls(log: Log, calls: Partial<Log>): Log {
  return new Proxy(log, {
    get(target, name) {
      const replaced: unknown = Reflect.get(calls, name);
      if (replaced !== undefined) return replaced;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
