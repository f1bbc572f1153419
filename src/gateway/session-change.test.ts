import { describe, expect, test } from 'vitest';
import { nameAmong } from './session-change.ts';

describe('a session of a channel with several', () => {
  test.each<[string, string[], string, string | undefined]>([
    ['by its whole name', ['FIRM-BRK1', 'FIRM-BRK2'], 'FIRM-BRK2', 'FIRM-BRK2'],
    ['by its counterparty', ['FIRM-BRK1', 'FIRM-BRK2'], 'BRK2', 'FIRM-BRK2'],
    ['by its counterparty, of which another ends alike', ['FIRM-X-BRK1', 'FIRM-BRK1'], 'BRK1', 'FIRM-BRK1'],
    ['not by the end of another counterparty', ['FIRM-X-BRK1', 'FIRM-BRK2'], 'BRK1', undefined],
    ['where we have a dash ourselves', ['MY-FIRM-BRK1', 'MY-FIRM-BRK2'], 'BRK1', 'MY-FIRM-BRK1'],
    ['not where it is not there', ['FIRM-BRK1'], 'BRK2', undefined],
  ])('is found %s', (_, names, asked, found) => {
    expect(nameAmong(names, asked)).toBe(found);
  });
});
