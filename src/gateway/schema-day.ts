import { z } from 'zod';

/** Causes of breaks, in the words of the comparison (`src/recon`), that an owner can be named for. */
export const breakCauses = [
  'rejected',
  'wrong-account',
  'corporate-action',
  'cancel-rebill',
  'after-cut',
  'identifier',
  'transfer',
  'fee',
  'missing-at-clearer',
  'unknown-to-us',
  'mismatch',
  'unknown-security',
  'unexplained',
] as const;

export type BreakCause = (typeof breakCauses)[number];

export interface ReconSettings {
  /** Who looks after breaks of a cause, where it is another one than the comparison says. */
  readonly owners: Readonly<Partial<Record<BreakCause, 'us' | 'clearer'>>>;
}

/** The outside ledgers that finished postings are carried to. */
export interface LedgerSettings {
  readonly journal?: { readonly path: string };
  /** The URL holds a password: a function, as with a channel's options. */
  readonly postgres?: { readonly schema: string; readonly url: () => string };
}

const owner = z.enum(['us', 'clearer']);

export const reconSchema = z.strictObject({
  owners: z
    .strictObject(Object.fromEntries(breakCauses.map((cause) => [cause, owner.optional()])))
    .prefault({})
    .describe('Who looks after a break, by its cause: `us` or `clearer`. Default: as the comparison says.'),
});

export const ledgerSchema = z.strictObject({
  journal: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .describe('The journal file, relative to this configuration; ledger and hledger read it.'),
    })
    .optional()
    .describe('A plain-text journal that needs no server.'),
  postgres: z
    .strictObject({
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
        .describe('`postgres://user:password@host:5432/database`. A secret: a reference only.'),
      schema: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and _, beginning with a letter')
        .default('clearport')
        .describe('Schema of its own in that database; made where it is missing.'),
    })
    .optional()
    .describe('A double-entry ledger in PostgreSQL.'),
});
