import type { MessageSourceAdapter } from '../../src/contract/source.ts';
import { openQueue, reachQueue } from './broker.ts';
import { type QueueOptions, queueOptions, queueSecrets } from './options.ts';

export { queueIssues } from './issues.ts';
export type { QueueOptions, QueueOptionsInput } from './options.ts';

/** A queue of a broker that speaks AMQP 1.0: `docs/queues.md`. */
export const queue: MessageSourceAdapter<QueueOptions> = {
  shape: 'messages',
  id: 'queue',
  options: queueOptions,
  secrets: queueSecrets,
  open: openQueue,
  reach: reachQueue,
};
