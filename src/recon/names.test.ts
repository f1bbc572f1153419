import { expect, test } from 'vitest';
import { type NamedSecurity, namesOf, plainSymbol } from './names.ts';
import type { Evidence } from './terms.ts';

const date = '2026-11-11';
const evidence: Evidence = { side: 'theirs', offset: 1, what: 'identifier change', source: 'activity' };
const row = (name: string, symbol?: string): NamedSecurity => ({
  name,
  current: true,
  ...(symbol !== undefined && { symbol }),
});

test.each(['BRK.B', 'BRK B', 'BRK/B', 'brk-b', 'BRK  B'])('%s is BRK B', (symbol) => {
  expect(plainSymbol(symbol)).toBe('BRK B');
});

test.each([
  ['an ISIN holds the CUSIP', 'isin:US9900001080', row('cusip:990000108'), 'cusip:990000108'],
  ['a symbol is that of their row', 'symbol:ABCD', row('cusip:990000108', 'ABCD'), 'cusip:990000108'],
  ['another symbol is another security', 'symbol:ABC', row('cusip:990000108', 'ABCD'), 'symbol:ABC'],
  ['an ISIN of elsewhere is no CUSIP', 'isin:GB9900001080', row('cusip:990000108'), 'isin:GB9900001080'],
])('%s', (_why, ours, theirs, canonical) => {
  const names = namesOf([{ name: ours }], [theirs], [], date);
  expect(names.canonical(ours)).toBe(canonical);
  expect(names.others).toEqual([]);
});

test('a clearer that reports symbols alone is compared by them', () => {
  const names = namesOf([{ name: 'cusip:990000108', symbol: 'BRK.B' }], [row('symbol:BRK B')], [], date);
  expect(names.canonical('cusip:990000108')).toBe('symbol:BRK B');
  expect(names.others).toMatchObject([{ by: 'separator' }]);
});

test('two identifiers with one symbol are two securities, until somebody says more', () => {
  const ours = [{ name: 'cusip:990000108', symbol: 'ABCD' }];
  const theirs = [row('cusip:990000207', 'ABCD')];
  expect(namesOf(ours, theirs, [], date).canonical('cusip:990000108')).toBe('cusip:990000108');
  const described = new Map([
    ['cusip:990000108', 'cusip:990000108'],
    ['cusip:990000207', 'cusip:990000108'],
  ]);
  expect(namesOf(ours, theirs, [], date, described).canonical('cusip:990000108')).toBe('cusip:990000207');
});

test('the separator of a share class is another name of one security, and told as such', () => {
  const names = namesOf([{ name: 'symbol:BRK.B' }], [row('cusip:999000102', 'BRK B')], [], date);
  expect(names.others).toEqual([
    { name: 'symbol:BRK.B', canonical: 'cusip:999000102', by: 'separator', evidence: [] },
  ]);
});

test('a changed name leads to the last one, from its date on, and never in a circle', () => {
  const change = (former: string, next: string, effective: string) => ({ former, next, effective, evidence });
  const chain = [change('cusip:A', 'cusip:B', '2026-11-10'), change('cusip:B', 'cusip:C', '2026-11-11')];
  const ours = [{ name: 'cusip:A' }];
  expect(namesOf(ours, [row('cusip:C')], chain, date).canonical('cusip:A')).toBe('cusip:C');
  expect(namesOf(ours, [row('cusip:B')], chain, '2026-11-10').canonical('cusip:A')).toBe('cusip:B');
  expect(namesOf(ours, [row('cusip:A')], chain, '2026-11-09').canonical('cusip:A')).toBe('cusip:A');
  const circle = [...chain, change('cusip:C', 'cusip:A', '2026-11-11')];
  expect(namesOf(ours, [row('cusip:C')], circle, date).canonical('cusip:A')).toBe('cusip:C');
});
