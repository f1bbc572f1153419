import { expect, test } from 'vitest';
import { recordFacts } from '../support/facts.ts';
import { seedOfRun } from '../support/seed.ts';
import { filesMatrix } from './files-matrix.ts';
import { realGateway } from './gateways.ts';
import { crashMatrix, type MatrixOutcome } from './matrix.ts';

/** 1,000 kills: ten data directories with 85 each over FIX, and 150 over files. */
const seed = seedOfRun();

test('850 kills over FIX lose nothing and double nothing', async (context) => {
  const outcomes: MatrixOutcome[] = [];
  for (let part = 0; part < 10; part++) {
    outcomes.push(await crashMatrix({ seed: seed + part, kills: 85, reportsMax: 600, start: realGateway }));
    expect(outcomes.at(-1)?.problems, `seed ${seed + part}`).toEqual([]);
  }
  judgeAll(context, outcomes, 850);
});

test('150 kills over files lose nothing and double nothing', async (context) => {
  const outcome = await filesMatrix({ seed, kills: 150, reportsMax: 2_000, start: realGateway });
  expect(outcome.problems, `seed ${seed}`).toEqual([]);
  judgeAll(context, [outcome], 150);
});

function judgeAll(
  context: Parameters<typeof recordFacts>[0],
  outcomes: readonly MatrixOutcome[],
  kills: number,
): void {
  const all = outcomes.flatMap((outcome) => outcome.kills);
  const inFlight = all.filter((kill) => kill.inFlight > 0).length;
  const sum = (pick: (outcome: MatrixOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  recordFacts(context, {
    seed: String(seed),
    kills: all.length,
    'with input in flight': inFlight,
    messages: sum(({ reports }) => reports),
    resends: sum(({ resends }) => resends),
    'repeated unasked': sum(({ unasked }) => unasked),
  });
  expect(all).toHaveLength(kills);
  expect(inFlight).toBeGreaterThan(kills / 2);
}
