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
  /** Differences up to here are none; decimal text. */
  readonly tolerances: { readonly cash: string; readonly quantity: string };
  /** Who is asked about breaks of a cause. */
  readonly owners: Readonly<Partial<Record<BreakCause, string>>>;
}

/** The outside ledgers that finished postings are carried to. */
export interface LedgerSettings {
  readonly journal?: { readonly path: string };
  /** The URL holds a password: a function, as with a channel's options. */
  readonly postgres?: { readonly schema: string; readonly url: () => string };
}

const decimal = z.string().regex(/^\d{1,15}(\.\d{1,10})?$/, 'must be a decimal number of 0 or more');
const owner = z.string().trim().min(1).max(100);

export const reconSchema = z.strictObject({
  tolerances: z
    .strictObject({
      cash: decimal.default('0').describe('Differences of cash up to here, in the currency, are none.'),
      quantity: decimal.default('0').describe('Differences of a position up to here are none.'),
    })
    .prefault({})
    .describe('What is too small to be a break. Zero by default: a cent is a break, and has a cause.'),
  owners: z
    .strictObject(Object.fromEntries(breakCauses.map((cause) => [cause, owner.optional()])))
    .prefault({})
    .describe("Who is asked about a break, by its cause. Default: the comparison's own word, us or clearer."),
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
