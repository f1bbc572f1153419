import { GatewayError } from '../../src/core/errors.ts';
import { type QueueCode, queueIssues } from './issues.ts';

/** Nothing changes by waiting: a person has to. Everything else may be tried again. */
const final: ReadonlySet<QueueCode> = new Set([
  'QUEUE_TLS',
  'QUEUE_AUTHENTICATION',
  'QUEUE_OPTION',
  'QUEUE_REJECTED',
  'QUEUE_CLOSED',
]);

export function queueError(code: QueueCode, message: string, place: string, cause?: unknown): GatewayError {
  return new GatewayError(code, message, {
    place,
    remedy: queueIssues[code].remedy,
    retryable: !final.has(code),
    exitCode: code === 'QUEUE_OPTION' ? 2 : 3,
    ...(cause !== undefined && { cause }),
  });
}
