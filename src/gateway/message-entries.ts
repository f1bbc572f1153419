import { createHash } from 'node:crypto';
import type { EntryDraft } from '../contract/entry.ts';
import type { Delivered } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import type { Limits } from '../core/limits.ts';
import type { MessageSettings } from './configuration.ts';
import { type EntryMaking, entryOf, gatewayIssue } from './entry-making.ts';
import type { Logger } from './logger.ts';
import type { Meter } from './meter.ts';

/** A message id is a name, not a text; a longer one is stood for by its hash. */
const keyCharsMax = 200;

export interface MessageEntriesPorts {
  readonly making: EntryMaking;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly settings: MessageSettings;
}

/** Makes the entries of one queue's messages. */
export class MessageEntries {
  readonly #ports: MessageEntriesPorts;
  #start = 0;
  #serial = 0;

  constructor(ports: MessageEntriesPorts) {
    this.#ports = ports;
  }

  /** Entries of the channel when the process began: it tells keys of our own of this run from those of another. */
  begin(sequence: number): void {
    this.#start = sequence;
  }

  /**
   * The entry of a message under the queue's own id: `queue=<id>`. Without one, a configured property names it; without
   * that, its time of receipt and a counter do, and the channel is at-least-once from then on.
   */
  entryOf(delivered: Delivered): EntryDraft {
    const { making, clock, limits } = this.#ports;
    const { bytes } = delivered;
    const receivedAt = clock.now();
    const origin = { scope: 'queue', key: this.#keyOf(delivered, receivedAt) };
    const plain = { direction: 'in' as const, origin, receivedAt, bytes, admin: false };
    if (bytes.length <= limits.queueMessageBytesMax) {
      return entryOf(making, { kind: 'message', ...plain, issues: [] });
    }
    const text = `${bytes.length} bytes, of ${limits.queueMessageBytesMax} at most`;
    return entryOf(making, {
      kind: 'quarantine',
      ...plain,
      issues: [gatewayIssue('MESSAGE_TOO_LARGE', text)],
    });
  }

  #keyOf({ id, properties }: Delivered, receivedAt: number): string {
    const { meter, settings, logger } = this.#ports;
    const property = settings.key === undefined ? undefined : properties[settings.key];
    const given = [id, property].find((name) => name !== undefined && name !== '');
    if (given !== undefined) return bounded(given);
    if (meter.withoutId++ === 0) {
      logger.warn({ code: 'MESSAGE_NO_ID' }, 'a message came without an id: the channel is at-least-once');
    }
    return `received-${receivedAt}.${this.#start}.${++this.#serial}`;
  }
}

function bounded(key: string): string {
  if (key.length <= keyCharsMax) return key;
  return `${key.slice(0, 64)}~sha256-${createHash('sha256').update(key).digest('hex')}`;
}
