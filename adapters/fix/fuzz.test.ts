import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greeted } from './testing/expect-transcript.ts';
import { bench, play } from './testing/transcript.ts';

/** Values that a session looks at, right and wrong. */
const value = fc.oneof(
  fc.integer({ min: -2, max: 40 }).map(String),
  fc.constantFrom('Y', 'N', '@0', '@-5', '@500', 'US', 'THEM', '9007199254740993', '00', '1e3', '', '\u00ff'),
);
const field = fc.tuple(
  fc.constantFrom(34, 43, 49, 52, 56, 97, 122, 7, 16, 36, 123, 98, 108, 141, 789, 112, 58, 45, 553, 554),
  value,
);
const message = fc
  .tuple(
    fc.constantFrom('0', '1', '2', '3', '4', '5', 'A', 'U8', '8', '', '*'),
    fc.integer({ min: 0, max: 12 }),
    fc.array(field, { maxLength: 5 }),
  )
  .map(
    ([type, number, fields]) =>
      `< ${[`35=${type}`, `34=${number}`, ...fields.map(([tag, text]) => `${tag}=${text}`)].join('|')}`,
  );
const step = fc.oneof(
  { weight: 8, arbitrary: message },
  { weight: 2, arbitrary: fc.constantFrom('send U9|58=x', 'garbage', '+3s', 'logout') },
  { weight: 1, arbitrary: fc.constantFrom('drop\nconnect', '+40s') },
);

test('whatever a peer says, the session neither throws, nor takes a number twice, nor goes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const table = bench({ checkLatency: false });
      let before = table.store.state;
      for (const line of [greeted, ...steps]) {
        await play(table, line);
        const { state } = table.store;
        const forward = state.nextIn >= before.nextIn && state.nextOut >= before.nextOut;
        expect(state.epoch > before.epoch || (state.epoch === before.epoch && forward)).toBe(true);
        expect(state).toEqual(table.machine.core.state);
        before = state;
      }
      const numbers = table.store.frames.flatMap(({ origin }) =>
        'ordinal' in origin ? [`${origin.scope}:${origin.ordinal}`] : [],
      );
      expect(new Set(numbers).size).toBe(numbers.length);
    }),
    { numRuns: 300 },
  );
});
