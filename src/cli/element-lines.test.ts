import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elementLines } from './element-lines.ts';
import { runCli } from './testing/in-process.ts';

const rows = [
  {
    element: 'SfkpgAcct',
    name: 'Safekeeping account',
    line: 2,
    column: 3,
    items: [
      { element: 'Id', name: 'Identification', value: 'A1234567', personal: 'account', line: 3, column: 5 },
      {
        element: 'Amt',
        name: 'Amount',
        value: '5',
        attributes: [
          { name: 'Ccy', value: 'USD' },
          { name: 'x', value: 'y' },
        ],
        line: 4,
        column: 5,
      },
      { element: 'Pmt', name: 'Payment', value: 'APMT', text: 'against payment', line: 4, column: 30 },
    ],
  },
];

test('elements are shown as they are on the wire, with names and words behind them, and issues below', () => {
  const at = (line?: number, column?: number) => ({ ...(line && { line }), ...(column && { column }) });
  const issue = (code: string, line?: number, column?: number) =>
    ({ code, severity: 'warning', message: 'why', at: at(line, column) }) as const;
  const issues = [
    issue('NONE'),
    issue('FIRST', 1, 1),
    issue('AMT', 4, 5),
    issue('PMT', 4, 31),
    issue('ACCT', 2, 3),
  ];
  const { lines, left } = elementLines(rows, issues, false, ({ code }) => code);
  expect(lines).toEqual([
    '  SfkpgAcct                                     Safekeeping account',
    '    ^ ACCT',
    '    Id ******67                                 Identification',
    '    Amt 5 USD x="y"                             Amount',
    '      ^ AMT',
    '    Pmt APMT                                    Payment                         against payment',
    '      ^ PMT',
  ]);
  expect(left.map(({ code }) => code)).toEqual(['NONE', 'FIRST']);
  expect(elementLines(rows, [], true, () => '').lines[1]).toContain('A1234567');
});

test('decode of an ISO 20022 message reads without a manual, with what is wrong beside its element', async () => {
  const sample = new URL('../../codecs/iso20022/samples/schema-issues.xml', import.meta.url);
  const { stdout } = await runCli(['decode', '-'], { input: readFileSync(sample, 'utf8') });
  const lines = stdout.split('\n');
  expect(lines[0]).toContain(
    'ISO 20022 Securities Settlement Transaction Status Advice(sese.024.001.13)  not ok',
  );
  const quantity = lines.findIndex((line) => /^ +SttlmQty +Settlement quantity$/.test(line));
  expect(quantity).toBeGreaterThan(0);
  expect(lines[quantity + 3]).toMatch(/^ +\^ warning MX_VALUE: .*17 digits behind the point/);
});
