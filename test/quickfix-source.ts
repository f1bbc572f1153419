import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of QuickFIX's dictionaries (`FIX44.xml` …) out of Debian's source package, downloaded into `place` from the
 * machine's own package sources. Throws where that cannot be done; nothing of it is ever kept in the project.
 */
export function quickfixDictionaries(place: string): string {
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
  const archive = readdirSync(place).find((name) => name.endsWith('.orig.tar.gz')) ?? 'missing';
  execFileSync('tar', ['-xzf', archive, '--strip-components=1', '--wildcards', '*/spec/FIX4*.xml'], {
    cwd: place,
  });
  return join(place, 'spec');
}
