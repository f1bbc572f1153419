import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The unpacked source tree of Debian's quickfix package: dictionaries in `spec`, the acceptance pack and its Ruby runner in
 * `test`, the engine and the acceptance server in `src`. It is downloaded from the machine's own package sources and kept in the
 * system's temporary folder for the next asker; nothing of it is ever kept in the project. Read only: who compiles or runs
 * something in it works on a copy. Throws where it cannot be had.
 */
export function quickfixSource(): string {
  const kept = join(tmpdir(), `clearport-quickfix-source-${process.getuid?.() ?? 0}`);
  if (existsSync(kept)) return kept;
  const place = mkdtempSync(`${kept}-`);
  try {
    download(place);
    const archive = readdirSync(place).find((name) => name.endsWith('.orig.tar.gz')) ?? 'missing';
    const tree = join(place, 'tree');
    mkdirSync(tree);
    execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', tree], { cwd: place });
    giveName(tree, kept);
    return kept;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The folder of QuickFIX's dictionaries: `FIX40.xml` to `FIX50SP2.xml`, `FIXT11.xml`. */
export function quickfixDictionaries(): string {
  return join(quickfixSource(), 'spec');
}

/** Two may ask at the same time; one of them comes first, and both have the same tree. */
function giveName(tree: string, kept: string): void {
  try {
    renameSync(tree, kept);
  } catch (cause) {
    if (!existsSync(kept)) throw cause;
  }
}

function download(place: string): void {
  const sources = join(place, 'sources');
  mkdirSync(join(place, 'lists', 'partial'), { recursive: true });
  mkdirSync(sources, { recursive: true });
  const own = '/etc/apt/sources.list.d';
  for (const file of readdirSync(own).filter((name) => name.endsWith('.sources'))) {
    const text = readFileSync(join(own, file), 'utf8').replace(/^Types:.*$/gm, 'Types: deb-src');
    writeFileSync(join(sources, file), text);
  }
  const options = [
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${sources}`,
    `Dir::State::Lists=${join(place, 'lists')}`,
  ];
  const apt = (...args: string[]): void => {
    execFileSync('apt-get', ['-q', ...options.flatMap((option) => ['-o', option]), ...args], {
      cwd: place,
      stdio: 'pipe',
    });
  };
  apt('update');
  apt('source', '--download-only', 'quickfix');
}
