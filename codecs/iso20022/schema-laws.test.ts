import { describe, expect, test } from 'vitest';
import { crossChecked } from '../../test/mx/cross-check.ts';
import { knownMessages } from './schema-table.ts';

describe('validation agrees with libxml2 on valid and on changed documents', () => {
  test.each(knownMessages)('%s', (message) => {
    const { valid, invalid, disagreed } = crossChecked(message, { documents: 3, mutants: 10, seed: 1 });
    expect(disagreed).toEqual([]);
    expect(valid).toBeGreaterThanOrEqual(3);
    expect(invalid).toBeGreaterThan(5);
  });
});
