import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemCode } from '../core/errors.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** What references to environment variables are looked up in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A key with its chain of certificates stays far below; anything larger is the wrong file. */
const referencedBytesMax = 64 * 1024;

const anywhere = /\$\{([^}]*)\}/g;
const whole = /^\$\{(?:env|file):[^}]+\}$/;

export function holdsReference(text: string): boolean {
  return text.includes('${');
}

/** True for a text that is one reference and nothing else: the only way to write a secret. */
export function isReference(text: string): boolean {
  return whole.test(text);
}

export interface Resolved {
  readonly text: string;
  /** Files that were read and that others than their owner may read too. */
  readonly openFiles: readonly string[];
}

/**
 * The text with its references replaced. A file's trailing line ends do not belong to its value; a relative path counts
 * from `directory`. Fails with `CONFIG_REFERENCE`, whose message names the variable or file and never a value.
 */
export async function resolveReferences(
  text: string,
  directory: string,
  environment: Environment,
): Promise<Result<Resolved>> {
  const openFiles: string[] = [];
  let made = '';
  let at = 0;
  for (const match of text.matchAll(anywhere)) {
    const found = await lookUp(match[1] ?? '', directory, environment, openFiles);
    if (!found.ok) return found;
    made += text.slice(at, match.index) + found.value;
    at = match.index + match[0].length;
  }
  const rest = text.slice(at);
  if (holdsReference(rest)) return wrong('a reference is not closed with "}"');
  return ok({ text: made + rest, openFiles });
}

async function lookUp(
  reference: string,
  directory: string,
  environment: Environment,
  openFiles: string[],
): Promise<Result<string>> {
  const [kind, ...parts] = reference.split(':');
  const target = parts.join(':');
  if (kind === 'env' && target !== '') {
    const value = environment[target];
    return value === undefined || value === ''
      ? wrong(`the environment variable ${target} is not set`)
      : ok(value);
  }
  if (kind === 'file' && target !== '') return readReferenced(resolve(directory, target), openFiles);
  return wrong('a reference begins with "env:" or "file:"');
}

async function readReferenced(path: string, openFiles: string[]): Promise<Result<string>> {
  try {
    const { size, mode } = await stat(path);
    if (size > referencedBytesMax) return wrong(`${path} is larger than ${referencedBytesMax} bytes`);
    const text = (await readFile(path, 'utf8')).replace(/[\r\n]+$/, '');
    if (text === '') return wrong(`${path} is empty`);
    if ((mode & 0o077) !== 0) openFiles.push(path);
    return ok(text);
  } catch (cause) {
    return wrong(`${path} cannot be read (${systemCode(cause) ?? 'unknown reason'})`);
  }
}

function wrong(message: string): Result<never> {
  return fail({ code: 'CONFIG_REFERENCE', severity: 'error', message });
}
