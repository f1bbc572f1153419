import { describe, expect, test } from 'vitest';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { bench, play } from './testing/transcript.ts';

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

  test('nobody is hung up on unasked: after a pause of our own the peer has an interval to answer', async () => {
    const table = bench();
    await play(table, `${greeted}`);
    table.now += 3600e6;
    table.machine.tick(table.now);
    expect(await table.said()).toEqual(['> 35=0|34=2', '> 35=1|34=3|112=TEST']);
    expect(await play(table, '+29.9s\n+0.1s')).toBe(
      '+29.9s\n+0.1s\n~ trouble FIX_PEER_SILENT\n! us: the peer is silent',
    );
  });

  test('what is due first goes out first, however late we come', async () => {
    const table = bench();
    await play(table, `${greeted}\n+20s\nsend U9|58=x`);
    table.now += 17e6;
    table.machine.tick(table.now);
    expect(await table.said()).toEqual(['> 35=1|34=3|112=TEST']);
  });

  test('while a resend runs nobody is told that we are here', async () => {
    const table = bench();
    await play(table, `${greeted}\nsend U9|58=x`);
    table.read('35=2|34=2|7=1|16=0');
    const [asked] = table.machine.take().filter((action) => action.do === 'resend');
    for (let second = 0; second < 35; second++) {
      table.now += 1e6;
      table.machine.tick(table.now);
    }
    expect(table.machine.take()).toEqual([]);
    expect(asked).toMatchObject({ from: 1, to: 2 });
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
    await expectTranscript(`${greeted}
      < 35=5|34=2
      > 35=5|34=2
      ! them: Logout(5) of theirs`);
  });

  test('of theirs waits until what is missing has come', async () => {
    const table = await expectTranscript(`${greeted}
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
    await expectTranscript(`${greeted}
      < 35=5|34=4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      +5s
      > 35=5|34=3
      ! them: Logout(5) of theirs`);
    const table = await expectTranscript(
      `${greeted}
      < 35=5|34=4
      > 35=5|34=2
      ! them: Logout(5) of theirs`,
      { logoutWaitsForGap: false },
    );
    expect(table.store.state.nextIn).toBe(2);
  });

  test('of theirs is answered behind what we still have to say', async () => {
    const table = bench();
    await play(table, `${greeted}\nsend D|11=A`);
    table.read('35=2|34=2|7=2|16=0');
    table.machine.send(table.now, 'D', [[11, 'B']]);
    table.read('35=5|34=3');
    expect(await table.said()).toEqual([
      '> 35=D|34=2|43=Y|122=…|11=A',
      '> 35=D|34=3|11=B',
      '> 35=5|34=4',
      '! them: Logout(5) of theirs',
    ]);
  });

  test('of theirs is not answered where there was no time to say what was asked for', async () => {
    const table = bench();
    await play(table, `${greeted}\nsend D|11=A`);
    table.read('35=2|34=2|7=2|16=0');
    table.read('35=5|34=3');
    for (let second = 1; second <= 5; second++) {
      table.now += 1e6;
      table.machine.tick(table.now);
    }
    const actions = table.machine.take();
    expect(actions.filter((action) => action.do === 'disconnect')).toHaveLength(1);
    expect(actions.flatMap((action) => (action.do === 'append' ? action.writes : []))).toEqual([]);
  });

  test('of theirs with a number too low is answered, and the session held', async () => {
    await expectTranscript(`${greeted}
      < 35=0|34=2
      < 35=5|34=1
      > 35=5|34=2
      ! them: Logout(5) of theirs
      ~ held FIX_SEQUENCE_TOO_LOW`);
  });

  test('of ours waits for the answer, and takes what comes before it', async () => {
    const table = await expectTranscript(`${greeted}
      logout good night
      > 35=5|34=2|58=good night
      < 35=U8|34=2|17=E2
      < 35=5|34=3
      ! us: Logout(5) answered`);
    expect(table.store.state.nextIn).toBe(4);
  });

  test('of ours that is not answered ends all the same', async () => {
    await expectTranscript(`${greeted}
      logout
      > 35=5|34=2
      +5s
      ! us: no answer to Logout(5) in time`);
  });
});

describe('a Logout(5) of theirs that waits for a gap', () => {
  test.each(['+5s', '< 35=4|34=2|43=Y|36=4|123=Y'])('is not answered a second time: %s', async (end) => {
    const table = bench({ logoutTimeoutSeconds: 2 });
    await play(table, 'connect\n< 35=A|34=1|98=0|108=0\n< 35=5|34=4');
    const said = await play(table, `logout good night\n${end}`);
    expect(said.split('\n').filter((line) => line.startsWith('> 35=5'))).toEqual([
      '> 35=5|34=3|58=good night',
    ]);
    expect(said).toContain('\n! ');
  });
});
