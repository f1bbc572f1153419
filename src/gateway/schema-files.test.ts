import { describe, expect, test } from 'vitest';
import { keysAt } from '../core/json-schema.ts';
import { checkText, configurationSchema } from './index.ts';

const text = (files: string): string => `version: 1
tenant: acme
channels:
  landing:
    adapter: directory
    codec: fix
    perspective: clearer
    options: { path: ./in }
    files:
${files}
`;
const check = (files: string) => checkText(text(files), '/etc/clearport/clearport.yaml', {});

describe('files', () => {
  test('takes done files, restatements and expected arrivals', async () => {
    const { configuration, findings } = await check(`
      key: '^pos-(?<key>(?<date>\\d{8}))\\.txt$'
      doneFile: '{stem}.done'
      restated: supersede
      expect:
        - { name: positions, pattern: '^POS', cycle: EOD, due: "06:30", days: settlement, graceMinutes: 15 }
        - { name: cash, pattern: '^CASH', due: "07:00", speaksOf: previous-trading-day }`);
    expect(findings).toEqual([]);
    expect(configuration?.channels.get('landing')?.files).toEqual({
      key: '^pos-(?<key>(?<date>\\d{8}))\\.txt$',
      pollMs: 5000,
      settlePolls: 2,
      doneFile: '{stem}.done',
      restated: 'supersede',
      expect: [
        {
          name: 'positions',
          pattern: '^POS',
          cycle: 'EOD',
          due: '06:30',
          days: 'settlement',
          speaksOf: 'same-day',
          graceMinutes: 15,
        },
        {
          name: 'cash',
          pattern: '^CASH',
          due: '07:00',
          days: 'trading',
          speaksOf: 'previous-trading-day',
          graceMinutes: 0,
        },
      ],
    });
  });

  test('holds restatements where nothing is said', async () => {
    expect((await check('      pollMs: 100')).configuration?.channels.get('landing')?.files).toEqual({
      key: '.+',
      pollMs: 100,
      settlePolls: 2,
      restated: 'hold',
    });
  });

  test.each([
    ['doneFile: whole.done', 'must hold {name} or {stem}'],
    ['restated: replace', 'must be one of hold, supersede'],
    ['expect: [{ name: a, pattern: "(", due: "06:30" }]', 'must be a regular expression'],
    ['expect: [{ name: a, pattern: x, due: "6:30" }]', 'must be a time from 00:00 to 23:59'],
    ['expect: [{ name: A B, pattern: x, due: "06:30" }]', 'must be lower-case letters'],
    ['expect: [{ name: a, pattern: x, due: "06:30", days: weekdays }]', 'must be one of trading'],
    ['expect: [{ name: a, pattern: x, due: "06:30", grace: 5 }]', '"grace" is no key here'],
    ['expect: [{ name: a, due: "06:30" }]', '"pattern" is missing'],
    [
      'expect: [{ name: a, pattern: x, due: "06:30" }, { name: a, pattern: y, due: "07:00" }]',
      'must have names that differ',
    ],
  ])('%s is told: %s', async (line, message) => {
    const { configuration, findings } = await check(`      ${line}`);
    expect(configuration).toBeUndefined();
    expect(findings.map((finding) => finding.message).join()).toContain(message);
    expect(findings[0]?.at?.line).toBe(10);
  });

  test('is known to editors, expected arrivals too', () => {
    const keys = keysAt(configurationSchema() as never, ['channels', 'any', 'files', 'expect', 0]);
    expect(new Set(keys)).toEqual(
      new Set(['name', 'pattern', 'cycle', 'due', 'days', 'speaksOf', 'graceMinutes']),
    );
  });
});
