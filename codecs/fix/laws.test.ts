import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectTruth, versions } from '../../test/fix-laws/laws.ts';
import { randomOf } from '../../test/mutation.ts';

describe.each(versions)('messages of $name', (version) => {
  const types = Object.keys(version.table.messages);

  test('are judged as by a validator that can be seen through', () => {
    const anyType = fc.constantFrom(...types);
    const law = fc.property(anyType, fc.integer(), fc.nat({ max: 4 }), (type, seed, changes) => {
      expectTruth(version, type, randomOf(seed), changes);
    });
    fc.assert(law, { numRuns: 60 });
  });
});
