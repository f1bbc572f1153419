import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelHead } from '../contract/log.ts';
import type { JsonValue } from '../core/json.ts';
import { positionsOf, type SessionPlace, sharedPlaces, solePlace, withPosition } from './session-places.ts';

const headOf = (position: JsonValue | undefined, epoch = 0): ChannelHead => ({
  channel: 'clients',
  sequence: 0,
  block: 0,
  chain: '',
  epoch,
  position,
});
const at = (nextIn: number, epoch = 0) => ({ epoch, nextIn, nextOut: 1 });
const empty = headOf(undefined);

describe('the sessions of one channel', () => {
  test('stand beside each other, and each commit carries all of them', () => {
    const places = sharedPlaces();
    const [one, two] = [places.place('ONE'), places.place('TWO')];
    for (const place of [places.own, one, two]) expect(place.take(empty)).toEqual(at(1));
    one.advance(at(5), false);
    const { position } = two.advance(at(9), false);
    const again = sharedPlaces();
    const head = headOf(position);
    expect(again.place('ONE').take(head)).toEqual(at(5));
    expect(again.place('TWO').take(head)).toEqual(at(9));
    expect(again.own.take(head)).toEqual(at(1));
    expect([...positionsOf(headOf(withPosition(head, 'ONE', at(7)))).values()]).toEqual([at(7), at(9)]);
  });

  test('come back as they were written, with all that is known of them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[!-.0-<>-~]{1,12}$/), { maxLength: 8 }),
        fc.infiniteStream(
          fc.record(
            {
              epoch: fc.nat(),
              nextIn: fc.integer({ min: 1, max: 2 ** 31 }),
              nextOut: fc.integer({ min: 1, max: 2 ** 31 }),
              since: fc.integer({ min: 0, max: 4e15 }),
              out: fc.constantFrom('A-B/0/out', 'A-B/7/out', 'other/3/out'),
            },
            { requiredKeys: ['epoch', 'nextIn', 'nextOut'] },
          ),
        ),
        (names, states) => {
          const places = sharedPlaces();
          places.own.take(empty);
          const all = new Map(names.map((name) => [name, states.next().value] as const));
          let position: JsonValue | undefined;
          for (const [name, state] of all) {
            const place = places.place(name);
            place.take(empty);
            position = place.advance(state, false).position;
          }
          expect(positionsOf(headOf(position))).toEqual(all);
        },
      ),
    );
  });

  test('a channel with one session is written as it always was', () => {
    const place = solePlace();
    place.take(empty);
    expect(place.advance(at(5), false)).toEqual({ position: at(5) });
    expect(place.advance(at(1, 1), true)).toEqual({ position: at(1, 1), epoch: 1 });
  });

  test('epochs of the log are counted over all of them', () => {
    const places = sharedPlaces();
    const [one, two] = [places.place('ONE'), places.place('TWO')];
    const head = headOf({ ...at(1), sessions: 'ONE 0 3 1 - -\nTWO 0 4 1 - -' }, 6);
    for (const place of [one, two]) place.take(head);
    expect(one.advance(at(1, 1), true).epoch).toBe(7);
    expect(two.advance(at(1, 1), true).epoch).toBe(8);
    expect(one.advance(at(2, 1), false).epoch).toBeUndefined();
  });

  test('a failure of one stops all until each has looked again', () => {
    const places = sharedPlaces();
    const [one, two] = [places.place('ONE'), places.place('TWO')];
    const take = (place: SessionPlace, head = empty) => place.take(head);
    for (const place of [one, two]) take(place);
    const { generation } = one;
    one.advance(at(50), false);
    two.advance(at(90), false);
    one.fail(generation);
    expect([one.failed, two.failed]).toEqual([true, true]);
    // The log has none of it: the first that looks forgets it for all.
    const committed = headOf({ ...at(1), sessions: 'ONE 0 2 1 - -\nTWO 0 3 1 - -' });
    expect(take(one, committed)).toEqual(at(2));
    expect([one.failed, two.failed]).toEqual([false, true]);
    expect(one.advance(at(4), false)).toMatchObject({
      position: { sessions: 'ONE 0 4 1 - -\nTWO 0 3 1 - -' },
    });
    // The second looks at a head that does not know yet what the first has on its way.
    expect(take(two, committed)).toEqual(at(3));
    expect(two.advance(at(8), false)).toMatchObject({
      position: { sessions: 'ONE 0 4 1 - -\nTWO 0 8 1 - -' },
    });
    // What was refused before comes late, and is over.
    two.fail(generation);
    expect([one.failed, two.failed]).toEqual([false, false]);
  });
});
