import type { Codec } from '../contract/codec.ts';
import type { Log } from '../contract/log.ts';
import type { SessionStore } from '../contract/session.ts';
import type { ChannelConfiguration } from './configuration.ts';

/** What the entries of a channel are made with. */
export interface LogStoreOptions {
  readonly log: Log;
  readonly channel: ChannelConfiguration;
  readonly codec: Codec;
  readonly tenant: string;
}

/** A session's memory over the log: entries and sequence numbers in one commit. */
export function logStore(_options: LogStoreOptions): SessionStore {
  throw new Error('not there yet');
}
