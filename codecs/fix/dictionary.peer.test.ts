import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { program, requirePeer } from '../../test/support/peer.ts';
import { loadQuickfixXml } from './dictionaries/quickfix-xml.ts';
import { standardTable } from './load-dictionary.ts';
import { corrected } from './tables/extract.ts';
import { plainTable } from './testing/plain-dictionary.ts';
import { applications, transport } from './versions.ts';

/**
 * Our tables against the dictionaries in the source package of Debian's QuickFIX, taken from the machine's own package
 * sources at test time and thrown away again: every field, type, enumeration, group, order and required flag.
 */
requirePeer(
  'the QuickFIX source package',
  program('apt-get', ['--version'], 'a Debian system has it'),
  () => {
    let dictionaries = '';
    beforeAll(() => {
      dictionaries = quickfixDictionaries();
    });

    test.each([...applications, transport])('%s has the same facts', (version) => {
      const name = version.replaceAll('.', '');
      const xml = readFileSync(join(dictionaries, `${name}.xml`), 'latin1').replace(/<!--[\s\S]*?-->/g, '');
      const table = plainTable(xml);
      expect(standardTable(version)).toEqual(corrected(table));
      // The reader itself, held against plain counts of the source: nothing was skipped.
      expect(Object.keys(table.fields).length).toBe(xml.match(/<field [^>]*number=/g)?.length);
      expect(Object.keys(table.messages).length).toBe(xml.match(/<message [^>]*name=/g)?.length);
      const values = Object.values(table.fields).reduce(
        (sum, [, , listed = {}]) => sum + Object.keys(listed).length,
        0,
      );
      const types =
        /<field [^>]*number='35'[^>]*>([\s\S]*?)<\/field>/.exec(xml)?.[1]?.match(/<value /g)?.length ?? 0;
      expect(values + types).toBe(xml.match(/<value [^>]*enum=/g)?.length);
      const groups =
        JSON.stringify([table.header, table.components, table.messages]).match(/\(/g)?.length ?? 0;
      expect(groups).toBe(xml.match(/<group [^>]*name=/g)?.length ?? 0);
    });

    test.each([
      ...applications,
      transport,
    ])('the dictionary of %s loads to the same table, and nothing is wrong with it', (version) => {
      const xml = readFileSync(join(dictionaries, `${version.replaceAll('.', '')}.xml`), 'latin1');
      const { table, issues } = loadQuickfixXml(xml);
      expect(issues).toEqual([]);
      expect(table && corrected(table)).toEqual(standardTable(version));
    });
  },
);
