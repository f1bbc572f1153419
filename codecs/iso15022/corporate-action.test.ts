import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { businessKeyPartsOf } from '../../src/events/identity.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso15022 } from './index.ts';

const sample = (name: string): string =>
  latin1Text(readFileSync(new URL(`samples/${name}.mt`, import.meta.url)));

function read(wire: string, direction: 'in' | 'out' = 'in') {
  const { message, issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
  if (message === undefined) throw new Error(JSON.stringify(issues));
  const events = iso15022.normalize(message, { ...sampleContext, direction });
  return { events, codes: issues.filter(({ severity }) => severity === 'error').map(({ code }) => code) };
}

const data = {
  eventId: 'CA2026110003',
  kind: 'DVOP',
  account: '00000901',
  cusip: '990000108',
  option: '002',
  optionType: 'SECU',
  quantity: '1000',
  sender: 'HALYUS33',
  receiver: 'DTCYUS33',
  preparedAt: '2026-11-13T15:20:00Z',
};
const composed = (more: JsonValue) =>
  iso15022.compose?.({
    type: 'corporate-action-instruction',
    key: 'INS20261113-1',
    data: { ...data, ...(more as object) },
  });

describe('one event', () => {
  test('has one name in its notice, its election, their status and its payment', () => {
    const instruction = composed({})?.message;
    if (instruction === undefined) throw new Error('not composed');
    const elected = iso15022.normalize(instruction, { ...sampleContext, direction: 'out' });
    const keys = [
      ...read(sample('mt564-optional-dividend')).events,
      ...elected,
      ...read(sample('mt567-accepted')).events,
      ...read(sample('mt567-rejected-late')).events,
    ].map(({ businessKey = '' }) => businessKeyPartsOf(businessKey));
    expect(new Set(keys.map((parts) => parts.slice(0, 5).join('|')))).toEqual(
      new Set(['corporate-action|DTCYUS33|||CA2026110003']),
    );
    expect(keys.map((parts) => parts[5])).toEqual([
      'notice CANO20261112-03 00000901',
      'instruction INS20261113-1',
      'instruction INS20261113-1 IPRC//PACK',
      'instruction INS20261113-1 IPRC//REJT LATE',
    ]);
  });

  test('is replaced by what follows it', () => {
    const [first] = read(sample('mt564-cash-dividend')).events;
    const [second] = read(sample('mt564-replaced')).events;
    expect(second?.replaces).toBe(first?.businessKey);
  });

  test('that was paid is reversed by the name of the payment, whichever direction the reversal says', () => {
    const [paid] = read(sample('mt566-cash-dividend')).events;
    for (const wire of [sample('mt566-reversal'), sample('mt566-reversal').replace('//DEBT', '//CRED')])
      expect(read(wire).events[0]).toMatchObject({
        type: 'corporateAction.reversed',
        reverses: paid?.businessKey,
      });
  });
});

test('payments are signed: plus is what the account receives', () => {
  const told = read(sample('mt566-merger')).events.map(({ security, data: one }) => ({
    id: security?.id,
    quantity: Reflect.get(one, 'quantity'),
    amount: Reflect.get(one, 'amount'),
  }));
  expect(told).toEqual([
    { id: '990000108', quantity: '-900', amount: undefined },
    { id: '990000207', quantity: '585', amount: undefined },
    { id: '990000108', quantity: undefined, amount: '9000' },
  ]);
});

test('two payments of one currency in one option are two facts', () => {
  const wire = sample('mt566-cash-dividend');
  const movement = wire.slice(wire.indexOf(':16R:CASHMOVE'), wire.indexOf(':16S:CACONF'));
  const keys = read(wire.replace(movement, movement + movement)).events.map(({ businessKey }) => businessKey);
  expect(new Set(keys).size).toBe(2);
});

test('a refused instruction is told as refused by them, or by us', () => {
  const wire = sample('mt567-rejected-late');
  const refusal = { code: 'LATE', referenceType: 'instruction', referenceId: 'INS20261113-1' };
  expect(read(wire).events[0]).toMatchObject({ type: 'message.rejected', data: refusal });
  expect(read(wire, 'out').events[0]?.type).toBe('message.refused');
  expect(read(wire.replace('IPRC//REJT', 'IPRC//XXXX')).events[0]?.type).toBe('message.unknown');
});

describe('what is there and cannot be read is an error, and makes no events', () => {
  test.each([
    ['mt564-cash-dividend', ':98A::XDTE//20261120', ':98A::XDTE//20261320'],
    ['mt564-cash-dividend', ':92F::GRSS//USD0,25', ':92F::GRSS//USD0.25'],
    ['mt564-cash-dividend', ':93B::ELIG//UNIT/1500,', ':93B::ELIG//UNIT/15OO,'],
    ['mt564-cash-dividend', ':22H::CRDB//CRED', ':22H::CRDB//CREX'],
    ['mt564-cash-dividend', ':20C::CORP//CA2026110001', ':20C::CORP//'],
    ['mt564-forward-split-fractions', ':92D::ADEX//3,/2,', ':92D::ADEX//3,'],
    ['mt565-elective-dividend', ':36B::QINS//UNIT/1000,', ':36B::QINS//UNIT/1,000,'],
    ['mt566-cash-dividend', ':19B::PSTA//USD262,5', ':19B::PSTA//USD262,5,'],
    ['mt567-accepted', ':25D::IPRC//PACK', ':25D::IPRC//'],
  ])('%s: %s as %s', (name, good, bad) => {
    expect(sample(name)).toContain(good);
    const { events, codes } = read(sample(name).replace(good, bad));
    expect(codes).toContain('MT_VALUE_NEEDED');
    expect(events).toEqual([]);
  });
});

describe('the command corporate-action-instruction', () => {
  test.each<[string, Record<string, JsonValue>]>([
    ['all of it', { quantity: null, quantityCode: 'QALL' }],
    ['an amount', { quantity: null, amount: '250.5', currency: 'USD' }],
    ['with words', { text: 'a note : with a colon that could begin a field of its own' }],
    ['a cancellation', { cancels: 'INS20261112-9' }],
    ['without an envelope', { sender: null, receiver: null }],
  ])('writes %s', (_, more) => {
    const { message, issues } = composed(more) ?? { issues: [] };
    expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(message?.type).toBe('MT565');
  });

  test.each<[string, Record<string, JsonValue>]>([
    ['no event', { eventId: '' }],
    ['no account', { account: null }],
    ['no security', { cusip: null }],
    ['nothing of how much', { quantity: null }],
    ['how much twice', { quantityCode: 'QALL' }],
    ['an amount of no currency', { quantity: null, amount: '5' }],
    ['an option that is no number', { option: '2' }],
    ['a quantity below nothing', { quantity: '-5' }],
    ['a member that nobody knows', { quanttiy: '5' }],
    ['a reference that is too long', { eventId: 'CA20261100030000X' }],
    ['a character outside of the set', { text: 'déjà vu' }],
    ['no time of an envelope', { preparedAt: null }],
  ])('refuses %s', (_, more) => {
    expect(composed(more)?.issues.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
