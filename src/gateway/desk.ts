import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { decodeEvent, eventJson, maskedEvent } from '../events/index.ts';
import type { ChannelConfiguration, Configuration } from './configuration.ts';
import type { EntryMaking, Received } from './entry-making.ts';
import { gatewayIssues } from './issues.ts';
import { errorView, type Logger } from './logger.ts';
import type { QuarantineIndex } from './quarantine-index.ts';
import { codecNamed, type Wiring } from './wiring.ts';

/** Where a person works on the log: what every decision, repair and replay needs. */
export interface Desk {
  readonly configuration: Configuration;
  readonly wiring: Wiring;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly index: QuarantineIndex;
}

/** The channel of this name. Throws `CHANNEL_UNKNOWN`. */
export function channelOf(configuration: Configuration, name: string): ChannelConfiguration {
  const channel = configuration.channels.get(name);
  if (channel !== undefined) return channel;
  const meant = nearest(name, configuration.channels.keys());
  throw new GatewayError('CHANNEL_UNKNOWN', `no channel "${name}" is configured`, {
    remedy: meant === undefined ? gatewayIssues.CHANNEL_UNKNOWN.remedy : `Did you mean "${meant}"?`,
    exitCode: 2,
  });
}

/** What entries of this channel are made with. Throws `CHANNEL_UNKNOWN`. */
export function makingOf(desk: Omit<Desk, 'index'>, name: string): EntryMaking {
  const channel = channelOf(desk.configuration, name);
  const codecs = channel.codecs ?? [codecNamed(desk.wiring, channel.codec)?.codec];
  const [codec] = codecs;
  if (codec === undefined)
    throw new GatewayError('CHANNEL_UNKNOWN', `no codec "${channel.codec}" is built in`);
  const { tenant } = desk.configuration;
  return {
    channel,
    codec,
    codecs: codecs.filter((one) => one !== undefined),
    tenant,
    alarm: (issue, origin, cause) => {
      const error = cause === undefined ? undefined : errorView(cause);
      desk.logger.error({ channel: name, code: issue.code, origin, error }, issue.message);
    },
  };
}

/** The entry's bytes as if they had just arrived where and when they did. */
export function receivedOf(entry: Entry, bytes: Uint8Array): Received {
  const { direction, origin, receivedAt, context } = entry;
  const plain = { direction, origin, receivedAt, bytes, issues: [], admin: false };
  return { kind: 'message', ...plain, ...(context !== undefined && { context }) };
}

/** Events as people see them: JSON, personal data masked. */
export function shownEvents(events: readonly Uint8Array[]): JsonValue[] {
  return events.map((bytes) => eventJson(maskedEvent(decodeEvent(bytes))));
}
