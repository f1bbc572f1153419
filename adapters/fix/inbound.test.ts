import { describe, expect, test } from 'vitest';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { bench, plain, play, shownEntry } from './testing/transcript.ts';

describe('messages that cannot be taken', () => {
  test('a number too low is never accepted', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=2|17=E2
      < 35=U8|34=2|17=OTHER
      > 35=5|34=2|58=MsgSeqNum too low, expecting 3 but received 2
      ! us: MsgSeqNum too low, expecting 3 but received 2
      ~ held FIX_SEQUENCE_TOO_LOW`);
    expect(table.store.frames.filter((frame) => frame.kind === 'quarantine')).toHaveLength(1);
    expect(table.store.state.nextIn).toBe(3);
  });

  test('with onTooLow: logout the peer may try again', async () => {
    await expectTranscript(
      `${greeted}
      < 35=0|34=1
      > 35=5|34=2|58=MsgSeqNum too low, expecting 2 but received 1
      ! us: MsgSeqNum too low, expecting 2 but received 1
      ~ trouble FIX_SEQUENCE_TOO_LOW
      connect
      < 35=A|34=2|98=0|108=30
      > 35=A|34=3|98=0|108=30`,
      { onTooLow: 'logout' },
    );
  });

  test('garbled bytes take no number, and are asked for', async () => {
    const table = await expectTranscript(`${greeted}
      garbage 8=FIX.4.4|9=5|35=8|34=2|10=000|
      < 35=U8|34=3|17=E3
      > 35=2|34=2|7=2|16=0
      ~ gap 2-2
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      ~ filled 2-2`);
    expect(table.store.frames.map(shownEntry)).toContain('quarantine 0/conn');
  });

  test('a garbled Logon(A) is hung up on, and its password is not kept', async () => {
    const table = await expectTranscript(`
      connect
      garbage 8=FIX.4.4|9=5|35=A|34=1|554=canary-7731|10=000|
      ! us: the Logon(A) is garbled`);
    expect(Buffer.from(table.store.frames[0]?.bytes ?? []).toString('latin1')).toContain('554=***********');
  });

  test.each([
    ['49=-', '371=49', 'Required tag missing', 1],
    ['56=-', '371=56', 'Required tag missing', 1],
    ['52=-', '371=52', 'Required tag missing', 1],
    ['56=', '371=56', 'Tag specified without a value', 4],
    ['52=yesterday', '371=52', 'Incorrect data format for value', 6],
  ])('a header with %s is rejected and its number taken', async (field, tag, text, reason) => {
    const table = await expectTranscript(`${greeted}
      < 35=0|34=2|${field}
      > 35=3|34=2|45=2|58=${text}|${tag}|372=0|373=${reason}
      ~ trouble FIX_SESSION_FIELD
      < 35=1|34=3|112=T
      > 35=0|34=3|112=T`);
    expect(table.store.frames.map(shownEntry)).toContain('quarantine 0/in:2 0');
  });

  test.each([
    ['49=WHO', 'CompID problem', 9, 'FIX_COMP_ID'],
    ['52=@-121', 'SendingTime accuracy problem', 10, 'FIX_SENDING_TIME'],
    ['52=@121', 'SendingTime accuracy problem', 10, 'FIX_SENDING_TIME'],
  ])('%s is rejected and the session left', async (field, text, reason, code) => {
    await expectTranscript(`${greeted}
      < 35=0|34=2|${field}
      > 35=3|34=2|45=2|58=${text}|372=0|373=${reason}
      > 35=5|34=3
      ~ trouble ${code}
      < 35=5|34=3
      ! us: Logout(5) answered`);
  });

  test('SendingTime(52) is not compared where that is switched off', async () => {
    await expectTranscript(
      `${greeted.replace('108=30', '108=0').replace('108=30', '108=0')}
      < 35=1|34=2|52=@-9999|112=T
      > 35=0|34=2|112=T`,
      { checkLatency: false },
    );
  });

  test('another BeginString(8) is left with a text', async () => {
    await expectTranscript(`${greeted}
      < 8=FIX.4.1|35=1|34=2|112=T
      > 35=5|34=2|58=Incorrect BeginString
      ~ trouble FIX_BEGIN_STRING
      < 35=5|34=3
      ! us: Logout(5) answered`);
  });

  test('no MsgSeqNum(34) ends the session', async () => {
    await expectTranscript(`${greeted}
      < 35=0
      > 35=5|34=2|58=MsgSeqNum(34) is missing or no number
      ~ trouble FIX_SEQUENCE_MISSING
      ! us: MsgSeqNum(34) is missing or no number`);
  });

  test('a repeat without OrigSendingTime(122), or one from the future, is rejected', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=2|17=E2
      < 35=U8|34=2|43=Y|17=E2
      > 35=3|34=2|45=2|58=Required tag missing|371=122|372=U8|373=1
      ~ trouble FIX_ORIG_SENDING_TIME
      < 35=1|34=3|112=T
      > 35=0|34=3|112=T
      < 35=U8|34=2|43=Y|122=@10|17=E2
      > 35=3|34=4|45=2|58=SendingTime accuracy problem|372=U8|373=10
      > 35=5|34=5
      ~ trouble FIX_SENDING_TIME`);
    expect(table.store.state.nextIn).toBe(4);
  });

  test('OrigSendingTime(122) may be missing where that is switched off', async () => {
    const table = await expectTranscript(
      `${greeted}
      < 35=U8|34=2|17=E2
      < 35=U8|34=2|43=Y|17=E2`,
      { requiresOrigSendingTime: false },
    );
    expect(table.store.repeats).toBe(1);
  });

  test('a Reject(3) that comes again is a repeat under its number, and is not told twice', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=3|34=2|45=1|58=no
      < 35=3|34=2|43=Y|122=@-1|45=1|58=no`);
    expect(table.store.repeats).toBe(1);
    expect(table.store.frames.filter(({ message }) => message?.type === '3')).toHaveLength(1);
  });

  test('a Reject(3) goes back the way its message came', async () => {
    await expectTranscript(`${greeted}
      < 35=0|34=2|115=JCD|116=CS|52=-
      > 35=3|34=2|128=JCD|129=CS|45=2|58=Required tag missing|371=52|372=0|373=1
      ~ trouble FIX_SESSION_FIELD`);
  });

  test.each([
    ['FIX.4.0', '> 35=3|34=2|128=JCD|45=2|58=Unsupported message type'],
    ['FIX.4.1', '> 35=3|34=2|128=JCD|45=2|58=Unsupported message type'],
    ['FIX.4.2', '> 35=j|34=2|128=JCD|45=2|58=Unsupported Message Type|372=U9|380=3'],
    ['FIX.4.4', '> 35=j|34=2|128=JCD|45=2|58=Unsupported Message Type|372=U9|380=3'],
  ] as const)('in %s a type that is not supported is kept and answered', async (beginString, answer) => {
    const table = await expectTranscript(
      `${greeted}
      < 35=U9|34=2|115=JCD
      ${answer}
      ~ trouble FIX_TYPE_UNSUPPORTED
      < 35=U8|34=3|17=E3
      < 35=j|34=4|45=1|372=A|380=3
      < 35=1|34=5|112=T
      > 35=0|34=3|112=T
      < 35=|34=6
      > 35=3|34=4|45=6|58=Invalid MsgType${beginString < 'FIX.4.2' ? '' : '|373=11'}
      ~ trouble FIX_TYPE_UNSUPPORTED`,
      { beginString, supportedTypes: ['U8', '8'] },
    );
    expect(table.store.frames.map(shownEntry)).toContain('message 0/in:2 U9');
  });

  test('GapFillFlag(123) fills nothing in a message of another type', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=2|36=9|123=Y
      < 35=1|34=3|112=T
      > 35=0|34=2|112=T`);
    expect(table.store.state.nextIn).toBe(4);
  });

  test('what comes behind the end of a connection is nobody’s', async () => {
    const table = bench();
    table.read('35=A|34=1|98=0|108=30');
    await play(table, `${greeted}\ndrop`);
    table.read('35=1|34=2|112=T');
    expect(await table.said()).toEqual([]);
    expect(table.store.state.nextIn).toBe(2);
  });

  test('every type is supported where nobody says which', async () => {
    await expectTranscript(`${greeted}
      < 35=U9|34=2`);
  });

  test('with validate: full what the dictionary objects to is rejected, else it is kept', async () => {
    const line = '< 35=8|34=2|17=E2|54=w';
    const strict = bench({ validate: 'full' });
    expect(await play(strict, `${greeted}\n${line}`)).toContain('> 35=3|34=2|45=2|');
    const lenient = bench();
    expect(await play(lenient, `${greeted}\n${line}`)).toBe(plain(`${greeted}\n${line}`));
    expect(lenient.store.state.nextIn).toBe(3);
  });
});
