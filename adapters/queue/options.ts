import { z } from 'zod';
import { isLoopback } from '../../src/core/address.ts';

const seconds = z.number().positive().max(3600);
const pem = z.string().regex(/-----BEGIN [A-Z0-9 ]+-----/, 'PEM text, referred to by its file');

const tlsOptions = z
  .strictObject({
    ca: pem.optional().describe('Authorities that may have signed the broker. Default: those of the system.'),
    cert: pem.optional().describe('Our certificate, with the chain behind it.'),
    key: pem.optional().describe('The key of our certificate. A secret: a reference only.'),
    passphrase: z.string().optional().describe('What the key is encrypted with. A secret: a reference only.'),
    serverName: z
      .string()
      .min(1)
      .optional()
      .describe("The name that the broker's certificate must have. Default: `host`."),
    minVersion: z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .describe('The oldest version of TLS that is spoken.'),
  })
  .describe(
    "TLS. On for everything that is not loopback, with the system's authorities, also where this is left out.",
  );

const plainOptions = z.strictObject({
  host: z.string().min(1).describe('Name or address of the broker.'),
  port: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('Its port. Default: 5671 with TLS, 5672 without.'),
  tls: tlsOptions.optional(),
  containerId: z
    .string()
    .min(1)
    .max(200)
    .default('clearport')
    .describe('What we call ourselves (container-id); IBM MQ shows it as the client.'),
  username: z.string().min(1).optional().describe('Whom we log in as (SASL PLAIN). Default: anonymous.'),
  password: z.string().min(1).optional().describe('The password. A secret: a reference only.'),
  source: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The address that messages are taken from: RabbitMQ 3 `/amq/queue/NAME`, RabbitMQ 4 `/queues/NAME`, IBM MQ and others `NAME`.',
    ),
  target: z.string().min(1).optional().describe('The address that messages are sent to.'),
  capabilities: z
    .array(z.string().regex(/^[!-~]+$/, 'printable ASCII without blanks'))
    .default([])
    .describe(
      'Capabilities that both addresses are asked for with. IBM MQ needs `queue`: without it the address is a topic.',
    ),
  credit: z
    .number()
    .int()
    .min(1)
    .max(2000)
    .default(100)
    .describe('How many messages may be here and not settled yet. It bounds the memory.'),
  connectTimeoutSeconds: seconds
    .default(20)
    .describe(
      'How long connecting may take, from the first packet until the broker has opened the connection.',
    ),
  timeoutSeconds: seconds
    .default(30)
    .describe('How long the broker may take to open a link, or to say what it made of a message of ours.'),
  heartbeatSeconds: seconds
    .default(15)
    .describe(
      'The longest silence that we ask the broker for (idle-time-out); after twice that, the connection is given up.',
    ),
});

/** What a queue is configured with, secrets already resolved. Each option's description is its documentation. */
export const queueOptions = plainOptions.superRefine((options, context) => {
  for (const [path, message] of contradictions(options)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

export type QueueOptions = z.output<typeof plainOptions>;
/** As people write them: what has a default may be left out. */
export type QueueOptionsInput = z.input<typeof plainOptions>;

/** Paths of options that hold secrets: references only, never plain text. */
export const queueSecrets = ['password', 'tls.key', 'tls.passphrase'] as const;

/** True when TLS is spoken: when it is configured, and for everything beyond loopback. There is no way around it. */
export function speaksTls({ host, tls }: Pick<QueueOptions, 'host' | 'tls'>): boolean {
  return tls !== undefined || !isLoopback(host);
}

/** The port as given, or the registered one. Source: OASIS AMQP 1.0, part 5; IANA `amqps` 5671, `amqp` 5672. */
export function portOf(options: QueueOptions): number {
  return options.port ?? (speaksTls(options) ? 5671 : 5672);
}

function contradictions(options: QueueOptions): (readonly [readonly string[], string])[] {
  const found: (readonly [readonly string[], string])[] = [];
  if (options.source === undefined && options.target === undefined)
    found.push([['source'], 'a source, a target or both are needed']);
  if ((options.username === undefined) !== (options.password === undefined))
    found.push([['password'], 'username and password belong together']);
  if ((options.tls?.cert === undefined) !== (options.tls?.key === undefined))
    found.push([['tls', 'key'], 'a certificate and its key belong together']);
  return found;
}
