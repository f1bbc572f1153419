import { expect, test } from 'vitest';
import { seedOfRun } from '../support/seed.ts';
import type { DayMutantName } from './day-mutant-gateway.ts';
import { withDayServers } from './day-servers.ts';
import { dayMutantGateway, realGateway } from './gateways.ts';

const seed = seedOfRun();

withDayServers((play) => {
  test(`killed over FIX, files and queue at once, the days end as they were (seed ${seed})`, {
    timeout: 300_000,
  }, async () => {
    const { kills, problems } = await play({ seed, executions: 2_000, start: realGateway });
    process.stderr.write(`day matrix: seed ${seed}, ${kills.length} kills at ${kills.join(', ')} entries\n`);
    expect(problems).toEqual([]);
    expect(kills.length).toBeGreaterThan(3);
    expect(new Set(kills).size).toBeGreaterThan(2);
  });

  // What is wrong is where the promise is broken, and nowhere else: the runner of the mutants is right.
  test.each<{ readonly mutant: DayMutantName; readonly found: RegExp }>([
    { mutant: 'settle-before-commit', found: /^statuses: \d+ lost/ },
    { mutant: 'ledger-forgets', found: /^postings: / },
  ])('catches $mutant', { timeout: 300_000 }, async ({ mutant, found }) => {
    const start = dayMutantGateway(mutant);
    const { kills, problems } = await play({ seed, executions: 600, killsMax: 4, start });
    process.stderr.write(`${mutant}: after ${kills.length} kills: ${problems[0]}\n`);
    expect(problems).not.toEqual([]);
    expect(problems.filter((problem) => !found.test(problem))).toEqual([]);
  });
});
