import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import { harmless } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso15022 } from './index.ts';

const failing = latin1Text(readFileSync(new URL('samples/failing.mt', import.meta.url)));
const command = {
  type: 'settlement-status',
  key: 'ST-1',
  data: { instructionId: 'INS-1', statuses: [{ kind: 'SETT', code: 'PENF', reasons: [{ code: 'LACK' }] }] },
};

function eventsOf(wire: string, direction: 'in' | 'out' = 'in'): readonly Event[] {
  const { message, issues } = iso15022.decode({ bytes: latin1Bytes(wire) });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return message === undefined ? [] : iso15022.normalize(message, { ...sampleContext, direction });
}

function withStatus(status: string): string {
  return failing.replace(':25D::SETT//PENF', `:25D::${status}`);
}

test.each([
  ['IPRC//PACK', 'settlement.instructed'],
  ['IPRC//PPRC', 'settlement.pending'],
  ['IPRC//CAND', 'settlement.cancelled'],
  ['IPRC//CANP', 'settlement.pending'],
  ['IPRC//REJT', 'message.rejected'],
  ['INMH//MACH', 'settlement.matched'],
  ['INMH//NMAT', 'settlement.pending'],
  ['MTCH//NMAT', 'settlement.pending'],
  ['SETT//PEND', 'settlement.pending'],
  ['SETT//PENF', 'settlement.failed'],
  ['CPRC//CAND', 'settlement.cancelled'],
  ['CPRC//CANP', 'settlement.pending'],
  ['CPRC//REJT', 'message.rejected'],
  ['CPRC//DEND', 'message.rejected'],
  ['SETT/DTCYID/RECY', 'message.unknown'],
  ['SETT//XXXX', 'message.unknown'],
])('%s is %s', (status, type) => {
  expect(eventsOf(withStatus(status)).map((event) => event.type)).toEqual(['settlement.matched', type]);
});

describe('two statuses in one sequence', () => {
  const both = failing.replace(':25D::SETT//PENF', ':25D::IPRC//PPRC\r\n:25D::SETT//PENF');

  test('are both told, each with the reasons of its own', () => {
    const told = eventsOf(both).map(({ type, data }) => [type, Reflect.get(data, 'reason') ?? '']);
    expect(told).toEqual([
      ['settlement.matched', ''],
      ['settlement.pending', ''],
      ['settlement.failed', 'LACK'],
    ]);
    const { issues } = iso15022.decode({ bytes: latin1Bytes(both) });
    expect(issues.map(({ code }) => code)).toEqual(['MT_FIELD_REPEATED']);
  });

  test('and two reasons in one sequence too', () => {
    const wire = failing.replace(':24B::PENF//LACK', ':24B::PENF//LACK\r\n:24B::PENF//MONY');
    expect(eventsOf(wire).at(-1)?.data).toMatchObject({ reason: 'LACK MONY' });
  });
});

test.each([
  [':97A::SAFE//A1234567', ':97A::SAFE//0412/55512', { account: '0412/55512' }],
  [':97A::SAFE//A1234567', ':97B::SAFE//IBND/0412/55512', { account: '0412/55512' }],
  [':97A::SAFE//A1234567', ':97B::SAFE/DTCYID/IBND/55512', { account: '55512' }],
  ['//USD2510,5', '//NUSD2510,5', { data: { amount: '-2510.5', currency: 'USD' } }],
  ['//USD2510,5', '//NOK2510,', { data: { amount: '2510', currency: 'NOK' } }],
  ['//USD2510,5', '//NUSD0,', { data: { amount: '0' } }],
])('%s as %s is read as it stands', (good, other, wanted) => {
  expect(eventsOf(failing.replace(good, other)).at(-1)).toMatchObject(wanted);
});

test('what we send is refused by us, not by them', () => {
  expect(eventsOf(withStatus('IPRC//REJT'), 'out').at(-1)?.type).toBe('message.refused');
});

test('a status that is said twice is one event; with another reason it is two', () => {
  const stat = ':16R:STAT\r\n:25D::MTCH//MACH\r\n:16S:STAT\r\n';
  expect(eventsOf(failing.replace(':16R:STAT', `${stat}:16R:STAT`))).toHaveLength(2);
  const other =
    ':16R:STAT\r\n:25D::SETT//PENF\r\n:16R:REAS\r\n:24B::PENF//MONY\r\n:16S:REAS\r\n:16S:STAT\r\n';
  const keys = eventsOf(failing.replace(':16S:GENL', `${other}:16S:GENL`)).map(
    ({ businessKey }) => businessKey,
  );
  expect(new Set(keys).size).toBe(3);
});

test('the configured reporter and scope stand in the business key', () => {
  const { message } = iso15022.decode({ bytes: latin1Bytes(failing) });
  if (message === undefined) throw new Error('no message');
  const context = { ...sampleContext, reportedBy: 'DTC', keyScope: 'settlement' };
  expect(iso15022.normalize(message, context)[1]?.businessKey).toBe(
    'settlement|DTC|settlement||INS20261110-7|SETT//PENF LACK',
  );
});

describe('a value that is there and cannot be read', () => {
  test.each([
    [':36B::SETT//UNIT/100,', ':36B::SETT//UNIT/1.5'],
    [':98A::SETT//20261112', ':98A::SETT//20261332'],
    [':98A::TRAD//20261110', ':98A::TRAD//20260230'],
    [':22H::REDE//DELI', ':22H::REDE//DELX'],
    [':25D::SETT//PENF', ':25D::SETT//'],
  ])('%s as %s is an error, and makes no events', (good, bad) => {
    const { message, issues } = iso15022.decode({ bytes: latin1Bytes(failing.replace(good, bad)) });
    expect(issues.map(({ code }) => code)).toContain('MT_VALUE_NEEDED');
    expect(message !== undefined && iso15022.normalize(message, sampleContext)).toEqual([]);
  });
});

describe('the digest', () => {
  const digestOf = (wire: string): string => {
    const { message } = iso15022.decode({ bytes: latin1Bytes(wire) });
    return message === undefined ? '' : iso15022.digest(message);
  };

  test('does not change with session numbers, trailers, line ends and separators', () => {
    const same = [
      failing.replace('1234567890}', '9999999999}'),
      `${failing}{5:{CHK:0123456789AB}}{S:{SPD:}}`,
      failing.replaceAll('\r\n', '\n'),
      `\u0001${failing}\u0003\r\n`,
    ];
    for (const wire of same) expect(digestOf(wire)).toBe(digestOf(failing));
  });

  test('changes with the text, the sender and the type', () => {
    const others = [
      failing.replace('//100 ', '//101 '),
      failing.replace('DTCYUS33A', 'DTCZUS33A'),
      failing.replace('O548', 'O549'),
    ];
    for (const wire of others) expect(digestOf(wire)).not.toBe(digestOf(failing));
  });
});

describe('recognizes', () => {
  test.each<[string, boolean]>([
    [failing, true],
    [failing.slice(failing.indexOf('{4:')), true],
    [`\u0001${failing}`, true],
    ['{"json":1}', false],
    ['<?xml version="1.0"?>', false],
    ['8=FIX.4.4', false],
    ['', false],
  ])('%j', (wire, known) => {
    expect(iso15022.recognizes?.(latin1Bytes(wire))).toBe(known);
  });
});

const transaction = {
  account: 'A1',
  isin: 'US9900001087',
  quantity: '100',
  delivery: 'deliver',
  payment: 'against-payment',
  settlementDate: '2026-11-12',
};

function withText(text: string) {
  return { ...command, data: { ...command.data, transaction: { ...transaction, text } } };
}

describe('compose', () => {
  test('breaks words at blanks, and never begins a line as a field or an end begins', () => {
    const text = 'a narrative that is longer than the line - and :not: a field, at all costs - or two';
    const composed = iso15022.compose?.(withText(text));
    expect(harmless(composed?.issues ?? [])).toBe(true);
    const wire = latin1Text(composed?.message?.bytes ?? new Uint8Array());
    expect(wire).toContain(
      ':70E::SPRO//a narrative that is longer than the\r\nline - and :not: a field, at all\r\ncosts - or two',
    );
    expect(
      iso15022.compose?.(withText(`${'x'.repeat(30)} word - and more`))?.message?.field('B.70E::SPRO')
        ?.content,
    ).toBe(`${'x'.repeat(30)}\r\nword - and more`);
  });

  test('writes a message that says the command', () => {
    const composed = iso15022.compose?.(command);
    expect(composed?.issues.map(({ code }) => code)).toEqual(['MT_TYPE_GUESSED']);
    expect(latin1Text(composed?.message?.bytes ?? new Uint8Array())).toContain(':24B::PENF//LACK');
    expect(composed?.message?.field('A.20C::SEME')?.content).toBe('ST-1');
  });

  test.each<[string, object]>([
    ['another command', { ...command, type: 'trade' }],
    ['no instruction', { ...command, data: { statuses: command.data.statuses } }],
    ['no status', { ...command, data: { instructionId: 'INS-1', statuses: [] } }],
    [
      'a reference that is too long',
      { ...command, data: { ...command.data, instructionId: 'A'.repeat(17) } },
    ],
    ['a character that cannot be written', { ...command, data: { ...command.data, instructionId: 'INS_1' } }],
    ['data that is no object', { ...command, data: 'PENF' }],
    [
      'a reference whose second line is a field',
      { ...command, data: { ...command.data, messageId: 'ST-1\n:98C::PREP//20261112063000' } },
    ],
    [
      'words that read as an amount',
      {
        ...command,
        data: {
          ...command.data,
          transaction: { ...transaction, text: `${'x'.repeat(35)}:19A::SETT//USD1,` },
        },
      },
    ],
    ['a word that does not fit in a line', withText('x'.repeat(36))],
    [
      'no time of preparation in an envelope',
      { ...command, data: { ...command.data, sender: 'DTCYUS33', receiver: 'HALYUS33' } },
    ],
  ])('%s is refused', (_, wrong) => {
    const { issues } = iso15022.compose?.({ ...command, ...wrong }) ?? { issues: [] };
    expect(harmless(issues)).toBe(false);
    expect(issues.map(({ code }) => code)).toContain('MT_COMMAND');
  });
});
