import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type FixTable, loadDictionary } from './index.ts';
import { extractTable } from './tables/extract.ts';

/**
 * Our tables against the dictionaries in the source package of Debian's QuickFIX, taken from the machine's own package
 * sources at test time and thrown away again: every field, type, enumeration, group, order and required flag.
 */
requirePeer(
  'the QuickFIX source package',
  program('apt-get', ['--version'], 'a Debian system has it'),
  () => {
    const place = tempDirectory('quickfix-source', afterAll);

    beforeAll(() => {
      const sources = join(place, 'sources');
      mkdirSync(join(place, 'lists', 'partial'), { recursive: true });
      mkdirSync(sources);
      const own = '/etc/apt/sources.list.d';
      for (const file of readdirSync(own).filter((name) => name.endsWith('.sources'))) {
        const text = readFileSync(join(own, file), 'utf8').replace(/^Types:.*$/gm, 'Types: deb-src');
        writeFileSync(join(sources, file), text);
      }
      const options = [
        '-q',
        '-o',
        'Dir::Etc::SourceList=/dev/null',
        '-o',
        `Dir::Etc::SourceParts=${sources}`,
      ];
      const apt = (...args: string[]): void =>
        run('apt-get', [...options, '-o', `Dir::State::Lists=${join(place, 'lists')}`, ...args]);
      apt('update');
      apt('source', '--download-only', 'quickfix');
      const archive = readdirSync(place).find((name) => name.endsWith('.orig.tar.gz')) ?? 'missing';
      run('tar', ['-xzf', archive, '--strip-components=1', '--wildcards', '*/spec/FIX4*.xml']);
    });

    function run(command: string, args: readonly string[]): void {
      const { status, stderr } = spawnSync(command, args, { cwd: place, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    }

    test.each(['FIX42', 'FIX44'])('%s has the same facts', (name) => {
      const xml = readFileSync(join(place, 'spec', `${name}.xml`), 'latin1');
      const table = JSON.parse(
        readFileSync(new URL(`./tables/${name}.json`, import.meta.url), 'utf8'),
      ) as FixTable;
      expect(table).toEqual(extractTable(xml));
      // The reader itself, held against plain counts of the source: nothing was skipped.
      expect(Object.keys(table.fields).length).toBe(xml.match(/<field number=/g)?.length);
      expect(Object.keys(table.messages).length).toBe(xml.match(/<message name=/g)?.length);
      const values = Object.values(table.fields).reduce(
        (sum, [, , listed = {}]) => sum + Object.keys(listed).length,
        0,
      );
      expect(values).toBe(xml.match(/<value enum=/g)?.length);
      const groups = JSON.stringify([table.header, table.components, table.messages]).match(/\(/g)?.length;
      expect(groups).toBe(xml.match(/<group name=/g)?.length);
    });

    test('the tables of other versions are read by the same reader', () => {
      const xml = readFileSync(join(place, 'spec', 'FIX43.xml'), 'latin1');
      expect(Object.keys(extractTable(xml).messages)).toContain('AE');
      expect(loadDictionary('FIX.4.3').version).toBe('FIX.4.4');
    });
  },
);
