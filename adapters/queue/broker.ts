import type { MessageSource, Reached } from '../../src/contract/source.ts';
import { queueError } from './failure.ts';
import { portOf, type QueueOptions } from './options.ts';

export async function openQueue(options: QueueOptions): Promise<MessageSource> {
  throw queueError('QUEUE_CLOSED', 'is not built yet', `${options.host}:${portOf(options)}`);
}

export async function reachQueue(options: QueueOptions, _signal: AbortSignal): Promise<Reached> {
  throw queueError('QUEUE_CLOSED', 'is not built yet', `${options.host}:${portOf(options)}`);
}
