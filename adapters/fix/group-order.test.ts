import { expect, test } from 'vitest';
import { type FixField, type FixMessage, fix, writeFix } from '../../codecs/fix/index.ts';
import { fieldOutOfGroupOrder } from './group-order.ts';

const order: readonly FixField[] = [
  [35, 'D'],
  [34, '2'],
  [49, 'TW'],
  [56, 'ISLD'],
  [52, '20261121-14:30:00'],
  [11, 'id'],
];

function messageWith(fields: readonly FixField[]): FixMessage {
  const bytes = writeFix('FIX.4.4', [...order, ...fields]);
  const { message } = fix.decode({ bytes });
  if (message === undefined) throw new Error('it cannot be read');
  return message as FixMessage;
}

test.each<[string, readonly FixField[], number]>([
  [
    'one entry in order',
    [
      [453, '1'],
      [448, 'F'],
      [447, 'D'],
      [452, '1'],
    ],
    -1,
  ],
  [
    'two entries in order',
    [
      [453, '2'],
      [448, 'F'],
      [447, 'D'],
      [448, 'G'],
      [447, 'D'],
    ],
    -1,
  ],
  [
    'what is left out leaves no hole',
    [
      [453, '1'],
      [448, 'F'],
      [452, '1'],
    ],
    -1,
  ],
  [
    'the second field before the third',
    [
      [453, '1'],
      [448, 'F'],
      [452, '1'],
      [447, 'D'],
    ],
    447,
  ],
  [
    'in the second entry',
    [
      [453, '2'],
      [448, 'F'],
      [447, 'D'],
      [448, 'G'],
      [452, '1'],
      [447, 'D'],
    ],
    447,
  ],
  [
    'a group inside of a group',
    [
      [453, '1'],
      [448, 'F'],
      [452, '1'],
      [802, '1'],
      [523, 'x'],
      [803, '1'],
    ],
    -1,
  ],
  [
    'inside of a group inside of a group',
    [
      [453, '1'],
      [448, 'F'],
      [802, '1'],
      [523, 'x'],
      [803, '1'],
      [447, 'D'],
    ],
    447,
  ],
  [
    'no group at all',
    [
      [55, 'INTC'],
      [54, '1'],
    ],
    -1,
  ],
  [
    'a tag that nobody knows',
    [
      [453, '1'],
      [448, 'F'],
      [9999, 'x'],
      [447, 'D'],
    ],
    -1,
  ],
])('%s', (_, fields, tag) => {
  const message = messageWith(fields);
  const field = fieldOutOfGroupOrder(message);
  expect(field < 0 ? field : message.tagAt(field)).toBe(tag);
});
