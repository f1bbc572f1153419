import type { Findings } from './findings.ts';
import { type Mask, secretCharsMin } from './mask.ts';
import { type Environment, holdsReference, isReference, resolveReferences } from './references.ts';
import type { Path } from './yaml-source.ts';

/** What the parts of one configuration are read with. */
export interface Reading {
  readonly findings: Findings;
  readonly mask: Mask;
  /** Relative paths count from here: the directory of the file. */
  readonly directory: string;
  readonly environment: Environment;
}

/**
 * A copy of the data with its references replaced. What stands at one of the paths of `secrets`, or anywhere below it,
 * must be a reference; its value is hidden by the mask from then on.
 */
export async function replaceReferences(
  data: unknown,
  above: Path,
  secrets: readonly string[],
  reading: Reading,
): Promise<unknown> {
  const walk = async (value: unknown, path: Path, secret: boolean): Promise<unknown> => {
    if (typeof value === 'string') return replaceText(value, [...above, ...path], secret, reading);
    if (Array.isArray(value)) {
      return Promise.all(value.map((item, at) => walk(item, [...path, at], secret)));
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(async ([key, inner]) => {
      const own = [...path, key];
      return [key, await walk(inner, own, secret || secrets.includes(own.join('.')))] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  return walk(data, [], false);
}

async function replaceText(text: string, path: Path, secret: boolean, reading: Reading): Promise<string> {
  const { findings, mask, directory, environment } = reading;
  if (secret && !isReference(text)) {
    mask.add(text);
    findings.add('CONFIG_SECRET_IN_PLAIN_TEXT', path, `"${path.at(-1)}" holds a secret, written out`);
    return text;
  }
  if (!holdsReference(text)) return text;
  const resolved = await resolveReferences(text, directory, environment);
  if (!resolved.ok) {
    findings.add('CONFIG_REFERENCE', path, resolved.issue.message);
    return text;
  }
  const value = resolved.value.text;
  if (secret || value.includes('PRIVATE KEY-----')) guard(value, path, resolved.value.openFiles, reading);
  return value;
}

function guard(value: string, path: Path, openFiles: readonly string[], { findings, mask }: Reading): void {
  mask.add(value);
  for (const file of openFiles) {
    findings.add('CONFIG_SECRET_FILE_OPEN', path, `${file} holds a secret and can be read by others`);
  }
  if (value.length < secretCharsMin) {
    findings.add('CONFIG_SECRET_TOO_SHORT', path, `"${path.at(-1)}" is too short to be hidden`);
  }
}
