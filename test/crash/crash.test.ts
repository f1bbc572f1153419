import { expect, test } from 'vitest';
import { seedOfRun } from '../support/seed.ts';
import { filesMatrix } from './files-matrix.ts';
import { realGateway } from './gateways.ts';
import { crashMatrix } from './matrix.ts';

/** A first look at every change; the 50 kills of CI stand in `crash-matrix.peer.test.ts`. */
const seed = seedOfRun();

test('three kills over FIX lose nothing and double nothing', { timeout: 120_000 }, async () => {
  const outcome = await crashMatrix({ seed, kills: 3, reportsMax: 300, start: realGateway });
  expect(outcome.problems, `seed ${seed}`).toEqual([]);
});

test('three kills over files lose nothing and double nothing', { timeout: 120_000 }, async () => {
  const outcome = await filesMatrix({ seed, kills: 3, reportsMax: 300, start: realGateway });
  expect(outcome.problems, `seed ${seed}`).toEqual([]);
});
