import { describe, expect, test } from 'vitest';
import { latin1Text } from '../../src/core/bytes.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso15022 } from './index.ts';

const details = {
  account: 'A1234567',
  isin: 'US9900001087',
  cusip: '990000108',
  quantity: '100',
  unit: 'shares',
  delivery: 'deliver',
  payment: 'against-payment',
  amount: '2510.50',
  currency: 'USD',
  tradeDate: '2026-11-10',
  settlementDate: '2026-11-12',
  place: 'DTCYUS33XXX',
  conditions: ['DLWM', 'NPAR'],
  parties: [
    { role: 'REAG', id: '00000901', scheme: 'DTCYID' },
    { role: 'BUYR', id: 'ABCDUS33XXX', scheme: 'bic' },
  ],
};
const facts = { preparedAt: '2026-11-10T14:15:00Z', sender: 'HALYUS33', receiver: 'DTCYUS33' };

function composed(type: string, data: object) {
  const { message, issues } = iso15022.compose?.({ type, key: 'INS-7', data: data as never }) ?? {
    issues: [],
  };
  return { message, issues, text: message === undefined ? '' : latin1Text(message.bytes) };
}

function instruction(changed: object = {}, more: object = {}) {
  return composed('settlement-instruction', { ...facts, ...more, details: { ...details, ...changed } });
}

describe('the command settlement-instruction', () => {
  test.each([
    ['receive', 'free', 'MT540'],
    ['receive', 'against-payment', 'MT541'],
    ['deliver', 'free', 'MT542'],
    ['deliver', 'against-payment', 'MT543'],
  ])('%s %s is an %s, judged strictly', (delivery, payment, type) => {
    const parties = [{ role: delivery === 'deliver' ? 'REAG' : 'DEAG', id: '00000901', scheme: 'DTCYID' }];
    const { message, issues } = instruction({ delivery, payment, parties });
    expect(issues).toEqual([]);
    expect(message?.type).toBe(type);
    const [event] = message === undefined ? [] : iso15022.normalize(message, sampleContext);
    expect(event).toMatchObject({
      type: 'settlement.instructed',
      businessKey: 'settlement|DTCYUS33|||INS-7|NEWM',
      data: { delivery, payment, quantity: '100', amount: '2510.5', conditions: ['DLWM', 'NPAR'] },
    });
  });

  test('its cancellation names it, and goes by a reference of its own', () => {
    const { message, issues, text } = instruction({}, { action: 'cancel', instructionId: 'INS-1' });
    expect(issues).toEqual([]);
    expect(message?.type).toBe('MT543');
    expect(text).toContain(':20C::SEME//INS-7\r\n:23G:CANC');
    expect(text).toContain(':20C::PREV//INS-1');
  });

  test('a repo, a price and what it is linked with are said', () => {
    const more = { linked: ['INS-8'], related: [{ by: 'trade', id: 'T-1' }] };
    const repo = { transactionType: 'REPU', closingDate: '2026-11-17', price: '99.75', priceType: 'percent' };
    const { issues, text } = instruction({ ...repo, unit: 'face', accrued: '12.5', leg: 'street' }, more);
    expect(issues).toEqual([]);
    for (const field of [':98A::TERM//20261117', ':90A::DEAL//PRCT/99,75', ':20C::RELA//INS-8', 'FAMT/100,'])
      expect(text).toContain(field);
  });

  test.each<[string, object, object, RegExp]>([
    ['no direction', { delivery: undefined }, {}, /delivery is needed/],
    ['no security', { isin: undefined, cusip: undefined }, {}, /isin or cusip is needed/],
    ['no amount against payment', { amount: undefined }, {}, /AMT/],
    ['no party', { parties: [], place: undefined }, {}, /SETPRTY/],
    ['a reference that is too long', {}, { instructionId: 'X'.repeat(17) }, /:20C::SEME/],
    ['a character that is not in the set', { text: 'a_b' }, {}, /_/],
    ['a second field in a text', { account: 'A\r\n:23G:CANC' }, {}, /23G|account/],
    ['a name of its own beside the reference', {}, { messageId: 'M1', instructionId: 'I1' }, /messageId/],
    ['a cancellation of nothing', {}, { action: 'cancel' }, /instructionId is needed/],
    ['an unknown action', {}, { action: 'amend' }, /action is one of/],
    ['no time in an envelope', {}, { preparedAt: undefined }, /preparedAt is needed/],
  ])('%s is refused', (_, changed, more, problem) => {
    const { issues } = instruction(changed, more);
    expect(
      issues
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => message)
        .join('; '),
    ).toMatch(problem);
  });
});

describe('the command securities-movement', () => {
  const move = {
    account: '00000902',
    cusip: '990000108',
    quantity: '400',
    settlementDate: '2026-11-10',
    fromBalance: 'AWAS',
    toBalance: 'DTCYID/MSEG',
  };

  test('is an MT524, and means a move between two balances', () => {
    const { message, issues } = composed('securities-movement', { ...facts, details: move });
    expect(issues).toEqual([]);
    expect(message?.type).toBe('MT524');
    const [event] = message === undefined ? [] : iso15022.normalize(message, sampleContext);
    expect(event?.data).toMatchObject({ fromBalance: 'AWAS', toBalance: 'DTCYID/MSEG', quantity: '400' });
  });

  test('without a balance, or with a delivery, it is none', () => {
    const without = composed('securities-movement', { details: { ...move, toBalance: undefined } });
    expect(without.issues.map(({ message }) => message)).toEqual(['toBalance is needed']);
    const delivers = composed('securities-movement', { details: { ...move, delivery: 'deliver' } });
    expect(delivers.issues).toHaveLength(1);
  });
});

describe('the command transaction-command', () => {
  const request = { instructionId: 'INS-1', changes: [{ kind: 'PRIR', code: '0001' }] };

  test('is an MT530, which is read as it was given', () => {
    const data = {
      ...facts,
      account: 'A1234567',
      requests: [
        { ...request, linked: ['INS-2'] },
        {
          related: [{ by: 'market', id: '77' }],
          changes: [{ kind: 'PROC', scheme: 'DTCYID', code: 'FULL' }],
        },
      ],
    };
    const { message, issues } = composed('transaction-command', data);
    expect(issues).toEqual([]);
    const events = message === undefined ? [] : iso15022.normalize(message, sampleContext);
    expect(events.map((event) => event.data)).toMatchObject([
      { instructionId: 'INS-1', changes: ['PRIR/0001'], linkedIds: ['INS-2'] },
      { relatedIds: ['77'], changes: ['PROC/DTCYID/FULL'] },
    ]);
  });

  test.each<[object, RegExp]>([
    [{ requests: [] }, /requests is needed/],
    [{ account: 'A1', requests: [{ instructionId: 'I', changes: [] }] }, /changes is needed/],
    [{ account: 'A1', requests: [{ changes: request.changes }] }, /instructionId or related/],
    [{ account: 'A1', requests: [{ ...request, changes: [{ kind: 'PRIR' }] }] }, /code is needed/],
    [{ requests: [request] }, /97/],
  ])('%j is refused', (data, problem) => {
    const { issues } = composed('transaction-command', data);
    expect(issues.map(({ message }) => message).join('; ')).toMatch(problem);
  });
});
