import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import { harmless } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { fix, writeFix } from './index.ts';
import { dateInZone } from './trade-date.ts';

function eventsOf(sample: string, context: Partial<NormalizeContext> = {}): readonly Event[] {
  const bytes = readFileSync(new URL(`./samples/${sample}.fix`, import.meta.url));
  const { message } = fix.decode({ bytes });
  return message === undefined ? [] : fix.normalize(message, { ...sampleContext, ...context });
}

describe('the context', () => {
  test('names the reporter and what its ids are unique in', () => {
    const [event] = eventsOf('execution-44-partial-fill', { reportedBy: 'CLR', keyScope: 'arca' });
    expect(event?.reportedBy).toBe('CLR');
    expect(event?.businessKey).toBe('trade|CLR|arca|2026-11-10|EX-5001|buy');
  });

  test('does not name the other side as the reporter of what we sent', () => {
    const [event] = eventsOf('session-reject', { direction: 'out', reportedBy: 'CLR' });
    expect([event?.type, event?.id]).toEqual(['message.refused', 'sample/SAMPLE/1/in:7#reject@0']);
  });

  test('has the zone in which a missing trade date is computed', () => {
    const dateIn = (zone: string): unknown => {
      const [event] = eventsOf('execution-44-no-trade-date', { zone });
      return event?.type === 'trade.executed' && event.data.tradeDate;
    };
    expect(['America/New_York', 'UTC', 'Asia/Kolkata'].map(dateIn)).toEqual([
      '2026-11-10',
      '2026-11-11',
      '2026-11-11',
    ]);
  });
});

describe('one fact', () => {
  const keyOf = (sample: string): string | undefined => eventsOf(sample)[0]?.businessKey;

  test('has one key, however often it is sent', () => {
    const again = [
      'execution-44-possible-duplicate',
      'execution-44-possibly-resent',
      'execution-44-custom-tags',
    ];
    expect(new Set([keyOf('execution-44-partial-fill'), ...again.map(keyOf)]).size).toBe(1);
  });

  test('is another one under another ExecID(17), everything else the same', () => {
    expect(keyOf('execution-44-identical-fill')).not.toBe(keyOf('execution-44-partial-fill'));
  });

  test.each([
    ['execution-44-corrected', 'replaces', 'execution-44-partial-fill'],
    ['execution-44-busted', 'reverses', 'execution-44-identical-fill'],
    ['execution-42-correct', 'replaces', 'execution-42-fill'],
    ['execution-42-cancel', 'reverses', 'execution-42-fill'],
    ['capture-replace', 'replaces', 'capture-two-sides'],
    ['capture-cancel', 'reverses', 'capture-replace'],
    ['allocation-replace', 'replaces', 'allocation-instruction'],
    ['allocation-cancel', 'reverses', 'allocation-replace'],
    ['confirmation-cancel', 'reverses', 'confirmation'],
  ] as const)('%s %s %s, side by side', (sample, relation, original) => {
    expect(eventsOf(sample).map((event) => event[relation])).toEqual(
      eventsOf(original).map((event) => event.businessKey),
    );
    expect(eventsOf(sample).length).toBeGreaterThan(0);
  });
});

describe('laws', () => {
  test('a price and a quantity are the canonical text of what was written, or the message is an error', () => {
    const texts = fc.oneof(
      fc.stringMatching(/^-?\d{0,6}\.?\d{0,8}$/),
      fc.string({ unit: 'binary-ascii', maxLength: 8 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!/[\u0000\u0001\n\r]/.test(text));
        const bytes = writeFix('FIX.4.4', [
          [35, '8'],
          [49, 'C'],
          [56, 'O'],
          [34, '2'],
          [52, '20261110-14:30:00'],
          [37, 'O'],
          [17, 'E'],
          [150, 'F'],
          [39, '2'],
          [55, 'A'],
          [54, '1'],
          [32, '10'],
          [31, text],
          [151, '0'],
          [14, '1'],
          [6, '1'],
        ]);
        const { message, issues } = fix.decode({ bytes });
        const wanted = text.startsWith('+') ? undefined : canonicalDecimal(text);
        expect(harmless(issues)).toBe(wanted?.ok === true);
        if (message === undefined) return;
        const [event] = fix.normalize(message, sampleContext);
        expect(event?.type === 'trade.executed' ? event.data.price : undefined).toBe(
          wanted?.ok ? wanted.value : undefined,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('a date in a zone is the date that its clocks show', () => {
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2037-12-31'),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom(
      'America/New_York',
      'Europe/London',
      'Asia/Tokyo',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'UTC',
    );
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const wanted = instant.toLocaleDateString('sv-SE', { timeZone: zone });
        expect(dateInZone(instant.toISOString(), zone)).toBe(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
