import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso15022 } from '../../codecs/iso15022/index.ts';
import { iso20022 } from '../../codecs/iso20022/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/index.ts';
import { sampleContext } from '../sample-context.ts';
import { page } from './said.ts';
import { type StatementPage, writeMtStatement } from './write-mt.ts';
import { writeMxStatement } from './write-mx.ts';

/** A page of a statement in ISO 15022 and the same in ISO 20022 mean the same. */
function eventsOf(codec: Codec, bytes: Uint8Array): readonly Event[] {
  const { message, issues } = codec.decode({ bytes });
  expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
  return message === undefined ? [] : codec.normalize(message, sampleContext);
}

/** Everything but what the standards name differently: the type of the message in `message.unknown`. */
function meaning(event: Event) {
  return event.type === 'message.unknown' ? { ...event, data: {} } : event;
}

function facts({ holdings = [], totals = [], postings = [], pending = [], head }: StatementPage): number {
  const prices = holdings.reduce((sum, one) => sum + (one.prices?.length ?? 0), 0);
  const statuses = pending.reduce((sum, one) => sum + one.statuses.length, 0);
  return holdings.length + prices + totals.length + postings.length + statuses + (head.last ? 1 : 0);
}

describe('law: statements', () => {
  test('an MT and an MX mean the same, to the last attribute, where they say the same', () => {
    fc.assert(
      fc.property(page, (said) => {
        const mt = eventsOf(iso15022, writeMtStatement(said));
        const mx = eventsOf(iso20022, writeMxStatement(said));
        expect(mx.map(meaning)).toEqual(mt.map(meaning));
        expect(mt).toHaveLength(facts(said));
      }),
      { numRuns: 300 },
    );
  });

  test('each event of a page has an id of its own', () => {
    fc.assert(
      fc.property(page, (said) => {
        const ids = eventsOf(iso15022, writeMtStatement(said)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 100 },
    );
  });

  test('what was given to be written is said: quantities, sides and parts', () => {
    fc.assert(
      fc.property(page, (said) => {
        const told = eventsOf(iso20022, writeMxStatement(said));
        const positions = told.filter((event) => event.type === 'position.reported');
        const [first] = said.holdings ?? [];
        if (first !== undefined) {
          expect(positions[0]).toMatchObject({
            account: first.account ?? said.head.account,
            security: { id: first.cusip, scheme: 'cusip' },
            unit: first.unit,
            data: {
              quantity: first.quantity,
              basis: said.head.basis === 'SETT' ? 'settlement-date' : 'trade-date',
            },
          });
        }
        const closed = told.filter(({ type }) => type === 'snapshot.closed');
        expect(closed).toHaveLength(said.head.last ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});
