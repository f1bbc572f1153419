import type { EntryKind } from '../contract/entry.ts';
import type { Standing } from '../log/index.ts';
import type { ReadingOptions } from './configured.ts';
import type { Range } from './reading.ts';

/** What an event can be to its fact: see `events`. */
export const standings: readonly Standing[] = ['first', 'repeated', 'conflict', 'void'];

/** What entries are: see `entries`. The outbox's kinds come with the outbox. */
export const entryKinds: readonly EntryKind[] = [
  'message',
  'quarantine',
  'conflict',
  'revision',
  'signal',
  'epoch',
  'audit',
];

export interface EventsOptions extends ReadingOptions, Range {
  readonly type?: string;
  readonly standing?: Standing;
  readonly cloudevents?: boolean;
  readonly unmasked?: boolean;
}
