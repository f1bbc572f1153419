import { join } from 'node:path';
import type { Codec } from '../../contract/codec.ts';
import type { Entry } from '../../contract/entry.ts';
import type { Log } from '../../contract/log.ts';
import { originText } from '../../contract/origin.ts';
import { manualClock } from '../../core/clock.ts';
import { decodeEvent } from '../../events/index.ts';
import type { ChannelConfiguration, Configuration } from '../configuration.ts';
import type { Desk } from '../desk.ts';
import { createLogger, type Logger } from '../logger.ts';
import { createMask, type Mask } from '../mask.ts';
import { scannedQuarantine } from '../quarantine-index.ts';
import { builtIn, type Wiring } from '../wiring.ts';
import { lineCodec } from './line-codec.ts';

/** 2026-11-10T14:30:00Z. */
export const start = 1_794_321_000_000_000;

/** A channel of the line codec. */
export function lineChannel(name: string, more: Partial<ChannelConfiguration> = {}): ChannelConfiguration {
  return {
    name,
    adapter: 'directory',
    codec: 'line',
    direction: 'in',
    perspective: 'clearer',
    zone: 'America/New_York',
    options: () => ({}),
    ...more,
  };
}

export function configurationOf(
  directory: string,
  channels: readonly ChannelConfiguration[],
  mask: Mask = createMask(),
): Configuration {
  return {
    path: join(directory, 'clearport.yaml'),
    tenant: 'acme',
    data: join(directory, 'data'),
    firm: { profile: 'fully-disclosed' },
    log: { level: 'info' },
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    checkpointKey: () => undefined,
    mask,
  };
}

/** The built-in wiring and the line codec. */
export function wiringWith(codec: Codec = lineCodec()): Wiring {
  const wiring = builtIn();
  return { ...wiring, codecs: new Map([...wiring.codecs, [codec.id, codec]]) };
}

/** A logger whose lines can be read. */
export function listening(mask: Mask = createMask()): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  return { logger: createLogger({ level: 'trace', mask, write: (line) => lines.push(line) }), lines };
}

export function deskOver(log: Log, configuration: Configuration, codec: Codec = lineCodec()): Desk {
  const { logger } = listening(configuration.mask);
  const clock = manualClock(start + 1_000_000);
  return { configuration, wiring: wiringWith(codec), log, clock, logger, index: scannedQuarantine(log) };
}

export async function entriesOf(log: Log, channel?: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of log.read(channel === undefined ? {} : { channel })) entries.push(entry);
  return entries;
}

/** One line for each entry: `message landing/a:1 T E1`, `signal landing/a=arrived feed.arrived`. */
export async function storyOf(log: Log, channel: string): Promise<string[]> {
  const entries = await entriesOf(log, channel);
  return entries.map(({ kind, origin, type, events }) => {
    const told = events.map((bytes) => decodeEvent(bytes)).map((event) => execIdOf(event.data) ?? event.type);
    return [kind, originText(origin), type, ...told].filter((word) => word !== undefined).join(' ');
  });
}

function execIdOf(data: object): string | undefined {
  return 'execId' in data && typeof data.execId === 'string' ? data.execId : undefined;
}
