import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { builtIn, checkText } from './index.ts';

const sample = readFileSync(
  new URL('../../codecs/fix/dictionaries/samples/drop-copy.yaml', import.meta.url),
  'utf8',
);

function check(directory: string, channel: string) {
  const text = `version: 1\ntenant: acme\nchannels:\n  copy:\n    perspective: clearer\n${channel}`;
  return checkText(text, join(directory, 'clearport.yaml'), {}, builtIn());
}

const session = (dictionary: string): string => `    adapter: fix
    options: { role: initiator, host: 127.0.0.1, port: 9878, beginString: FIX.4.2, senderCompId: US, targetCompId: VENUE${dictionary} }
`;

test('a session and its channel read by the dictionary that the options name', async () => {
  const directory = tempDirectory('dictionary');
  writeFileSync(join(directory, 'mine.yaml'), sample);
  const plain = await check(directory, session(''));
  const named = await check(directory, session(', dictionary: ./mine.yaml'));
  expect([plain.findings, named.findings]).toEqual([[], []]);
  const [usual, own] = [plain, named].map(({ configuration }) => configuration?.channels.get('copy'));
  expect(own?.codec).toBe('fix');
  expect(own?.codecs?.map(({ id }) => id)).toEqual(['fix']);
  expect(own?.codecs?.[0]?.fingerprint).not.toBe(usual?.codecs?.[0]?.fingerprint);
  expect(own?.options()).toMatchObject({ dictionary: join(directory, 'mine.yaml') });
});

test('files are read by a dictionary as their codec', async () => {
  const directory = tempDirectory('dictionary');
  writeFileSync(join(directory, 'mine.yaml'), sample);
  const files = '    adapter: directory\n    codec: fix:./mine.yaml\n    options: { path: in }\n';
  const { configuration, findings } = await check(directory, files);
  expect(findings).toEqual([]);
  expect(configuration?.channels.get('copy')?.codecs?.[0]?.id).toBe('fix');
});

test('what is wrong in a dictionary is told with its place in the dictionary', async () => {
  const directory = tempDirectory('dictionary');
  writeFileSync(join(directory, 'mine.yaml'), sample.replace('LastShares', 'LastQty'));
  const { configuration, findings } = await check(directory, session(', dictionary: ./mine.yaml'));
  expect(configuration).toBeUndefined();
  expect(findings).toMatchObject([
    {
      code: 'DICTIONARY_REFERENCE',
      file: join(directory, 'mine.yaml'),
      at: { field: 'messages.8.require.0' },
    },
  ]);
  const missing = await check(directory, session(', dictionary: ./none.xml'));
  expect(missing.findings).toMatchObject([{ code: 'CONFIG_VALUE' }]);
});
