import { describe, expect, test } from 'vitest';
import { runCli } from './testing/in-process.ts';
import { rowPlaces, treeLines } from './tree-lines.ts';

const rows = [
  {
    sequence: 'GENL',
    id: 'A',
    name: 'General Information',
    at: 10,
    items: [
      { tag: '22H', qualifier: 'PAYM', name: 'Payment', value: 'APMT', text: 'Against payment', at: 20 },
      {
        tag: '97A',
        qualifier: 'SAFE',
        name: 'Safekeeping account',
        value: 'A1234567',
        personal: 'account',
        at: 30,
      },
      { sequence: 'ODDS', at: 40, items: [{ tag: '70E', qualifier: 'SPRO', value: 'ONE\r\nTWO', at: 50 }] },
    ],
  },
];

describe('rows of a message in sequences', () => {
  test('are shown as they are on the wire, with names and words behind them', () => {
    const lines = treeLines(rows, false, (at) => (at === 20 ? ['warning X: why'] : []));
    expect(lines[0]).toBe('  GENL  General Information (A)');
    expect(lines[1]).toMatch(/^ {4}:22H::PAYM\/\/APMT +Payment +Against payment$/);
    expect(lines[2]).toBe('      ^ warning X: why');
    expect(lines[3]).toMatch(/^ {4}:97A::SAFE\/\/\*{6}67 +Safekeeping account$/);
    expect(lines[4]).toBe('    ODDS  (not in the structure)');
    expect(lines.slice(5)).toEqual(['      :70E::SPRO//ONE', '          TWO']);
    expect(treeLines(rows, true, () => [])[2]).toContain('A1234567');
  });

  test('begin where they say', () => {
    expect(rowPlaces(rows)).toEqual([10, 20, 30, 40, 50]);
  });
});

describe('decode of an ISO 15022 message', () => {
  const wire = [
    '{1:F01HALYUS33AXXX1234567890}{2:I548DTCYUS33XXXXN}{4:',
    ':16R:GENL',
    ':20C::SEME//ST1',
    ':23G:INST',
    ':16R:LINK',
    ':20C::RELA//INS1',
    ':16S:LINK',
    ':16R:STAT',
    ':25D::SETT/PENF',
    ':16S:STAT',
    ':16S:GENL',
    '-}',
  ].join('\r\n');

  test('reads without a manual, with what is wrong beside its field', async () => {
    const { stdout } = await runCli(['decode', '-'], { input: wire });
    const lines = stdout.split('\n');
    expect(lines[0]).toContain('ISO 15022 Settlement Status and Processing Advice(MT548)  ok');
    expect(lines[1]).toBe('  from HALYUS33 to DTCYUS33');
    const status = lines.findIndex((line) => /:25D::SETT\/\/PENF +Settlement status +Failing$/.test(line));
    expect(status).toBeGreaterThan(0);
    expect(lines[status + 1]).toMatch(/^ +\^ warning MT_FIELD_FORMAT: .*\(byte \d+\)$/);
  });
});
