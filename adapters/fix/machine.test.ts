import { describe, expect, test } from 'vitest';
import { type Bench, type BenchOptions, bench, plain, play, shownEntry } from './transcript.ts';

/** Plays a transcript and expects it to go exactly as it is written. */
async function expectTranscript(transcript: string, options: BenchOptions = {}): Promise<Bench> {
  const table = bench(options);
  expect(await play(table, transcript)).toBe(plain(transcript));
  return table;
}

const logon = `
  connect
  < 35=A|34=1|98=0|108=30
  > 35=A|34=1|98=0|108=30`;

describe('logon of an acceptor', () => {
  test('is answered with their HeartBtInt(108)', async () => {
    const table = await expectTranscript(logon);
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
    await expectTranscript(`${logon}
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

describe('resets', () => {
  test('theirs within a running session begins an epoch', async () => {
    const table = await expectTranscript(`${logon}
      < 35=0|34=2
      < 35=A|34=1|98=0|108=30|141=Y
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=1|34=2|112=1
      > 35=0|34=2|112=1`);
    expect(table.store.frames.map(shownEntry)).toEqual([
      'message 0/in:1 A',
      'message 0/out:1 A',
      'signal signal',
      'message 0/in:2 0',
      'epoch epoch',
      'message 1/in:1 A',
      'message 1/out:1 A',
      'signal signal',
      'message 1/in:2 1',
      'message 1/out:2 0',
    ]);
  });

  test('what is held above a gap is kept before it, and what is lost is said', async () => {
    const table = await expectTranscript(`${logon}
      < 35=U8|34=5|17=E5
      > 35=2|34=2|7=2|16=0
      ~ gap 2-4
      < 35=A|34=1|98=0|108=30|141=Y
      > 35=A|34=1|98=0|108=30|141=Y
      ~ trouble FIX_RESET_LOSES`);
    expect(table.store.frames.map(shownEntry)).toContain('message 0/in:5 U8');
  });

  test('is refused where it is not accepted', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|141=Y
      > 35=5|34=9|58=ResetSeqNumFlag(141)=Y is not accepted
      ~ trouble FIX_RESET_REFUSED
      ! us: ResetSeqNumFlag(141)=Y is not accepted`,
      { acceptReset: false, state: { epoch: 0, nextIn: 7, nextOut: 9 } },
    );
  });

  test('an operator resets, and the next Logon(A) says so', async () => {
    const table = await expectTranscript(
      `
      reset
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=A|34=1|98=0|108=30|141=Y
      drop
      connect
      > 35=A|34=2|98=0|108=30`,
      { role: 'initiator', state: { epoch: 0, nextIn: 7, nextOut: 9 } },
    );
    expect(table.store.state.epoch).toBe(1);
  });

  test('an operator who takes our numbers back begins an epoch: an origin is never used twice', async () => {
    const table = await expectTranscript('set 0 3', { state: { epoch: 0, nextIn: 7, nextOut: 9 } });
    expect(table.store.state).toEqual({ epoch: 1, nextIn: 7, nextOut: 3 });
  });

  test.each([
    ['resetOnLogout', '< 35=5|34=2\n> 35=5|34=2\n! them: Logout(5) of theirs', 1],
    ['resetOnLogout', 'drop', 0],
    ['resetOnDisconnect', 'drop', 1],
  ])('%s: after %s', async (option, lines, epoch) => {
    const table = await expectTranscript(`${logon}\n${lines}`, { [option]: true });
    expect(table.store.state.epoch).toBe(epoch);
  });
});

describe('gaps', () => {
  test('are asked for once, and what came above them is taken in order', async () => {
    const table = await expectTranscript(`${logon}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=U8|34=5|17=E5
      < 35=1|34=6|112=LATE
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      > 35=0|34=3|112=LATE
      ~ filled 2-3
      < 35=U8|34=4|43=Y|122=@-1|17=E4
      < 35=U8|34=5|43=Y|122=@-1|17=E5`);
    const inbound = table.store.frames.filter(
      (frame) => frame.direction === 'in' && frame.kind === 'message',
    );
    expect(inbound.map(shownEntry)).toEqual([
      'message 0/in:1 A',
      'message 0/in:2 U8',
      'message 0/in:3 U8',
      'message 0/in:4 U8',
      'message 0/in:5 U8',
      'message 0/in:6 1',
    ]);
    expect(table.store.repeats).toBe(2);
    expect(table.store.conflicts).toEqual([]);
  });

  test('are asked for with 999999 before FIX 4.2', async () => {
    await expectTranscript(
      `${logon}
      < 35=0|34=4
      > 35=2|34=2|7=2|16=999999
      ~ gap 2-3`,
      { beginString: 'FIX.4.1' },
    );
  });

  test('in chunks go on behind a gap fill that jumps past the chunk', async () => {
    await expectTranscript(
      `${logon}
      < 35=0|34=12
      > 35=2|34=2|7=2|16=4
      ~ gap 2-11
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=4|34=3|43=Y|122=@-1|36=7|123=Y
      > 35=2|34=3|7=7|16=9
      < 35=4|34=7|43=Y|122=@-1|36=11|123=Y
      > 35=2|34=4|7=11|16=11
      < 35=U8|34=11|43=Y|122=@-1|17=E11
      ~ filled 2-11
      < 35=0|34=13`,
      { resendRequestChunkSize: 3 },
    );
  });

  test('above the limit messages are let go, and the same request brings them', async () => {
    const table = await expectTranscript(
      `${logon}
      < 35=U8|34=3|17=E3
      > 35=2|34=2|7=2|16=0
      ~ gap 2-2
      < 35=U8|34=4|17=E4
      < 35=U8|34=5|17=E5
      ~ trouble FIX_HELD_LIMIT
      < 35=U8|34=6|17=E6
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      < 35=U8|34=4|43=Y|122=@-1|17=E4
      < 35=U8|34=5|43=Y|122=@-1|17=E5
      < 35=U8|34=6|43=Y|122=@-1|17=E6
      ~ filled 2-6`,
      { limits: { fixHeldFramesMax: 2 } },
    );
    expect(table.store.state.nextIn).toBe(7);
  });

  test('that nothing fills are asked for again, each time later', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=3|98=0|108=0
      > 35=A|34=1|98=0|108=0
      > 35=2|34=2|7=1|16=0
      ~ gap 1-2
      +29.9s
      < 35=0|34=4
      +0.1s
      > 35=2|34=3|7=1|16=0
      ~ trouble FIX_RESEND_STALLED
      +59.9s
      +0.1s
      > 35=2|34=4|7=1|16=0
      ~ trouble FIX_RESEND_STALLED`,
    );
  });

  test('survive a lost connection: what was held is not asked for again', async () => {
    const table = await expectTranscript(`${logon}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      drop
      connect
      < 35=A|34=5|98=0|108=30
      > 35=A|34=3|98=0|108=30
      > 35=2|34=4|7=2|16=0
      ~ gap 2-3
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      ~ filled 2-3
      < 35=0|34=6`);
    expect(table.store.state.nextIn).toBe(7);
  });

  test('a gap fill above the expected number waits for its turn', async () => {
    await expectTranscript(`${logon}
      < 35=4|34=10|36=20|123=Y
      > 35=2|34=2|7=2|16=0
      ~ gap 2-9
      < 35=1|34=20|112=HELLO
      < 35=4|34=2|43=Y|122=@-1|36=10|123=Y
      > 35=0|34=3|112=HELLO
      ~ filled 2-9`);
  });

  test('a gap fill that jumps over what is held does not lose it', async () => {
    const table = await expectTranscript(`${logon}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=4|34=2|43=Y|122=@-1|36=9|123=Y
      ~ filled 2-3`);
    expect(table.store.frames.map(shownEntry)).toContain('message 0/in:4 U8');
    expect(table.store.state.nextIn).toBe(9);
  });
});

describe('SequenceReset(4)', () => {
  test('in reset mode moves the number on whatever its own is, and says what will not come', async () => {
    await expectTranscript(`${logon}
      < 35=4|34=0|36=25
      ~ trouble FIX_SEQUENCE_SKIPPED
      < 35=1|34=25|112=HELLO
      > 35=0|34=2|112=HELLO
      < 35=4|34=0|36=26|123=N
      < 35=1|34=26|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });

  test('to a lower number is rejected and takes none', async () => {
    await expectTranscript(`${logon}
      < 35=4|34=0|36=1|123=N
      > 35=3|34=2|45=0|58=Value is incorrect (out of range) for this tag|372=4|373=5
      ~ trouble FIX_SEQUENCE_RESET_LOW
      < 35=1|34=2|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });

  test('as a gap fill below the expected number is ignored with PossDupFlag(43), and too low without', async () => {
    await expectTranscript(`${logon}
      < 35=4|34=1|43=Y|122=@-1|36=20|123=Y
      < 35=1|34=2|112=HELLO
      > 35=0|34=2|112=HELLO
      < 35=4|34=1|36=20|123=Y
      > 35=5|34=3|58=MsgSeqNum too low, expecting 3 but received 1
      ! us: MsgSeqNum too low, expecting 3 but received 1
      ~ held FIX_SEQUENCE_TOO_LOW`);
  });
});

describe('their ResendRequest(2)', () => {
  const busy = `${logon}
      send D|11=A
      > 35=D|34=2|11=A
      < 35=1|34=2|112=T
      > 35=0|34=3|112=T
      send D|11=B
      > 35=D|34=4|11=B`;

  test('is answered with PossDup messages and gap fills', async () => {
    const table = await expectTranscript(`${busy}
      < 35=2|34=3|7=1|16=0
      > 35=4|34=1|43=Y|122=…|36=2|123=Y
      > 35=D|34=2|43=Y|122=…|11=A
      > 35=4|34=3|43=Y|122=…|36=4|123=Y
      > 35=D|34=4|43=Y|122=…|11=B
      < 35=2|34=4|7=2|16=3
      > 35=D|34=2|43=Y|122=…|11=A
      > 35=4|34=3|43=Y|122=…|36=4|123=Y`);
    expect(table.store.state.nextOut).toBe(5);
    expect(table.store.conflicts).toEqual([]);
  });

  test('keeps the time of the first sending', async () => {
    const table = bench();
    await play(table, `${logon}\nsend D|11=A`);
    table.now += 5_000_000;
    table.read('35=2|34=2|7=2|16=2');
    const written: string[] = [];
    for (let actions = table.machine.take(); actions.length > 0; actions = table.machine.take()) {
      for (const action of actions) {
        if (action.do === 'append')
          written.push(...action.writes.map((bytes) => Buffer.from(bytes).toString('latin1')));
        if (action.do !== 'resend') continue;
        for await (const stored of table.store.readOut(action.from, action.to))
          table.machine.stored(table.now, action.job, [stored]);
        table.machine.storedEnd(table.now, action.job);
      }
    }
    expect(written.join()).toContain(
      '\u000152=20261110-14:30:05.000\u000156=THEM\u0001122=20261110-14:30:00.000\u0001',
    );
  });

  test('above a gap is answered at once, and not a second time', async () => {
    await expectTranscript(`${logon}
      send D|11=A
      > 35=D|34=2|11=A
      < 35=0|34=7
      > 35=2|34=3|7=2|16=0
      ~ gap 2-6
      < 35=2|34=8|7=2|16=2
      > 35=D|34=2|43=Y|122=…|11=A
      < 35=4|34=2|43=Y|122=@-1|36=7|123=Y
      ~ filled 2-6
      < 35=1|34=9|112=T
      > 35=0|34=4|112=T`);
  });

  test.each(['7=9|16=0', '7=0|16=0', '7=2|16=1', '16=0'])('for %s is rejected', async (range) => {
    await expectTranscript(`${logon}
      < 35=2|34=2|${range}
      > 35=3|34=2|45=2|58=Value is incorrect (out of range) for this tag|371=7|372=2|373=5
      ~ trouble FIX_RESEND_RANGE`);
  });

  test('what was sent while nobody was connected is asked for and comes', async () => {
    await expectTranscript(`${logon}
      drop
      send D|11=A
      send D|11=B
      connect
      < 35=A|34=2|98=0|108=30
      > 35=A|34=4|98=0|108=30
      < 35=2|34=3|7=2|16=0
      > 35=D|34=2|43=Y|122=…|11=A
      > 35=D|34=3|43=Y|122=…|11=B
      > 35=4|34=4|43=Y|122=…|36=5|123=Y`);
  });
});

describe('messages that cannot be taken', () => {
  test('a number too low is never accepted', async () => {
    const table = await expectTranscript(`${logon}
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
      `${logon}
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
    const table = await expectTranscript(`${logon}
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
    ['52=yesterday', '371=52', 'Incorrect data format for value', 6],
  ])('a header with %s is rejected and its number taken', async (field, tag, text, reason) => {
    const table = await expectTranscript(`${logon}
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
    await expectTranscript(`${logon}
      < 35=0|34=2|${field}
      > 35=3|34=2|45=2|58=${text}|372=0|373=${reason}
      > 35=5|34=3
      ~ trouble ${code}
      < 35=5|34=3
      ! us: Logout(5) answered`);
  });

  test('SendingTime(52) is not compared where that is switched off', async () => {
    await expectTranscript(
      `${logon.replace('108=30', '108=0').replace('108=30', '108=0')}
      < 35=1|34=2|52=@-9999|112=T
      > 35=0|34=2|112=T`,
      { checkLatency: false },
    );
  });

  test('another BeginString(8) is left with a text', async () => {
    await expectTranscript(`${logon}
      < 8=FIX.4.1|35=1|34=2|112=T
      > 35=5|34=2|58=Incorrect BeginString
      ~ trouble FIX_BEGIN_STRING
      < 35=5|34=3
      ! us: Logout(5) answered`);
  });

  test('no MsgSeqNum(34) ends the session', async () => {
    await expectTranscript(`${logon}
      < 35=0
      > 35=5|34=2|58=MsgSeqNum(34) is missing or no number
      ~ trouble FIX_SEQUENCE_MISSING
      ! us: MsgSeqNum(34) is missing or no number`);
  });

  test('a repeat without OrigSendingTime(122), or one from the future, is rejected', async () => {
    const table = await expectTranscript(`${logon}
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

  test('a Reject(3) goes back the way its message came', async () => {
    await expectTranscript(`${logon}
      < 35=0|34=2|115=JCD|116=CS|52=-
      > 35=3|34=2|128=JCD|129=CS|45=2|58=Required tag missing|371=52|372=0|373=1
      ~ trouble FIX_SESSION_FIELD`);
  });

  test('with validate: full what the dictionary objects to is rejected, else it is kept', async () => {
    const line = '< 35=8|34=2|17=E2|54=w';
    const strict = bench({ validate: 'full' });
    expect(await play(strict, `${logon}\n${line}`)).toContain('> 35=3|34=2|45=2|');
    const lenient = bench();
    expect(await play(lenient, `${logon}\n${line}`)).toBe(plain(`${logon}\n${line}`));
    expect(lenient.store.state.nextIn).toBe(3);
  });
});

describe('time', () => {
  test('a Heartbeat(0) at the interval, a TestRequest(1) at 1.2, the end at 2.4', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=1|98=0|108=10
      > 35=A|34=1|98=0|108=10
      +9.9s
      +0.1s
      > 35=0|34=2
      +1.9s
      +0.1s
      > 35=1|34=3|112=TEST
      +11.9s
      +0.1s
      ~ trouble FIX_PEER_SILENT
      ! us: the peer is silent`);
  });

  test('an answer to the TestRequest(1) keeps the session', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=1|98=0|108=10
      > 35=A|34=1|98=0|108=10
      +12s
      > 35=0|34=2
      > 35=1|34=3|112=TEST
      < 35=0|34=2|112=TEST
      +10s
      > 35=0|34=4`);
  });

  test('HeartBtInt(108)=0 turns all of it off', async () => {
    await expectTranscript(`
      connect
      < 35=A|34=1|98=0|108=0
      > 35=A|34=1|98=0|108=0
      +900s`);
  });
});

describe('logout', () => {
  test('of theirs is answered', async () => {
    await expectTranscript(`${logon}
      < 35=5|34=2
      > 35=5|34=2
      ! them: Logout(5) of theirs`);
  });

  test('of theirs waits until what is missing has come', async () => {
    const table = await expectTranscript(`${logon}
      < 35=5|34=4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      > 35=5|34=3
      ~ filled 2-3
      ! them: Logout(5) of theirs`);
    expect(table.store.state.nextIn).toBe(5);
  });

  test('of theirs does not wait for ever, nor where it should not', async () => {
    await expectTranscript(`${logon}
      < 35=5|34=4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      +5s
      > 35=5|34=3
      ! them: Logout(5) of theirs`);
    const table = await expectTranscript(
      `${logon}
      < 35=5|34=4
      > 35=5|34=2
      ! them: Logout(5) of theirs`,
      { logoutWaitsForGap: false },
    );
    expect(table.store.state.nextIn).toBe(2);
  });

  test('of theirs with a number too low is answered, and the session held', async () => {
    await expectTranscript(`${logon}
      < 35=0|34=2
      < 35=5|34=1
      > 35=5|34=2
      ! them: Logout(5) of theirs
      ~ held FIX_SEQUENCE_TOO_LOW`);
  });

  test('of ours waits for the answer, and takes what comes before it', async () => {
    const table = await expectTranscript(`${logon}
      logout good night
      > 35=5|34=2|58=good night
      < 35=U8|34=2|17=E2
      < 35=5|34=3
      ! us: Logout(5) answered`);
    expect(table.store.state.nextIn).toBe(4);
  });

  test('of ours that is not answered ends all the same', async () => {
    await expectTranscript(`${logon}
      logout
      > 35=5|34=2
      +5s
      ! us: no answer to Logout(5) in time`);
  });
});

describe('numbers told to the peer', () => {
  test('LastMsgSeqNumProcessed(369) is on everything', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30
      > 35=A|34=1|369=1|98=0|108=30
      < 35=U8|34=2|17=E2
      < 35=1|34=3|112=T
      > 35=0|34=2|369=3|112=T`,
      { lastMsgSeqNumProcessed: true },
    );
  });

  test('NextExpectedMsgSeqNum(789) replaces the ResendRequest(2) of both', async () => {
    await expectTranscript(
      `
      send D|11=A
      connect
      < 35=A|34=3|98=0|108=30|789=1
      > 35=A|34=2|98=0|108=30|789=1
      > 35=D|34=1|43=Y|122=…|11=A
      ~ gap 1-2
      < 35=4|34=1|43=Y|122=@-1|36=4|123=Y
      ~ filled 1-2`,
      { nextExpectedMsgSeqNum: true },
    );
  });

  test('one that we never reached is refused and held', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|789=9
      > 35=5|34=1|58=NextExpectedMsgSeqNum(789) too high, expecting 1 but received 9
      ~ trouble FIX_LOGON_INVALID
      ! us: NextExpectedMsgSeqNum(789) too high, expecting 1 but received 9
      ~ held FIX_LOGON_INVALID`,
      { nextExpectedMsgSeqNum: true },
    );
  });
});
