import { describe, expect, test } from 'vitest';
import { checkText } from './index.ts';

const top = 'version: 1\ntenant: acme\nchannels: {}\n';
const check = (text: string, env = {}) => checkText(`${top}${text}`, '/nowhere/clearport.yaml', env);

describe('the comparison and the ledgers of a configuration', () => {
  test('have defaults: nothing is carried anywhere', async () => {
    const { configuration } = await check('');
    expect(configuration?.recon).toEqual({ owners: {} });
    expect(configuration?.ledger).toEqual({});
  });

  test('are read, with paths made absolute and the URL out of sight', async () => {
    const text = `
recon: { owners: { fee: us, rejected: clearer } }
ledger:
  journal: { path: ledger/acme.journal }
  postgres: { url: "\${env:LEDGER_URL}" }
`;
    const url = 'postgres://clearport:canary-1f@127.0.0.1/ledger';
    const { configuration, findings } = await check(text, { LEDGER_URL: url });
    expect(findings).toEqual([]);
    expect(configuration?.recon).toEqual({
      owners: { fee: 'us', rejected: 'clearer' },
    });
    expect(configuration?.ledger?.journal).toEqual({ path: '/nowhere/ledger/acme.journal' });
    expect(configuration?.ledger?.postgres?.schema).toBe('clearport');
    expect(configuration?.ledger?.postgres?.url()).toBe(url);
    expect(JSON.stringify(configuration)).not.toContain('canary');
  });

  test.each([
    ['recon: { owners: { fee: finance } }', 'CONFIG_VALUE', 'recon.owners.fee'],
    ['recon: { owners: { fees: us } }', 'CONFIG_UNKNOWN_KEY', 'recon.owners.fees'],
    ['ledger: { journal: {} }', 'CONFIG_MISSING_KEY', 'ledger.journal.path'],
    [
      'ledger: { postgres: { url: "postgres://a:b@c/d" } }',
      'CONFIG_SECRET_IN_PLAIN_TEXT',
      'ledger.postgres.url',
    ],
    [
      `ledger: { postgres: { url: "\${env:U}", schema: "x; drop" } }`,
      'CONFIG_VALUE',
      'ledger.postgres.schema',
    ],
  ])('refuse %s', async (text, code, field) => {
    const { findings } = await check(`${text}\n`, { U: 'postgres://h/d' });
    expect(findings).toMatchObject([{ code, at: { line: 4, field } }]);
  });
});
