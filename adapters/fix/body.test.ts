import { describe, expect, test } from 'vitest';
import { readBody } from './body.ts';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';

describe('what an application sends', () => {
  test('is parted into header and body, in its order', () => {
    const { header, fields } = readBody('D', [
      [115, 'JCD'],
      [11, 'X'],
      [1, 'A'],
    ]);
    expect({ header, fields }).toEqual({
      header: [[115, 'JCD']],
      fields: [
        [11, 'X'],
        [1, 'A'],
      ],
    });
  });

  test.each(['0', '1', '2', '4', '5', 'A', '', 'D E'])('is never MsgType(35)=%j', (type) => {
    expect(() => readBody(type, [])).toThrow('MsgType(35) cannot be');
  });

  test('may be a Reject(3), which nobody resends', async () => {
    expect(readBody('3', { 45: '2', 58: 'Unsupported message type' }).fields).toHaveLength(2);
    await expectTranscript(`${greeted}
      < 35=8|34=2|17=E2
      send 3|45=2|58=Unsupported message type
      > 35=3|34=2|45=2|58=Unsupported message type
      < 35=2|34=3|7=2|16=0
      > 35=4|34=2|43=Y|122=…|36=3|123=Y`);
  });

  test('says PossDupFlag(43) and OrigSendingTime(122) only where it may', () => {
    const repeat = [
      [43, 'Y'],
      [122, '20261110-14:30:00'],
    ] as const;
    expect(() => readBody('8', repeat)).toThrow('field 43 belongs to the session');
    expect(readBody('8', repeat, true).header).toEqual(repeat);
    expect(() => readBody('8', [[34, '7']], true)).toThrow('field 34 belongs to the session');
  });

  test('may name another desk than the usual one, and each id stands there once', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30
      > 35=A|34=1|50=OPS|57=DESK|142=NY|98=0|108=30
      send D|57=OTHER|11=A
      > 35=D|34=2|50=OPS|57=OTHER|142=NY|11=A`,
      { senderSubId: 'OPS', targetSubId: 'DESK', senderLocationId: 'NY' },
    );
  });

  test('keeps the OrigSendingTime(122) that it came with when it is sent again', async () => {
    await expectTranscript(
      `${greeted}
      send 8|43=Y|122=20261110-14:00:00|17=E1
      > 35=8|34=2|43=Y|122=…|17=E1
      < 35=2|34=2|7=2|16=0
      > 35=8|34=2|43=Y|122=…|17=E1`,
      { allowPosDup: true },
    );
  });
});
