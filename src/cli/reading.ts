import type { Entry } from '../contract/entry.ts';
import type { Log, ReadOptions } from '../contract/log.ts';
import { configurationIfAny, dataDirectory, type ReadingOptions } from './configured.ts';
import type { CommandContext } from './context.ts';

export interface Range {
  readonly channel?: string;
  readonly from?: number;
  readonly to?: number;
  readonly follow?: boolean;
}

/** The log, for reading: beside a running gateway or without one. Fails with the log's own codes. */
export async function openLog(context: CommandContext, options: ReadingOptions): Promise<Log> {
  const directory = await dataDirectory(context, options);
  const { openSqliteLog } = await import('../log/index.ts');
  return openSqliteLog(directory, { readOnly: true, clock: context.terminal.clock });
}

/**
 * The entries of a range, in offset order; with `follow`, then every entry as it is committed, until the command is
 * interrupted. `settle` prints what is gathered, before each wait.
 */
export async function* entriesOf(
  context: CommandContext,
  log: Log,
  asked: Range & ReadingOptions,
  settle: () => Promise<void>,
): AsyncIterable<Entry> {
  const options = readOptions(asked);
  if (asked.follow !== true) {
    await tellUnknown(context, log, asked.channel);
    yield* log.read(options);
    return;
  }
  context.terminal.listenForSignals();
  if (!(await isConfigured(context, asked))) await tellUnknown(context, log, asked.channel);
  yield* settled(log.subscribe(options, context.terminal.interrupted), settle);
}

/** Of a configured channel something may come yet. */
async function isConfigured(context: CommandContext, asked: Range & ReadingOptions): Promise<boolean> {
  if (asked.channel === undefined) return true;
  return (await configurationIfAny(context, asked))?.channels.has(asked.channel) === true;
}

/** A channel that the log does not hold would look like one on which nothing happened. */
async function tellUnknown({ note }: CommandContext, log: Log, channel: string | undefined): Promise<void> {
  if (channel === undefined || (await log.head(channel)).sequence > 0) return;
  const known = (await log.heads()).map((head) => head.channel).toSorted();
  const holds = known.length === 0 ? 'it is empty' : `it holds ${known.join(', ')}`;
  note(`The log holds nothing of a channel "${channel}"; ${holds}.`);
}

/** The same items; whenever the next one is not there at once, what came before is printed first. */
async function* settled<T>(items: AsyncIterable<T>, settle: () => Promise<void>): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = iterator.next();
    const quick = await Promise.race([
      next,
      new Promise<undefined>((resolve) => setImmediate(resolve, undefined)),
    ]);
    if (quick === undefined) await settle();
    const result = await next;
    if (result.done === true) return;
    yield result.value;
  }
}

function readOptions(range: Range): ReadOptions {
  const { channel, from, to } = range;
  return {
    ...(channel !== undefined && { channel }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** All bytes of an entry, wherever they stand. */
export async function wholeBytes(log: Log, entry: Entry): Promise<Uint8Array> {
  if (entry.storage === 'inline') return entry.bytes;
  const parts: Uint8Array[] = [];
  for await (const part of log.blob(entry)) parts.push(part);
  return Buffer.concat(parts);
}
