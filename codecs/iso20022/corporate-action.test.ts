import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/core/json.ts';
import { iso20022 } from './index.ts';

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

describe('the command corporate-action-instruction', () => {
  test.each<[string, Record<string, JsonValue>, string, boolean]>([
    ['an election', {}, 'seev.033.001.13', true],
    ['all of it', { quantity: null, quantityCode: 'QALL' }, 'seev.033.001.13', true],
    ['an amount', { quantity: null, amount: '250.5', currency: 'USD' }, 'seev.033.001.13', true],
    ['a cancellation', { cancels: 'INS20261112-9' }, 'seev.040.001.13', true],
    ['words that a cancellation has no place for', { cancels: 'I-9', text: 'x' }, 'seev.040.001.13', false],
    ['a reference that is too long', { eventId: 'X'.repeat(36) }, 'seev.033.001.13', false],
  ])('writes %s', (_, more, type, well) => {
    const command = { type: 'corporate-action-instruction', key: 'I-1', data: { ...data, ...more } };
    const { message, issues } = iso20022.compose?.(command) ?? { issues: [] };
    expect(message?.type).toBe(type);
    expect(issues.filter(({ severity }) => severity === 'error').length === 0).toBe(well);
  });
});
