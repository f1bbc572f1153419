import { z } from 'zod';
import { ledgerSchema, reconSchema } from './schema-day.ts';
import { fileSettings } from './schema-files.ts';
import { type Adapter, codecNames, type Wiring } from './wiring.ts';

/** Channel names stand in every event id, for ever. Source: design, "Correction, not edit". */
export const channelName = /^[a-z][a-z0-9-]{0,62}$/;

/** The gateway's own entries (a backup, a stop) stand under this name. */
export const gatewayChannel = 'gateway';

/** Names that no configured channel may have: the gateway's own, and the one of the log's own entries. */
export const reservedChannels: readonly string[] = [gatewayChannel, 'log'];

const name = z.string().trim().min(1).max(100);

const messageSettings = z.strictObject({
  key: name
    .optional()
    .describe(
      'Property of a message that names it where the queue gives no message id. Without either, the channel is at-least-once: a message that comes again is taken again.',
    ),
  poison: z
    .enum(['reject', 'accept'])
    .default('reject')
    .describe(
      "What happens on the queue to a message that could not be read, once its bytes are in quarantine: `reject` sends it to the queue's dead letters, `accept` takes it off.",
    ),
});

const firm = z.strictObject({
  name: name.optional().describe('What the firm is called, for people.'),
  participant: z
    .string()
    .regex(/^[A-Za-z0-9]{1,12}$/, 'must be 1 to 12 letters and digits')
    .optional()
    .describe("The firm's number at the depository, such as 0158. Leading zeros count."),
  profile: z
    .enum(['fully-disclosed', 'omnibus', 'self-clearing'])
    .default('fully-disclosed')
    .describe('How the firm clears. It decides what can tie out between perspectives.'),
});

const logging = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least important lines that are written.'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File that the lines are appended to, relative to this configuration. Default: standard error.',
    ),
});

const checkpoint = z.strictObject({
  key: z
    .string()
    .regex(/-----BEGIN PRIVATE KEY-----/, 'must be a private key, PKCS#8 PEM')
    .optional()
    .describe('Ed25519 private key that signs checkpoints. A secret: a reference only.'),
});

/** Paths of secrets outside of channels. */
export const topSecrets = ['checkpoint.key', 'ledger.postgres.url'] as const;

/** Everything but what a channel holds, which depends on its adapter. */
export const topSchema = z.strictObject({
  version: z.literal(1).describe('Version of this file format.'),
  tenant: z
    .string()
    .regex(channelName, 'must be lower-case letters, digits and hyphens, beginning with a letter')
    .describe('Whose data this is. It stands in every event; one data directory holds one tenant.'),
  data: z
    .string()
    .min(1)
    .default('./data')
    .describe('Directory of the log and its projections, relative to this file. On a local disk.'),
  firm: firm.prefault({}).describe('The firm that runs this.'),
  log: logging.prefault({}).describe('What the gateway writes about itself; masked.'),
  checkpoint: checkpoint.prefault({}).describe('Signing of checkpoints.'),
  recon: reconSchema.prefault({}).describe('How our book and theirs are compared.'),
  ledger: ledgerSchema
    .prefault({})
    .describe('Outside ledgers that our postings are carried to, exactly once in effect.'),
  channels: z
    .record(z.string(), z.unknown())
    .describe('The channels, by name. A name never changes: events carry it for ever.'),
});

/** One channel with this adapter. */
export function channelSchema(adapter: Adapter, wiring: Wiring) {
  const { shape } = adapter;
  return z.strictObject({
    adapter: z.literal(adapter.id).describe('What moves the bytes.'),
    codec: codecSchema(adapter, wiring),
    direction: z
      .enum(['in', 'out', 'both'])
      .default('in')
      .describe('Whether messages of the business come in, go out, or both.'),
    perspective: z
      .enum(['ours', 'clearer', 'street'])
      .describe(
        "Whose word it is: our own systems', the clearing firm's, or the street's (depository, custodian, bank). There is no default: a wrong one makes every comparison worthless.",
      ),
    reportedBy: name.optional().describe('Who speaks on this channel, where its messages do not say so.'),
    reporterRole: name
      .optional()
      .describe(
        'Role of the one who speaks: clearing-firm, venue, introducing-broker, depository, custodian, bank.',
      ),
    zone: z
      .string()
      .refine(isZone, 'must be an IANA time zone, such as America/New_York')
      .default('America/New_York')
      .describe("Time zone of the reporter's business day."),
    keyScope: name
      .optional()
      .describe(
        "What the reporter's execution ids are unique in (a venue, a session). Default: they are unique.",
      ),
    owner: name.optional().describe('Who is asked about this channel.'),
    files: (shape === 'files' ? fileSettings.prefault({}) : z.never().optional()).describe(
      'How files become entries.',
    ),
    messages: (shape === 'messages' ? messageSettings.prefault({}) : z.never().optional()).describe(
      'How queue messages become entries.',
    ),
    options: adapter.options.describe(`Options of the adapter "${adapter.id}".`),
  });
}

function codecSchema(adapter: Adapter, wiring: Wiring) {
  const about =
    'What reads the messages. A family needs a name or a path: `records:clearing-positions`, `records:./mine.yaml`.';
  if (adapter.shape === 'session') {
    return z.literal(adapter.codec).default(adapter.codec).describe('What reads the messages.');
  }
  // Names are checked where the layouts behind them are read; an editor gets the list.
  const families = [...(wiring.families?.keys() ?? [])].map((id) => ({ pattern: `^${id}:.+` }));
  const one = z.string().meta({ anyOf: [{ enum: [...codecNames(wiring)] }, ...families] });
  if (adapter.shape === 'files') return one.describe(about);
  const several = z.array(one).min(1).max(8);
  return z
    .union([one, several])
    .describe(`${about} A list is asked in its order: the first that recognizes a message reads it.`);
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
