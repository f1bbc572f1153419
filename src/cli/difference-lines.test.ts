import { expect, test } from 'vitest';
import type { Differing, RecordText } from '../gateway/index.ts';
import { differenceLines } from './difference-lines.ts';

const plain = (_tone: string, text: string): string => text;
const none: Differing = { count: 0, first: [] };
const text = (record: number, shown: string): RecordText => ({
  record,
  shown: `${shown}\\x0d\\x0a`,
  bytes: Buffer.from(`${shown} in full\r\n`).toString('base64'),
});

test('what differs is counted, and the first of each kind stands with its place and its texts', () => {
  const difference = {
    changed: { count: 1, first: [{ booked: text(3, 'old'), restated: text(4, 'new') }] },
    added: { count: 12, first: [{ restated: text(2, 'more') }] },
    gone: { count: 1, first: [{ booked: text(9, 'less') }] },
  };
  expect(differenceLines(difference, false, plain)).toEqual([
    '',
    '  against the booked file: 1 changed, 12 added, 1 gone',
    '    changed: record 4, record 3 of the booked one',
    '      - old',
    '      + new',
    '    added: record 2',
    '      + more',
    '    and 11 more added',
    '    gone: record 9 of the booked one',
    '      - less',
  ]);
  expect(differenceLines(difference, true, plain)).toContain('      + more in full');
});

test('nothing that differs is said too', () => {
  expect(differenceLines({ changed: none, added: none, gone: none }, false, plain)).toEqual([
    '',
    '  against the booked file: the same records, at most in another order',
  ]);
});
