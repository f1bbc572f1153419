import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { latin1Text, shownText } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { issueMaker } from '../../src/core/issue.ts';
import { type Patterns, readPatterns } from './compare.ts';
import { type Definition, type DefinitionIssue, type Profile, profiles } from './definition.ts';
import { parseDefinition } from './grammar.ts';
import { definitionIssues } from './issues.ts';

/** Definitions that belong together, in the order of their names. */
export interface DefinitionPack {
  readonly place: string;
  /** Hex SHA-256 of their names and bytes: what exactly was run. */
  readonly sha256: string;
  readonly definitions: readonly Definition[];
  /** Everything that is wrong with them, warnings included. */
  readonly issues: readonly DefinitionIssue[];
}

/** How many folders above a definition its `fields.fmt`, and what <FILE:path> names, is looked for. */
const foldersUp = 4;

/**
 * The definitions of a `.def` file, or of a folder and all that is in it; `fields.fmt` is taken from beside a definition or from
 * above it, as QuickFIX's own tree has it. Fails with CERT_PACK where there is no definition.
 */
export function loadPack(path: string, profile: Profile): DefinitionPack {
  const place = resolve(path);
  const files = filesOf(place);
  const root = statSync(place).isDirectory() ? place : dirname(place);
  const known = new Map<string, FoundPatterns | undefined>();
  const definitions = files.map((file) => loadDefinition(file, root, profile, known));
  const patternIssues = [...known.values()].flatMap((found) => found?.issues ?? []);
  const sums = definitions.map(({ name, file }) => `${name} ${hash('sha256', readFileSync(file))}`);
  return {
    place,
    sha256: hash('sha256', sums.join('\n')),
    definitions,
    issues: [...patternIssues, ...definitions.flatMap(({ issues }) => issues)],
  };
}

/**
 * The profile that the `pack.yaml` of a pack asks for; it stands in the pack, or above the folder or file of it that is named. Fails with
 * CERT_PACK where it names none that there is: answers would be compared as nobody meant.
 */
export function profileOfPack(path: string): Profile | undefined {
  const file = above(resolve(path), 'pack.yaml', foldersUp);
  if (file === undefined) return undefined;
  const named = /^profile: *(["']?)(.*?)\1 *(?:#.*)?$/m.exec(
    readFileSync(file, 'utf8').replaceAll('\r', ''),
  )?.[2];
  const known = profiles.find((profile) => profile === named);
  if (named === undefined || known !== undefined) return known;
  throw new GatewayError('CERT_PACK', `there is no profile "${shownText(named, 40)}"`, {
    place: file,
    exitCode: 2,
    remedy: `write profile: ${profiles.join(', or profile: ')}`,
  });
}

function filesOf(place: string): readonly string[] {
  const files = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.def'))
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
    : [place];
  if (files.length > 0) return files;
  throw new GatewayError('CERT_PACK', 'there is no definition (.def) in it', {
    place,
    exitCode: 2,
    remedy: 'name a .def file, or a folder that holds some, itself or in its folders',
  });
}

function loadDefinition(
  file: string,
  root: string,
  profile: Profile,
  known: Map<string, FoundPatterns | undefined>,
): Definition {
  const name = relative(root, file)
    .split(sep)
    .join('/')
    .replace(/\.def$/, '');
  const text = latin1Text(readFileSync(file));
  const fileText = (path: string): string | undefined => fileBeside(dirname(file), path);
  const definition = parseDefinition(text, { name, file, profile, fileText });
  const found = patternsFor(dirname(file), profile, known);
  return found === undefined ? definition : { ...definition, patterns: found.patterns };
}

interface FoundPatterns {
  readonly patterns: Patterns;
  readonly issues: readonly DefinitionIssue[];
}

/** QuickFIX/J's own runner knows no patterns: with its profile only those beside the definition count, which were put there for it. */
function patternsFor(
  folder: string,
  profile: Profile,
  known: Map<string, FoundPatterns | undefined>,
): FoundPatterns | undefined {
  const file = above(folder, 'fields.fmt', profile === 'quickfix' ? foldersUp : 0);
  if (file === undefined) return undefined;
  if (!known.has(file)) known.set(file, patternsIn(file));
  return known.get(file);
}

const issue = issueMaker(definitionIssues);

function patternsIn(file: string): FoundPatterns {
  const { patterns, wrong } = readPatterns(latin1Text(readFileSync(file)));
  const { remedy } = definitionIssues.DEFINITION_PATTERN;
  const issues = wrong.map((line) => ({
    ...issue('DEFINITION_PATTERN', `row ${line} is not TAG=PATTERN`, { line }),
    file,
    remedy,
  }));
  return { patterns, issues };
}

/** A relative path that stays below one of the folders above; whoever wrote a definition names no other file of this machine. */
function fileBeside(folder: string, path: string): string | undefined {
  const wanders = path.startsWith('/') || path.split(/[/\\]/).includes('..');
  const file = wanders ? undefined : above(folder, path, foldersUp);
  return file === undefined ? undefined : latin1Text(readFileSync(file));
}

function above(folder: string, path: string, levels: number): string | undefined {
  let at = folder;
  for (let up = 0; up <= levels; up++) {
    const file = join(at, path);
    if (existsSync(file) && statSync(file).isFile()) return file;
    at = dirname(at);
  }
  return undefined;
}

/** Definitions whose name holds one of the texts, or is matched by it with `*` for anything. */
export function onlyNamed(
  definitions: readonly Definition[],
  wanted: readonly string[],
): readonly Definition[] {
  if (wanted.length === 0) return definitions;
  const patterns = wanted.map((text) => text.split('*').map(escaped).join('.*'));
  const expression = new RegExp(patterns.map((pattern) => `(?:${pattern})`).join('|'), 'i');
  return definitions.filter(({ name }) => expression.test(name) || expression.test(basename(name)));
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
