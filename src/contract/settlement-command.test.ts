import { describe, expect, test } from 'vitest';
import { readStatusCommand } from './settlement-command.ts';

const data = { instructionId: 'I1', statuses: [{ kind: 'SETT', code: 'PENF' }] };

function read(changed: object) {
  return readStatusCommand({ type: 'settlement-status', key: 'K1', data: { ...data, ...changed } });
}

describe('the command settlement-status', () => {
  test('is read as it stands; the key is the message id where there is none', () => {
    expect(read({}).status).toMatchObject({ messageId: 'K1', instructionId: 'I1' });
    expect(read({ messageId: 'M1' }).status?.messageId).toBe('M1');
    const transaction = {
      quantity: '100.5',
      unit: 'face',
      delivery: 'deliver',
      settlementDate: '2026-11-12',
    };
    expect(read({ transaction }).status?.transaction).toMatchObject(transaction);
  });

  test.each<[object, RegExp]>([
    [{ instructionId: '' }, /instructionId is needed/],
    [{ instructionId: 7 }, /instructionId cannot be 7/],
    [{ statuses: [] }, /statuses is needed/],
    [{ statuses: 'PENF' }, /statuses has to be a list/],
    [{ statuses: [{ kind: 'SETT' }] }, /code is needed/],
    [{ preparedAt: 'today' }, /preparedAt cannot be "today"/],
    [{ sender: 'DTCYUS33', receiver: 'HALYUS33' }, /preparedAt is needed/],
    [{ related: [{ by: 'nobody', id: '1' }] }, /by is one of market/],
    [{ transaction: [] }, /transaction has to be an object/],
    [{ transaction: { quantity: '1e5' } }, /quantity cannot be/],
    [{ transaction: { amount: '-5' } }, /amount cannot be/],
    [{ transaction: { settlementDate: '12.11.2026' } }, /settlementDate cannot be/],
    [{ transaction: { delivery: 'both' } }, /delivery is one of/],
  ])('%j is a problem', (changed, problem) => {
    const { status, problems } = read(changed);
    expect(status).toBeUndefined();
    expect(problems.join('; ')).toMatch(problem);
  });

  test('another command is none', () => {
    expect(readStatusCommand({ type: 'other', key: 'K', data }).problems).toHaveLength(1);
    expect(readStatusCommand({ type: 'settlement-status', key: 'K', data: null }).problems).toHaveLength(1);
  });
});
