import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeMx } from './decode.ts';
import { knownMessages, tableOf } from './schema-table.ts';
import { codeInWords, nameInWords } from './words.ts';

describe('names in words', () => {
  test.each([
    ['SfkpgAcct', 'Safekeeping account'],
    ['SctiesSttlmTxStsAdvc', 'Securities settlement transaction status advice'],
    ['DlvrgSttlmPties', 'Delivering settlement parties'],
    ['LastPgInd', 'Last page indicator'],
    ['AnyBIC', 'Any BIC'],
    ['ISIN', 'ISIN'],
    ['Pty1', 'Party 1'],
    ['Zzqx', 'Zzqx'],
  ])('%s is %s', (local, words) => {
    expect(nameInWords(local)).toBe(words);
  });

  test('nearly every word of the names of the catalogue is spelled out', () => {
    const names = new Set<string>();
    for (const message of knownMessages)
      for (const row of Object.values(tableOf(message)?.types ?? {}))
        if (typeof row === 'string')
          for (const [, name = ''] of row.matchAll(/(\w+)(?:[?*+]|\{\d+,\d+\})?:/g)) names.add(name);
    expect(names.size).toBeGreaterThan(1400);
    const short = [...names].filter((name) =>
      nameInWords(name)
        .split(' ')
        .some((word) => /^[b-df-hj-np-tv-xz]{3,}$/i.test(word) && word !== word.toUpperCase()),
    );
    expect(short.length / names.size).toBeLessThan(0.03);
  });

  test('a code means what it means under its element', () => {
    expect(codeInWords('BuySellInd', 'SELL')).toBe('sell');
    expect(codeInWords('Tp', 'SELL')).toBeUndefined();
    expect(codeInWords('CdtDbtInd', 'CRDT')).toBe('credit');
  });
});

test('the rows of a message have names, values, words and places; accounts are marked', () => {
  const bytes = readFileSync(new URL('samples/matched.xml', import.meta.url));
  const { message } = decodeMx({ bytes }, () => []);
  const rows = message?.rows?.() ?? [];
  expect(rows.map((row) => (row as { element: string }).element)).toEqual(['AppHdr', 'SctiesSttlmTxStsAdvc']);
  const text = JSON.stringify(rows);
  expect(text).toMatch(
    /"element":"Pmt","name":"Payment","value":"APMT","text":"against payment","line":\d+,"column":\d+/,
  );
  expect(text).toMatch(/"element":"Id","name":"Identification","value":"A1234567","personal":"account"/);
});
