import { describe, expect, test } from 'vitest';
import type { Dictionary } from '../dictionary.ts';
import { openDictionary } from './open-dictionary.ts';

/** Application messages of FIX 5.0 SP2, as a venue publishes them: the header is FIXT's. */
const venue = `<fix type='FIX' major='5' minor='0' servicepack='2'>
 <messages><message name='Quotation' msgcat='app' msgtype='U7'>
  <field name='BlobSize' required='N'/><field name='Blob' required='N'/>
 </message></messages>
 <components/>
 <fields>
  <field number='7001' name='BlobSize' type='LENGTH'/>
  <field number='7002' name='Blob' type='DATA'/>
  <field number='7101' name='OtherSize' type='LENGTH'/>
 </fields>
</fix>`;

const over = (base: string, changes: string): string =>
  `dialect: mine\nversion: "1"\ntitle: Mine\nextends: ${base}\nsource: a test\n${changes}`;

const pairs = (dictionary: Dictionary | undefined): Record<number, number> =>
  Object.fromEntries(
    [...(dictionary?.dataOf ?? []).entries()].filter(([length, data]) => length >= 5000 && data !== 0),
  );

describe('lengths of a venue data fields', () => {
  test('count over FIXT as well', () => {
    const { dictionary } = openDictionary(venue);
    expect(pairs(dictionary?.lookup('FIXT.1.1', '9'))).toEqual({ 7001: 7002 });
  });

  const named = over(
    'FIX.4.4',
    'fields: { 7001: { name: BlobSize, type: LENGTH }, 7010: { name: Blob, type: DATA, lengthField: 7001 } }',
  );
  const files: Readonly<Record<string, string>> = { './venue.xml': venue, './named.yaml': named };
  const opened = (text: string): Dictionary | undefined => {
    const { dictionary, issues } = openDictionary(text, { read: (path) => files[path] });
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    return dictionary?.lookup(text.includes('venue.xml') ? 'FIXT.1.1' : 'FIX.4.4', '9');
  };

  test('are those of the dictionary that a dialect extends', () => {
    expect(pairs(opened(over('./venue.xml', 'fields: { 58: { name: FreeText, type: STRING } }')))).toEqual({
      7001: 7002,
    });
    const more = 'fields: { 7201: { name: NoteLen, type: LENGTH }, 7202: { name: Note, type: DATA } }';
    expect(pairs(opened(over('./named.yaml', more)))).toEqual({ 7001: 7010, 7201: 7202 });
  });

  test('that a dialect names have to be lengths', () => {
    const { issues } = openDictionary(named.replace('lengthField: 7001', 'lengthField: 58'));
    expect(issues.map(({ code, message }) => `${code} ${message}`)).toContain(
      'DIALECT_CHANGE Text(58) is no field that says a length',
    );
  });

  test('go with their fields', () => {
    expect(pairs(opened(over('./named.yaml', 'fields: { 7010: { remove: true } }')))).toEqual({});
  });
});
