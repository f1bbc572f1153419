import type { Decoded } from '../contract/codec.ts';
import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { configurationIfAny, type ReadingOptions } from './configured.ts';
import type { CommandContext } from './context.ts';
import { wholeBytes } from './reading.ts';

/** The message of an entry, or undefined where nothing can read it. */
export type DecodeEntry = (log: Log, entry: Entry) => Promise<Decoded | undefined>;

/**
 * Reads entries as their channels do, by the dictionary or layout that the configuration names. Where it has no such channel, they are
 * read by the codec that they name themselves.
 */
export async function entryDecoder(context: CommandContext, options: ReadingOptions): Promise<DecodeEntry> {
  const { builtIn, codecNamed } = await import('../gateway/index.ts');
  const channels = (await configurationIfAny(context, options))?.channels;
  const wiring = builtIn();
  return async (log, entry) => {
    const id = entry.codec?.id ?? '';
    const configured = channels?.get(entry.channel)?.codecs?.find((codec) => codec.id === id);
    const codec = configured ?? codecNamed(wiring, id)?.codec;
    const { context: frame } = entry;
    return codec?.decode({
      bytes: await wholeBytes(log, entry),
      ...(frame !== undefined && { context: frame }),
    });
  };
}
