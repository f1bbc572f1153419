import { expect, test } from 'vitest';
import { recordFacts } from '../support/facts.ts';
import { seedOfRun } from '../support/seed.ts';
import type { DayMatrixOutcome } from './day-matrix.ts';
import { withDayServers } from './day-servers.ts';
import { realGateway } from './gateways.ts';

/** Ten plays and more of the trade days, each of another seed and killed up to twelve times, until 100 kills are done. */
const seed = seedOfRun();
const playsMin = 10;
const playsMax = 30;
const killsMin = 100;

withDayServers((play) => {
  test('100 kills over FIX, files and queue at once lose nothing and double nothing', async (context) => {
    const outcomes: DayMatrixOutcome[] = [];
    const kills = (): number => outcomes.reduce((sum, outcome) => sum + outcome.kills.length, 0);
    while (outcomes.length < playsMax && (outcomes.length < playsMin || kills() < killsMin)) {
      const own = seed + outcomes.length;
      const outcome = await play({ seed: own, executions: 2_000, start: realGateway });
      outcomes.push(outcome);
      expect(outcome.problems, `seed ${own}`).toEqual([]);
    }
    recordFacts(context, {
      seed: String(seed),
      plays: outcomes.length,
      kills: kills(),
      'at different entries': new Set(outcomes.flatMap((one, at) => one.kills.map((kill) => `${at} ${kill}`)))
        .size,
      entries: outcomes.reduce((sum, { entries }) => sum + entries, 0),
    });
    expect(kills()).toBeGreaterThanOrEqual(killsMin);
  });
});
