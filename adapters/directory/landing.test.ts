import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileSource } from '../../src/contract/source.ts';
import { directory } from './index.ts';

let root: string;
let source: FileSource;
const never = new AbortController().signal;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-landing-'));
  await mkdir(join(root, 'in'));
  source = await directory.open(directory.options.parse({ path: join(root, 'in'), pattern: '*.log' }));
});

afterEach(async () => {
  await source.close();
  await rm(root, { recursive: true });
});

const at = (...parts: string[]): string => join(root, 'in', ...parts);

async function* pieces(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function fetched(name: string, from = 0, signal = never): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of source.fetch(name, from, signal)) parts.push(piece);
  return Buffer.concat(parts).toString();
}

describe('list', () => {
  test('names plain files that match, in order, with size and time', async () => {
    await writeFile(at('b.log'), 'bb');
    await writeFile(at('a.log'), 'a');
    await writeFile(at('a.txt'), 'no');
    await writeFile(at('.hidden.log'), 'no');
    await mkdir(at('folder.log'));
    await utimes(at('a.log'), 1_700_000_000, 1_700_000_000.5);
    const list = await source.list();
    expect(list.map(({ name, size }) => [name, size])).toEqual([
      ['a.log', 1],
      ['b.log', 2],
    ]);
    expect(list[0]?.modifiedAt).toBe(1_700_000_000_500_000);
  });

  test('does not follow a link out of the directory', async () => {
    await writeFile(join(root, 'secret.log'), 'outside');
    await symlink(join(root, 'secret.log'), at('link.log'));
    expect(await source.list()).toEqual([]);
    await expect(fetched('link.log')).rejects.toMatchObject({ code: 'DIRECTORY_FILE_GONE' });
  });

  test('says that the directory is missing, and that waiting may help', async () => {
    await rm(at(), { recursive: true });
    await expect(source.list()).rejects.toMatchObject({ code: 'DIRECTORY_MISSING', retryable: true });
  });
});

describe('fetch', () => {
  test('gives the bytes from an offset on, however long', async () => {
    const text = `${'x'.repeat(200_000)}end`;
    await writeFile(at('a.log'), text);
    expect(await fetched('a.log')).toBe(text);
    expect(await fetched('a.log', 199_999)).toBe('xend');
    expect(await fetched('a.log', text.length)).toBe('');
  });

  test('stops with an error when it is told to, so that a part is never taken for the whole', async () => {
    await writeFile(at('a.log'), 'abc');
    const stopped = AbortSignal.abort();
    await expect(fetched('a.log', 0, stopped)).rejects.toThrow();
  });

  test.each([
    '../secret.log',
    '/etc/passwd',
    '..',
    '.',
    '',
    'a/b.log',
    'a\\b.log',
    'a\0.log',
    'n'.repeat(256),
  ])('refuses the name %j', async (name) => {
    await expect(fetched(name)).rejects.toMatchObject({ code: 'DIRECTORY_NAME' });
    await expect(source.archive(name)).rejects.toMatchObject({ code: 'DIRECTORY_NAME' });
    await expect(source.put(name, pieces('x'))).rejects.toMatchObject({ code: 'DIRECTORY_NAME' });
  });
});

describe('put', () => {
  test('publishes a file whole, once', async () => {
    await source.put('out.log', pieces('one ', 'two'));
    expect(await readFile(at('out.log'), 'utf8')).toBe('one two');
    await expect(source.put('out.log', pieces('other'))).rejects.toMatchObject({ code: 'DIRECTORY_TAKEN' });
    expect(await readFile(at('out.log'), 'utf8')).toBe('one two');
    expect(await readdir(at())).toEqual(['out.log']);
  });

  test('replaces when it is told to', async () => {
    await source.put('out.log', pieces('one'));
    await source.put('out.log', pieces('two'), { replace: true });
    expect(await readFile(at('out.log'), 'utf8')).toBe('two');
  });

  test('leaves nothing behind when its bytes end in an error', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('source went away');
    }
    await expect(source.put('out.log', broken())).rejects.toMatchObject({ code: 'DIRECTORY_FAILED' });
    expect(await readdir(at())).toEqual([]);
  });
});

describe('archive', () => {
  test('moves a file, and doing it twice is no error', async () => {
    await writeFile(at('a.log'), 'a');
    await source.archive('a.log');
    await source.archive('a.log');
    expect(await readdir(at())).toEqual(['archive']);
    expect(await readFile(at('archive', 'a.log'), 'utf8')).toBe('a');
  });

  test('never overwrites what was archived under the same name', async () => {
    for (const text of ['first', 'second', 'third']) {
      await writeFile(at('a.log'), text);
      await source.archive('a.log');
    }
    const texts = await Promise.all(
      ['a.log', 'a.log.2', 'a.log.3'].map((name) => readFile(at('archive', name), 'utf8')),
    );
    expect(texts).toEqual(['first', 'second', 'third']);
  });

  test('leaves a link alone', async () => {
    await writeFile(join(root, 'outside'), 'x');
    await symlink(join(root, 'outside'), at('link.log'));
    await source.archive('link.log');
    expect(await readFile(join(root, 'outside'), 'utf8')).toBe('x');
    expect(await readdir(at())).toEqual(['link.log']);
  });

  test('does not bring back a landing directory that is gone', async () => {
    await rename(at(), join(root, 'away'));
    await source.archive('a.log');
    expect(await readdir(root)).toEqual(['away']);
    await rename(join(root, 'away'), at());
  });

  test('a file that comes back after a rename by its sender is a new one', async () => {
    await writeFile(at('a.part'), 'x');
    expect(await source.list()).toEqual([]);
    await rename(at('a.part'), at('a.log'));
    expect(await source.list()).toHaveLength(1);
  });
});
