import { z } from 'zod';
import { algorithmsOptions } from './algorithms.ts';
import { pinOf } from './host-key.ts';

const seconds = z.number().positive().max(3600);
const namePattern = z.string().min(1).max(200);

const plainOptions = z.strictObject({
  host: z.string().min(1).describe('Name or address of the SFTP server.'),
  port: z.number().int().min(1).max(65_535).default(22).describe('Its port.'),
  hostKeys: z
    .array(
      z.string().refine((text) => pinOf(text) !== undefined, {
        message: 'must be a fingerprint (SHA256:…) or a line of known_hosts',
      }),
    )
    .default([])
    .describe(
      'The keys that the server may show, each as its fingerprint (`SHA256:…`) or as a line of known_hosts; what stands before the key type in such a line is not looked at. One of them must match before anything of ours is said, on loopback too. Two allow a change of key. `clearport keys scan HOST` shows them; compare them with what the operator of the server tells by another way.',
    ),
  username: z.string().min(1).describe('Whom we log in as.'),
  privateKey: z
    .string()
    .regex(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/, 'must be a private key: OpenSSH or PEM text')
    .optional()
    .describe('Our private key (OpenSSH or PEM). A secret: a reference only.'),
  passphrase: z
    .string()
    .min(1)
    .optional()
    .describe('What the private key is encrypted with. A secret: a reference only.'),
  password: z
    .string()
    .min(1)
    .optional()
    .describe('Our password, where there is no key. A secret: a reference only.'),
  folder: z
    .string()
    .min(1)
    .default('.')
    .describe('The folder at the server, absolute or counted from where the login leads.'),
  archive: z
    .string()
    .min(1)
    .default('archive')
    .describe('Where files go by rename once they are booked, absolute or counted from `folder`.'),
  pattern: namePattern
    .default('*')
    .describe(
      'Which names are picked up: `*` for any characters, `?` for one. Names that begin with a dot never are.',
    ),
  ignore: z
    .array(namePattern)
    .default(['*.tmp', '*.part', '*.partial', '*.filepart'])
    .describe('Which names are never picked up: those that senders use while they write.'),
  algorithms: algorithmsOptions.prefault({}),
  requests: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(16)
    .describe(
      'Reads or writes of 32 KiB of one file that are under way at a time; 1 for servers that take no more.',
    ),
  connectTimeoutSeconds: seconds
    .default(20)
    .describe('How long connecting may take, from the first packet to the listing of the folder.'),
  timeoutSeconds: seconds
    .default(60)
    .describe('How long the server may answer nothing while we wait for it; the connection is closed then.'),
  keepaliveSeconds: seconds
    .default(15)
    .describe(
      'Pause between two questions whether an idle server is still there; three unanswered ones end it.',
    ),
});

/** What an SFTP place is configured with, secrets already resolved. Each option's description is its documentation. */
export const sftpOptions = plainOptions.superRefine((options, context) => {
  for (const [key, message] of contradictions(options)) {
    context.addIssue({ code: 'custom', path: [key], message });
  }
});

export type SftpOptions = z.output<typeof plainOptions>;
/** As people write them: what has a default may be left out. */
export type SftpOptionsInput = z.input<typeof plainOptions>;

/** Options that hold secrets: references only, never plain text. */
export const sftpSecrets = ['privateKey', 'passphrase', 'password'] as const;

/** `clearport keys scan HOST`, with the port where it is not the usual one. */
export function scanRemedy({ host, port }: Pick<SftpOptions, 'host' | 'port'>): string {
  const command = `clearport keys scan ${host}${port === 22 ? '' : ` --port ${port}`}`;
  return `See the keys with \`${command}\`, compare them with what the operator tells, and put one into options.hostKeys.`;
}

function contradictions(options: SftpOptions): (readonly [keyof SftpOptions, string])[] {
  const found: (readonly [keyof SftpOptions, string])[] = [];
  if (options.hostKeys.length === 0)
    found.push(['hostKeys', `no host key is pinned. ${scanRemedy(options)}`]);
  if (options.privateKey === undefined && options.password === undefined)
    found.push(['privateKey', 'a privateKey or a password is needed']);
  if (options.passphrase !== undefined && options.privateKey === undefined)
    found.push(['passphrase', 'there is no privateKey that it could open']);
  return found;
}
