import fc from 'fast-check';
import type { Fill, Told } from './history.ts';

/** What the order system tells, in order, and the fills that count at its end. */
export interface History {
  readonly told: readonly Told[];
  readonly counted: readonly Fill[];
}

const step = fc.record({
  kind: fc.constantFrom('fill', 'fill', 'fill', 'bust', 'correction', 'repeat'),
  pick: fc.nat(1_000_000),
  account: fc.constantFrom('A1', 'A2', 'A3'),
  security: fc.constantFrom('990000108', '990001106'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: fc.integer({ min: 1, max: 10_000 }),
  cents: fc.integer({ min: 1, max: 100_000 }),
  feeCents: fc.integer({ min: 0, max: 999 }),
});

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Histories of fills, busts, corrections and repeats. */
export function histories(minLength = 0, maxLength = 30): fc.Arbitrary<History> {
  return fc.array(step, { minLength, maxLength, size: 'max' }).map(historyOf);
}

/** One history of this many messages; the same for the same seed. */
export function longHistory(length: number, seed: number): History {
  const [found] = fc.sample(histories(length, length), { numRuns: 1, seed });
  return found ?? { told: [], counted: [] };
}

function historyOf(steps: readonly Step[]): History {
  const told: Told[] = [];
  const standing: Fill[] = [];
  for (const [number, { kind, pick, ...terms }] of steps.entries()) {
    const exec = `E${number}`;
    const at = standing.length === 0 ? -1 : pick % standing.length;
    const target = standing[at];
    const again = told[pick % Math.max(told.length, 1)];
    if (kind === 'repeat' && again !== undefined) told.push(again);
    else if (kind === 'bust' && target !== undefined) {
      told.push({ what: 'bust', exec, of: target });
      standing.splice(at, 1);
    } else if (kind === 'correction' && target !== undefined) {
      const fill = { ...terms, exec };
      told.push({ what: 'correction', exec, of: target.exec, fill });
      standing.splice(at, 1, fill);
    } else {
      const fill = { ...terms, exec };
      told.push({ what: 'fill', fill });
      standing.push(fill);
    }
  }
  return { told, counted: standing };
}
