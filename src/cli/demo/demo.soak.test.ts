import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tradeDayCases } from '../../../certification/simulators/trade-day/index.ts';
import { demoMs, runDemo, verdictsIn } from '../../../test/support/demo.ts';
import { recordFacts } from '../../../test/support/facts.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { judgedBreaks, plantedBreaks } from '../testing/planted-breaks.ts';

/** Verdicts that depend on others: a file that is not there is not taken in, and heals nothing. */
const consequences = ['executions', 'files', 'late', 'healed-short', 'healed-absent', 'nothing-else'];
/** What a case alone brings with it: another book of ours, and a position that nobody lists. */
const ofOneCase: Readonly<Record<string, readonly string[]>> = {
  twins: ['book'],
  bust: ['book'],
  correction: ['book'],
  corrected: ['timing'],
};

describe('each case of the demonstration, left out alone', () => {
  test.each(tradeDayCases.filter((name) => !plantedBreaks.has(name)))('%s is missed by name', {
    timeout: demoMs,
  }, async (name) => {
    const { code, stdout } = await runDemo(join(tempDirectory('demo'), 'kept'), '--leave-out', name);
    expect(code, stdout).toBe(1);
    const missed = Object.entries(verdictsIn(stdout)).flatMap(([one, is]) => (is === 'found' ? [] : [one]));
    expect(missed).toContain(name);
    const known = new Set([name, ...consequences, ...(ofOneCase[name] ?? [])]);
    expect(missed.filter((one) => !known.has(one))).toEqual([]);
  });

  test('breaks are missed by name, and no other', async (context) => {
    const left = tradeDayCases.filter((name) => plantedBreaks.has(name) && name !== 'timing');
    for (const name of left) {
      const { missed } = await judgedBreaks(tempDirectory('demo'), [name]);
      // What our order system tells otherwise makes another book of ours, too.
      expect(missed.filter((one) => one !== 'book')).toEqual([name]);
    }
    recordFacts(context, { cases: left.length });
  });
});
