import { describe, test } from 'vitest';
import { expectTruth, versions } from '../../test/fix-laws/laws.ts';
import { randomOf } from '../../test/mutation.ts';
import { seedOfRun } from '../../test/support/seed.ts';

const seed = seedOfRun();

describe.each(versions)(`every type of $name, CLEARPORT_SEED=${seed}`, (version) => {
  test.each(
    Object.keys(version.table.messages),
  )('%s is judged as by a validator that can be seen through', (type) => {
    const random = randomOf(seed);
    for (let round = 0; round < 40; round++) expectTruth(version, type, random, round % 5);
  }, 60_000);
});
