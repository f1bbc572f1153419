import { describe, expect, test } from 'vitest';
import { type FixMessage, fix, writeFix } from '../../../codecs/fix/index.ts';
import { AcceptanceApplication } from './application.ts';

function received(
  type: string,
  fields: readonly (readonly [number, string])[],
  beginString = 'FIX.4.4',
): FixMessage {
  const head = [
    [35, type],
    [34, '2'],
    [49, 'TW'],
    [52, '20261110-14:30:00'],
    [56, 'ISLD'],
  ] as const;
  const { message } = fix.decode({ bytes: writeFix(beginString, [...head, ...fields]) });
  if (message === undefined) throw new Error('no message');
  return message;
}

const order = [
  [55, 'INTC'],
  [11, 'ID'],
  [54, '1'],
] as const;

describe('the application of the pack', () => {
  test('sends an order back by tag, without what the session writes, its routing with it', () => {
    const repeated = [
      [43, 'Y'],
      [122, '20261110-14:29:00'],
      [115, 'JCD'],
    ] as const;
    expect(new AcceptanceApplication('FIX.4.4').reply(received('D', [...repeated, ...order]))).toEqual({
      type: 'D',
      body: [
        [11, 'ID'],
        [54, '1'],
        [55, 'INTC'],
        [115, 'JCD'],
      ],
    });
  });

  test('leaves the fields of a group where they stand, behind its count', () => {
    const group = [
      [453, '2'],
      [448, 'B'],
      [447, 'D'],
      [452, '1'],
      [448, 'A'],
      [452, '4'],
    ] as const;
    const reply = new AcceptanceApplication('FIX.4.4').reply(received('D', [...group, ...order, [526, 'X']]));
    expect(reply?.body).toEqual([[11, 'ID'], [54, '1'], [55, 'INTC'], ...group, [526, 'X']]);
  });

  test('drops an order that is possibly resent and was here since the last logout', () => {
    const application = new AcceptanceApplication('FIX.4.4');
    const again = received('D', [[97, 'Y'], ...order]);
    expect(application.reply(again)).toMatchObject({ type: 'D' });
    expect(application.reply(again)).toBeUndefined();
    expect(application.reply(received('D', order))).toMatchObject({ type: 'D' });
    application.loggedOut();
    expect(application.reply(again)).toMatchObject({ type: 'D' });
  });

  test.each(['d', 'C'])('sends MsgType(35)=%s back', (type) => {
    expect(new AcceptanceApplication('FIX.4.4').reply(received(type, [[58, 'x']]))).toEqual({
      type,
      body: [[58, 'x']],
    });
  });

  test.each(['0', '1', '2', '3', '4', '5', 'j'])('says nothing to MsgType(35)=%s', (type) => {
    expect(new AcceptanceApplication('FIX.4.4').reply(received(type, []))).toBeUndefined();
  });

  test.each([
    ['FIX.4.0', '3', ['45=2', '58=Unsupported message type']],
    ['FIX.4.1', '3', ['45=2', '58=Unsupported message type']],
    ['FIX.4.2', 'j', ['45=2', '58=Unsupported Message Type', '372=8', '380=3']],
    ['FIX.4.4', 'j', ['45=2', '58=Unsupported Message Type', '372=8', '380=3']],
    ['FIXT.1.1', 'j', ['45=2', '58=Unsupported Message Type', '372=8', '380=3', '1137=7']],
  ])('supports nothing else in %s', (beginString, type, body) => {
    const application = new AcceptanceApplication(beginString);
    application.reply(received('A', beginString === 'FIXT.1.1' ? [[1137, '7']] : [], beginString));
    const reply = application.reply(received('8', [[17, 'E1']], beginString));
    expect(reply?.type).toBe(type);
    expect(reply?.body.map((field) => field.join('='))).toEqual(body);
  });
});
