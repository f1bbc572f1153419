import { describe, expect, test } from 'vitest';
import { sampleContext } from '../../test/sample-context.ts';
import { iso20022 } from './index.ts';

const facts = { preparedAt: '2026-11-10T14:15:00Z', sender: 'HALYUS33', receiver: 'DTCYUS33' };
const details = {
  account: 'A1234567',
  cusip: '990000108',
  quantity: '100',
  delivery: 'deliver',
  payment: 'against-payment',
  amount: '2510.50',
  currency: 'USD',
  settlementDate: '2026-11-12',
  place: 'DTCYUS33XXX',
  parties: [{ role: 'REAG', id: '00000901', scheme: 'DTCYID' }],
};

function composed(type: string, data: object) {
  const { message, issues } = iso20022.compose?.({ type, key: 'INS-7', data: data as never }) ?? {
    issues: [],
  };
  return { message, issues, said: issues.map((issue) => issue.message).join('; ') };
}

describe('the command settlement-instruction', () => {
  test.each([
    [{}, 'sese.023.001.12', 'settlement|DTCYUS33|||INS-7|NEWM'],
    [{ action: 'preadvice' }, 'sese.023.001.12', 'settlement|DTCYUS33|||INS-7|PREA'],
    [{ action: 'cancel', instructionId: 'INS-1' }, 'sese.020.001.08', 'settlement|DTCYUS33|||INS-1|CANC'],
  ])('%j is a %s, judged strictly', (more, type, businessKey) => {
    const { message, issues } = composed('settlement-instruction', { ...facts, ...more, details });
    expect(issues).toEqual([]);
    expect(message?.type).toBe(type);
    const events = message === undefined ? [] : iso20022.normalize(message, sampleContext);
    expect(events).toMatchObject([{ businessKey, data: { quantity: '100', amount: '2510.5' } }]);
  });

  test.each<[string, object, RegExp]>([
    ['a second leg, which sese.023 does not say', { closingDate: '2026-11-17' }, /closingDate/],
    ['a party without its agent', { parties: [{ role: 'BUYR', id: 'ABCDUS33', scheme: 'bic' }] }, /parties/],
    ['a quantity of too many digits', { quantity: '1'.repeat(25) }, /Unit/],
    ['no direction', { delivery: undefined }, /delivery is needed/],
  ])('%s is refused', (_, changed, problem) => {
    expect(
      composed('settlement-instruction', { ...facts, details: { ...details, ...changed } }).said,
    ).toMatch(problem);
  });
});

test('the command transaction-command is a sese.030, which is read as it was given', () => {
  const changes = [
    { kind: 'PRIR', code: '0001' },
    { kind: 'SETT', code: 'NPRE' },
  ];
  const requests = [{ instructionId: 'INS-1', linked: ['INS-2'], changes }];
  const { message, issues } = composed('transaction-command', { ...facts, account: 'A1', requests });
  expect(issues).toEqual([]);
  expect(message?.type).toBe('sese.030.001.10');
  const unknown = [{ instructionId: 'INS-1', changes: [{ kind: 'NONE', code: 'X' }] }];
  expect(composed('transaction-command', { ...facts, requests: unknown }).said).toMatch(/changes|requests/);
});

test('a command that no message says is refused', () => {
  expect(composed('securities-movement', {}).said).toMatch(/no message says/);
});
