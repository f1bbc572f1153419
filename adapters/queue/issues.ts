import type { IssueTable } from '../../src/core/issue.ts';

/** Every code of the queue adapter; all of them are thrown, because only the world can fail here. */
export const queueIssues = {
  QUEUE_CONNECTION: {
    severity: 'error',
    meaning:
      'The broker cannot be reached, or the connection to it was lost; what was not settled comes again.',
    remedy: 'Check host, port and the way to it. The channel goes on by itself.',
  },
  QUEUE_TIMEOUT: {
    severity: 'error',
    meaning: 'The broker did not open a connection or a link within the configured time.',
    remedy:
      'Ask the operator of the broker, or raise connectTimeoutSeconds or timeoutSeconds. The channel goes on by itself.',
  },
  QUEUE_TLS: {
    severity: 'error',
    meaning:
      'TLS with the broker failed: its certificate is not trusted or has another name, or ours cannot be read.',
    remedy: 'Check the files that tls.ca, tls.cert and tls.key refer to, and tls.serverName.',
  },
  QUEUE_AUTHENTICATION: {
    severity: 'error',
    meaning: 'The broker does not take our user name and password, or not in this way.',
    remedy: 'Check username and password with the operator of the broker.',
  },
  QUEUE_ADDRESS: {
    severity: 'error',
    meaning: 'The broker has no such queue, or does not let us use it.',
    remedy:
      'Check options.source, options.target and options.capabilities; the form of an address depends on the broker.',
  },
  QUEUE_OPTION: {
    severity: 'error',
    meaning: 'The channel is used in a direction that it is not configured for.',
    remedy: 'Set options.source to take messages, options.target to send them.',
  },
  QUEUE_REJECTED: {
    severity: 'error',
    meaning: 'The broker refused a message of ours.',
    remedy: "The reason is the broker's own word: mend the message, or ask the operator of the broker.",
  },
  QUEUE_RELEASED: {
    severity: 'error',
    meaning: 'The broker gave a message of ours back: it found no place for it now.',
    remedy:
      'Check that the address of options.target leads to a queue, and that there is room. The message may be sent again.',
  },
  QUEUE_IN_DOUBT: {
    severity: 'error',
    meaning:
      'The connection was lost, or time ran out, before the broker said what it made of a message of ours.',
    remedy: 'Send it again under the same id: whoever reads the queue can tell that it is the same.',
  },
  QUEUE_PROTOCOL: {
    severity: 'error',
    meaning: 'The broker said something that AMQP 1.0 does not allow, so the connection was given up.',
    remedy: 'Check that AMQP 1.0 is spoken at this port. The channel goes on by itself.',
  },
  QUEUE_CLOSED: {
    severity: 'error',
    meaning: 'The queue was closed on our side before or while it was used.',
    remedy: 'Nothing: it happens when the gateway stops.',
  },
} as const satisfies IssueTable;

export type QueueCode = keyof typeof queueIssues;
