import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso15022 } from './index.ts';

/** A sample with one text replaced by another. */
function changed(name: string, from = '', to = '') {
  const text = latin1Text(readFileSync(new URL(`samples/${name}.mt`, import.meta.url)));
  expect(text).toContain(from);
  const { message, issues } = iso15022.decode({ bytes: latin1Bytes(text.replace(from, to)) });
  const events = message === undefined ? [] : iso15022.normalize(message, sampleContext);
  const errors = issues.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return { events, errors };
}

describe('settlement messages of ISO 15022', () => {
  test.each([
    ['mt543-deliver-order', ':23G:NEWM', ':23G:AMND'],
    ['mt547-settled', ':23G:NEWM', ':23G:XXXX'],
    ['mt524-seg', ':23G:NEWM', ':23G:RVSL'],
    ['mt530-priority', ':23G:NEWM', ':23G:CANC'],
    ['mt578-alleged', ':23G:NEWM', ':23G:PREA'],
    ['mt543-deliver-order', 'UNIT/100,', 'UNIT/1,0,0'],
    ['mt543-deliver-order', ':98A::SETT//20261112', ':98A::SETT//20261131'],
    ['mt543-deliver-order', 'USD2510,5', 'USD2.510,5'],
    ['mt547-settled', ':36B::ESTT', ':36B::SETT'],
    ['mt578-alleged', ':22H::REDE//RECE', ':22H::REDE//BOTH'],
    ['mt586-page-1-of-2', ':97A::SAFE//A1234567\r\n', ''],
  ])('%s with %j as %j gives no event, and says why', (name, from, to) => {
    const { events, errors } = changed(name, from, to);
    expect(events).toEqual([]);
    expect(errors).toContain('MT_VALUE_NEEDED');
  });

  test('what a counterparty took back undoes what it alleged, from a message of its own and from a statement', () => {
    const [alleged] = changed('mt578-alleged').events;
    const [removed] = changed('mt578-removed').events;
    const [stated] = changed('mt586-page-1-of-2').events;
    const [gone] = changed('mt586-delta').events;
    expect(alleged?.businessKey).toBe('allegement|DTCYUS33|||990011224001|ALLE');
    expect(stated?.businessKey).toBe(alleged?.businessKey);
    expect(removed?.reverses).toBe(alleged?.businessKey);
    expect(gone?.reverses).toBe(alleged?.businessKey);
  });

  test('a reversal and a cancellation of a confirmation undo it by its key', () => {
    const [settled] = changed('mt547-settled').events;
    const [reversed] = changed('mt547-reversed').events;
    expect(reversed).toMatchObject({ type: 'settlement.reclaimed', reverses: settled?.businessKey });
    const [free] = changed('mt546-free').events;
    const [cancelled] = changed('mt546-cancelled').events;
    expect(cancelled).toMatchObject({ type: 'settlement.cancelled', reverses: free?.businessKey });
  });

  test('parts of one instruction are facts of their own, and what they settle adds up to it', () => {
    const events = ['mt545-partial-first', 'mt545-partial-rest'].flatMap((name) => changed(name).events);
    expect(events).toMatchObject([
      { type: 'settlement.partial', computed: ['data.quantity'], data: { quantity: '300', settled: '120' } },
      { type: 'settlement.settled', data: { settled: '180', status: 'PARC' } },
    ]);
    expect(events[0]?.businessKey).not.toBe(events[1]?.businessKey);
  });

  test('a page that more follow closes nothing; the last one closes the snapshot of both', () => {
    expect(changed('mt586-page-1-of-2').events.map(({ type }) => type)).toEqual([
      'settlement.pending',
      'settlement.pending',
    ]);
    expect(changed('mt586-page-2-of-2').events.at(-1)).toMatchObject({
      type: 'snapshot.closed',
      data: { kind: 'allegements', pages: 2, completeness: 'complete' },
    });
  });
});
