import { describe, expect, test } from 'vitest';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { shownEntry } from './testing/transcript.ts';

describe('resets', () => {
  test('theirs within a running session begins an epoch', async () => {
    const table = await expectTranscript(`${greeted}
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
    const table = await expectTranscript(`${greeted}
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

  test('an operator’s reset outlives a restart, and connections that end before it is answered: one epoch', async () => {
    const before = await expectTranscript('reset', { role: 'initiator' });
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      drop
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=5|34=41|58=not now
      ~ trouble FIX_LOGON_REFUSED
      ! them: Logon(A) refused: not now
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=A|34=1|98=0|108=30|141=Y
      drop
      connect
      > 35=A|34=2|98=0|108=30`,
      { role: 'initiator', store: before.store },
    );
    expect(table.store.frames.map(shownEntry)).toEqual([
      'epoch epoch',
      'message 1/out:1 A',
      'message 1/conn A',
      'message 1/conn 5',
      'message 1/conn A',
      'message 1/in:1 A',
      'signal signal',
      'signal signal',
      'message 1/out:2 A',
    ]);
  });

  test('what is given to it before a reset is answered keeps its number, and goes out when it is', async () => {
    const table = await expectTranscript(
      `
      reset
      send U8|17=E2
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      send U8|17=E3
      drop
      send U8|17=E4
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      send U8|17=E5
      < 35=A|34=1|98=0|108=30|141=Y
      > 35=U8|34=2|43=Y|122=…|17=E2
      > 35=U8|34=3|43=Y|122=…|17=E3
      > 35=U8|34=4|43=Y|122=…|17=E4
      > 35=U8|34=5|17=E5
      send U8|17=E6
      > 35=U8|34=6|17=E6`,
      { role: 'initiator', state: { epoch: 0, nextIn: 7, nextOut: 9 } },
    );
    expect(table.store.state).toEqual({ epoch: 1, nextIn: 2, nextOut: 7 });
    expect(table.store.conflicts).toEqual([]);
  });

  test('numbers that an operator sets end the announcement of a reset', async () => {
    await expectTranscript(
      `
      reset
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      drop
      set 0 9
      connect
      > 35=A|34=9|98=0|108=30`,
      { role: 'initiator', state: { epoch: 0, nextIn: 7, nextOut: 9 } },
    );
  });

  test.each([
    'resetOnLogon',
    'resetOnDisconnect',
  ])('%s: an attempt that is not answered begins nothing', async (option) => {
    const table = await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      drop
      connect
      > 35=A|34=1|98=0|108=30|141=Y
      < 35=A|34=1|98=0|108=30|141=Y
      drop
      connect
      > 35=A|34=1|98=0|108=30|141=Y`,
      { role: 'initiator', [option]: true },
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
    const table = await expectTranscript(`${greeted}\n${lines}`, { [option]: true });
    expect(table.store.state.epoch).toBe(epoch);
  });
});
