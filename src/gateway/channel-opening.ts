import { join } from 'node:path';
import type { SessionAdapter, SessionStore, SessionStores } from '../contract/session.ts';
import type { FileSourceAdapter, MessageSourceAdapter } from '../contract/source.ts';
import { GatewayError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { Running } from './channel-status.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { type Desk, makingOf } from './desk.ts';
import { FileChannel } from './file-channel.ts';
import { type LogStoreOptions, logStore } from './log-store.ts';
import { MessageChannel } from './message-channel.ts';
import { openMeter } from './meter.ts';
import { SessionChannel } from './session-channel.ts';
import { positionsOf, sharedPlaces } from './session-places.ts';
import { hoursOfChannel } from './session-schedule.ts';
import { Staging } from './staging.ts';
import { steadySource } from './steady-source.ts';

/** A channel that is made and not yet at work. */
export interface Made {
  readonly running: Running;
  start(): Promise<void>;
}

/**
 * Makes a channel by the shape of its adapter; `shared` holds what the sessions of an adapter share. Throws `CHANNEL_UNKNOWN`, and what opening a place for files throws where
 * waiting will not help.
 */
export async function makeChannel(
  desk: Desk,
  limits: Limits,
  channel: ChannelConfiguration,
  shared: Map<string, object> = new Map(),
): Promise<Made> {
  const adapter = desk.wiring.adapters.get(channel.adapter);
  if (adapter === undefined)
    throw new GatewayError('CHANNEL_UNKNOWN', `no adapter "${channel.adapter}" is built in`);
  if (adapter.shape === 'session') return makeSession(desk, limits, channel, adapter, shared);
  if (adapter.shape === 'messages') return makeQueue(desk, limits, channel, adapter);
  return makeFiles(desk, limits, channel, adapter);
}

function portsOf({ log, clock, logger }: Desk, limits: Limits, { name }: ChannelConfiguration) {
  return { log, clock, limits, logger: logger.child({ channel: name }), meter: openMeter() };
}

function makeSession(
  desk: Desk,
  limits: Limits,
  channel: ChannelConfiguration,
  adapter: SessionAdapter,
  all: Map<string, object>,
): Made {
  const ports = portsOf(desk, limits, channel);
  const storing = { ...makingOf(desk, channel.name), log: desk.log, meter: ports.meter };
  const hours = hoursOfChannel(channel, desk.wiring);
  const shared = all.get(adapter.id) ?? adapter.share?.();
  if (shared !== undefined) all.set(adapter.id, shared);
  const at = new SessionChannel({
    ...ports,
    adapter,
    options: channel.options(),
    ...storesOf(channel.name, storing),
    ...(hours && { hours }),
    ...(shared && { shared }),
  });
  return { running: { channel, adapter, meter: ports.meter, at }, start: () => at.start() };
}

/** The memory of the channel's own session, and those that a template of sessions asks for. */
function storesOf(
  channel: string,
  storing: Omit<LogStoreOptions, 'place'>,
): { readonly store: SessionStore; readonly sessions: SessionStores } {
  const places = sharedPlaces();
  const stores = new Map<string, SessionStore>();
  const storeOf = (name: string): SessionStore => {
    const store = stores.get(name) ?? logStore({ ...storing, place: places.place(name) });
    stores.set(name, store);
    return store;
  };
  return {
    store: logStore({ ...storing, place: places.own }),
    sessions: {
      known: async () => [...positionsOf(await storing.log.head(channel)).keys()],
      store: storeOf,
    },
  };
}

function makeQueue(
  desk: Desk,
  limits: Limits,
  channel: ChannelConfiguration,
  adapter: MessageSourceAdapter,
): Made {
  const ports = portsOf(desk, limits, channel);
  const { messages: settings = { poison: 'reject' } } = channel;
  const making = makingOf(desk, channel.name);
  const at = new MessageChannel({
    ...ports,
    making,
    settings,
    open: () => adapter.open(channel.options()),
  });
  return { running: { channel, adapter, meter: ports.meter, at }, start: () => at.start() };
}

async function makeFiles(
  desk: Desk,
  limits: Limits,
  channel: ChannelConfiguration,
  adapter: FileSourceAdapter,
): Promise<Made> {
  const { configuration, wiring } = desk;
  const ports = portsOf(desk, limits, channel);
  const making = makingOf(desk, channel.name);
  const { framer, ...settings } = channel.files ?? { key: '.+', pollMs: 5000, settlePolls: 2 };
  const source = await steadySource(() => adapter.open(channel.options()), desk.clock);
  const at = new FileChannel({
    ...ports,
    making,
    source,
    staging: new Staging(join(configuration.data, 'staging', channel.name)),
    framer: (framer === undefined ? undefined : wiring.framers.get(framer)) ?? making.codec.framer,
    settings,
  });
  return {
    running: { channel, adapter, meter: ports.meter, at, source },
    start: async () => {
      if (channel.direction !== 'out') at.start();
    },
  };
}
