import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * The house, from the roof down. A room imports from floors below it, and from itself. On the ground floor the order
 * inside the row counts too: core, then events, then contract.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const floors: readonly (readonly string[])[] = [
  ['src/core'],
  ['src/events'],
  ['src/contract'],
  ['codecs/*', 'adapters/*', 'src/log', 'src/calendar'],
  ['src/book'],
  ['src/gateway', 'src/recon', 'src/ledger'],
  ['certification'],
  ['src/cli', 'src/console'],
  ['test'],
];
/** Doors that are cut on purpose: from, to, why. */
const doors: readonly (readonly [string, string, string])[] = [
  ['adapters/fix', 'codecs/fix', 'the FIX session layer is part of the same standard as its messages'],
];
/** Doorplates: they name the rooms of their folder and do nothing else. */
const doorplates = new Set(['codecs/index.ts', 'adapters/index.ts']);
/** Written by `src/events/generate.ts`, one line for every field of the catalogue. */
const generated = new Set(['src/events/catalogue.types.ts']);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ['src', 'codecs', 'adapters', 'certification', 'test'].flatMap((top) =>
  sources(join(root, top)),
);
const imports = files.flatMap(importsOf);

describe('the house', () => {
  test('has files to look at', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(20);
  });

  test('every file stands in a room', () => {
    expect(files.filter((file) => floorOf(file) < 0 && !doorplates.has(file))).toEqual([]);
  });

  test('imports go down only', () => {
    const wrong = imports
      .filter(({ from, to }) => !allowed(from, to))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(wrong).toEqual([]);
  });

  test('nothing imports in a circle', () => {
    expect(cycles()).toEqual([]);
  });

  test('files stay under 400 lines, named exports only', () => {
    const written = files.filter((file) => !generated.has(file));
    const tooLong = written.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
    expect(tooLong).toEqual([]);
  });

  test('no file has a name without a job', () => {
    const banned = /(^|[/-])(utils?|helpers?|manager|service|processor|base|common)(\.|-|\/|$)/;
    expect(files.filter((file) => banned.test(file))).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm);
  const dynamic = text.matchAll(/import\('(\.[^']+)'\)/g);
  const seen = [...found].map((match) => ({ path: match[2] ?? '', typeOnly: match[1] !== undefined }));
  const lazy = [...dynamic].map((match) => ({ path: match[1] ?? '', typeOnly: true }));
  return [...seen, ...lazy].map(({ path, typeOnly }) => ({
    from: file,
    to: relative(root, join(root, dirname(file), path))
      .split(sep)
      .join('/'),
    typeOnly,
  }));
}

function roomOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'certification' || parts[0] === 'test' ? parts[0] : parts.slice(0, 2).join('/');
}

function floorOf(file: string): number {
  const room = roomOf(file);
  return floors.findIndex((floor) => floor.includes(room) || floor.includes(`${room.split('/')[0]}/*`));
}

function allowed(from: string, to: string): boolean {
  if (roomOf(from) === roomOf(to)) return true;
  if (doorplates.has(from)) return to.startsWith(`${from.split('/')[0]}/`);
  if (from.endsWith('.test.ts') && !from.startsWith('test/')) return testMayImport(from, to);
  if (doors.some(([room, target]) => roomOf(from) === room && to.startsWith(target))) return true;
  const target = doorplates.has(to) ? 3 : floorOf(to);
  return target >= 0 && target < floorOf(from);
}

/** A room's own tests may also use the shared suites of `test/`. */
function testMayImport(from: string, to: string): boolean {
  return to.startsWith('test/') || allowed(from.replace(/\.test\.ts$/, '.ts'), to);
}

function cycles(): string[] {
  const graph = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
