import { describe, expect, test } from 'vitest';
import { crossChecked } from '../../test/mx/cross-check.ts';
import { knownMessages } from './schema-table.ts';

describe('validation agrees with libxml2 on many documents', () => {
  test.each(knownMessages)('%s', (message) => {
    const { disagreed, valid } = crossChecked(message, { documents: 12, mutants: 60, seed: 2 });
    expect(disagreed).toEqual([]);
    expect(valid).toBeGreaterThanOrEqual(12);
  });
});
