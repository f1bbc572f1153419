import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Codec, CodecFamily } from '../../src/contract/codec.ts';
import type { Issue } from '../../src/core/issue.ts';
import { fixCodec } from './codec.ts';
import type { DialectSwitches } from './dictionaries/dialect-schema.ts';
import { dictionaryIssue, dictionaryIssues } from './dictionaries/issues.ts';
import { type OpenDictionary, openDictionary } from './dictionaries/open-dictionary.ts';
import type { FixMessage } from './message.ts';
import type { Switches } from './switches.ts';

/**
 * FIX by a counterparty's own dictionary: `fix:./dialects/mine.yaml`, or QuickFIX XML or Orchestra XML by its path. Such a codec is `fix`
 * with other facts: its id stays, its fingerprint says which facts they were.
 */
export const fixDialects: CodecFamily = {
  family: true,
  id: 'fix',
  issues: dictionaryIssues,
  names: [],
  open: (name) => ({
    issues: [dictionaryIssue('DICTIONARY_FORM', `"${name}" is no dictionary that comes along`)],
  }),
  openText: (text, source) => openDialectCodec(text, source),
};

/** A codec of FIX where its dictionary can be read by, and what is wrong with it. */
export interface OpenedDialect {
  readonly codec?: Codec<FixMessage>;
  /** Rules that the dialect relaxes or tightens, under QuickFIX's names. */
  readonly switches?: DialectSwitches;
  readonly issues: readonly Issue[];
}

/**
 * The codec of a dictionary's text, and everything that is wrong with it. `source` is its path: what it extends counts from there. `usual`:
 * switches where the dictionary sets none. Never throws.
 */
export function openDialectCodec(text: string, source: string, usual: Partial<Switches> = {}): OpenedDialect {
  const { dictionary, issues } = openDictionary(text, { read: besides(source) });
  if (dictionary === undefined) return { issues };
  return { codec: codecOfDictionary(dictionary, usual), switches: dictionary.switches, issues };
}

/** Reads files by paths that count from a file. */
export function besides(source: string): (path: string) => string | undefined {
  return (path) => {
    try {
      return readFileSync(resolve(dirname(source), path), 'utf8');
    } catch {
      return undefined;
    }
  };
}

/** FIX by a dictionary that was opened. */
export function codecOfDictionary(
  { lookup, fingerprint, switches }: OpenDictionary,
  usual: Partial<Switches> = {},
): Codec<FixMessage> {
  return fixCodec({
    dictionary: lookup,
    dictionaryFingerprint: fingerprint,
    switches: { ...usual, ...switches },
  });
}
