import { describe, expect, test } from 'vitest';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { shownEntry } from './testing/transcript.ts';

describe('logon of an acceptor', () => {
  test('is answered with their HeartBtInt(108)', async () => {
    const table = await expectTranscript(greeted);
    expect(table.store.state).toEqual({ epoch: 0, nextIn: 2, nextOut: 2 });
    expect(table.store.frames.map(shownEntry)).toEqual([
      'message 0/in:1 A',
      'message 0/out:1 A',
      'signal signal',
    ]);
  });

  test('with a number too high is answered, and what is missing asked for', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=5|98=0|108=30
      > 35=A|34=1|98=0|108=30
      > 35=2|34=2|7=1|16=0
      ~ gap 1-4
      < 35=4|34=1|43=Y|122=@-1|36=6|123=Y
      ~ filled 1-4
      < 35=1|34=6|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });

  test('with a number too low is held until an operator decides', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30
      > 35=5|34=9|58=MsgSeqNum too low, expecting 7 but received 1
      ! us: MsgSeqNum too low, expecting 7 but received 1
      ~ held FIX_SEQUENCE_TOO_LOW
      connect
      < 35=A|34=7|98=0|108=30
      ~ trouble FIX_SESSION_HELD
      ! us: MsgSeqNum too low, expecting 7 but received 1
      set 1 0
      connect
      < 35=A|34=1|98=0|108=30
      > 35=A|34=10|98=0|108=30`,
      { state: { epoch: 0, nextIn: 7, nextOut: 9 } },
    );
    expect(table.store.frames[0]).toMatchObject({ kind: 'quarantine', origin: { scope: 'US-THEM/0/conn' } });
    expect(table.store.state.nextIn).toBe(2);
  });

  test.each([
    ['EncryptMethod(98)', '35=A|34=1|98=1|108=30', 'EncryptMethod(98) must be 0'],
    ['HeartBtInt(108)', '35=A|34=1|98=0', 'HeartBtInt(108) is missing or no number'],
    ['HeartBtInt(108)', '35=A|34=1|98=0|108=-1', 'HeartBtInt(108) is missing or no number'],
    [
      'a reset that is not at 1',
      '35=A|34=2|98=0|108=30|141=Y',
      'MsgSeqNum(34) must be 1 with ResetSeqNumFlag(141)=Y',
    ],
  ])('with a wrong %s is refused with a text, and takes no number', async (_, line, text) => {
    const table = await expectTranscript(`
      connect
      < ${line}
      > 35=5|34=1|58=${text}
      ~ trouble FIX_LOGON_INVALID
      ! us: ${text}`);
    expect(table.store.state.nextIn).toBe(1);
  });

  test('from a clock that is wrong is hung up on', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=1|52=20010101-00:00:00|98=0|108=30
      ~ trouble FIX_SENDING_TIME
      ! us: SendingTime(52) "20010101-00:00:00" is more than 120 s from our clock`);
  });

  test('from a stranger reveals nothing', async () => {
    const table = await expectTranscript(`
      connect
      < 35=A|34=1|49=WHO|98=0|108=30
      ~ trouble FIX_LOGON_UNKNOWN
      ! us: the Logon(A) is not of this session`);
    expect(table.store.frames.map(shownEntry)).toEqual(['quarantine 0/conn A']);
  });

  test('comes first, or nothing does', async () => {
    await expectTranscript(`
      connect
      < 35=0|34=1
      ! us: the first message was no Logon(A)`);
  });

  test('has to come in time', async () => {
    await expectTranscript(`
      connect
      +10s
      ~ trouble FIX_LOGON_REFUSED
      ! us: no Logon(A) in time`);
  });

  test('needs the credentials where they are configured, and keeps none of them', async () => {
    const options = { username: 'desk', password: 'canary-7731' };
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|553=desk|554=canary-0000
      ~ trouble FIX_LOGON_CREDENTIALS
      ! us: Username(553) or Password(554) is wrong
      connect
      < 35=A|34=1|98=0|108=30|553=desk|554=canary-7731
      > 35=A|34=1|98=0|108=30`,
      options,
    );
    const kept = table.store.frames.map((frame) => Buffer.from(frame.bytes).toString('latin1')).join();
    expect(kept).toContain('554=***********');
    expect(kept).not.toContain('canary');
  });

  test('a second one within the session ends it', async () => {
    await expectTranscript(`${greeted}
      < 35=A|34=2|98=0|108=30
      ! us: a second Logon(A)`);
  });
});

describe('logon of an initiator', () => {
  const initiator = { role: 'initiator' } as const;

  test('says what the options say, and stores no secret', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=20|464=Y|553=desk|554=canary-7731|925=canary-new|9001=canary-field
      < 35=A|34=1|98=0|108=20`,
      {
        ...initiator,
        heartBtInt: 20,
        testMessage: true,
        username: 'desk',
        password: 'canary-7731',
        newPassword: 'canary-new',
        logonFields: { '9001': 'canary-field' },
      },
    );
    const kept = JSON.stringify(
      table.store.frames.map((frame) => Buffer.from(frame.bytes).toString('latin1')),
    );
    expect(kept).toContain('554=***********');
    expect(kept).not.toContain('canary');
    expect(table.store.frames[0]?.message?.type).toBe('A');
    expect(table.store.frames[0]?.issues).toEqual([]);
  });

  test('that is refused tells their text, without our password in it', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|554=canary-7731
      < 35=5|34=1|58=canary-7731 is no password
      ~ trouble FIX_LOGON_REFUSED
      ! them: Logon(A) refused: *** is no password`,
      { ...initiator, password: 'canary-7731' },
    );
    expect(table.machine.core.hold).toBeUndefined();
  });

  test('that is refused for its number waits for an operator instead of hammering', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30
      < 35=5|34=1|58=MsgSeqNum too low, expecting 50 but received 1
      ~ trouble FIX_LOGON_REFUSED
      ~ held FIX_LOGON_REFUSED
      ! them: Logon(A) refused: MsgSeqNum too low, expecting 50 but received 1
      set 0 50
      connect
      > 35=A|34=50|98=0|108=30
      < 35=A|34=2|98=0|108=30`,
      initiator,
    );
    expect(table.store.state).toEqual({ epoch: 0, nextIn: 3, nextOut: 51 });
  });

  test('is answered with a number too high or too low', async () => {
    await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30
      < 35=A|34=4|98=0|108=30
      > 35=2|34=2|7=1|16=0
      ~ gap 1-3
      drop
      connect
      > 35=A|34=3|98=0|108=30
      < 35=A|34=0|98=0|108=30
      > 35=5|34=4|58=MsgSeqNum too low, expecting 1 but received 0
      ! us: MsgSeqNum too low, expecting 1 but received 0
      ~ held FIX_SEQUENCE_TOO_LOW`,
      initiator,
    );
  });

  test('with resetOnLogon begins an epoch before anything of it', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=A|34=1|98=0|108=30|141=Y
      < 35=0|34=2`,
      { ...initiator, resetOnLogon: true, state: { epoch: 0, nextIn: 40, nextOut: 30 } },
    );
    expect(table.store.frames.map(shownEntry)).toEqual([
      'epoch epoch',
      'message 1/out:1 A',
      'message 1/in:1 A',
      'signal signal',
      'message 1/in:2 0',
    ]);
    expect(table.store.state).toEqual({ epoch: 1, nextIn: 3, nextOut: 2 });
  });

  test('a reset of theirs in the answer is confirmed with a reset', async () => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=30|98=0|108=30
      < 35=A|34=1|98=0|108=30|141=Y
      > 35=A|34=1|98=0|108=30|141=Y`,
      { ...initiator, state: { epoch: 3, nextIn: 40, nextOut: 30 } },
    );
    expect(table.store.state).toEqual({ epoch: 4, nextIn: 2, nextOut: 2 });
  });

  test('what is given to us before the answer goes out behind it', async () => {
    await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30
      send D|11=A
      send D|11=B
      < 35=A|34=1|98=0|108=30
      > 35=D|34=2|11=A
      > 35=D|34=3|11=B`,
      initiator,
    );
  });
});
