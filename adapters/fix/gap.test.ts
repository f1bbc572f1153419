import { describe, expect, test } from 'vitest';
import { latin1Text } from '../../src/core/bytes.ts';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { shownEntry } from './testing/transcript.ts';

describe('gaps', () => {
  test('are asked for once, and what came above them is taken in order', async () => {
    const table = await expectTranscript(`${greeted}
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

  test('are asked for again with every message above them where a counterparty wants it', async () => {
    await expectTranscript(
      `${greeted}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=U8|34=5|17=E5
      > 35=2|34=3|7=2|16=0
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      < 35=U8|34=6|17=E6
      > 35=2|34=4|7=3|16=0
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      ~ filled 2-3`,
      { sendRedundantResendRequests: true },
    );
  });

  test('another message under a number that is held is kept as well', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=3|17=E3
      > 35=2|34=2|7=2|16=0
      ~ gap 2-2
      < 35=U8|34=3|17=OTHER
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      < 35=U8|34=2|43=Y|122=@-1|17=E2
      ~ filled 2-2`);
    expect(table.store.conflicts).toEqual(['US-THEM/0/in:3']);
    const kept = table.store.frames.filter(({ direction, kind }) => direction === 'in' && kind === 'message');
    expect(kept.map(shownEntry)).toEqual(['message 0/in:1 A', 'message 0/in:3 U8', 'message 0/in:2 U8']);
    expect(table.store.state.nextIn).toBe(4);
  });

  test('what is held is not lost to a Logon(A) under its own number', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=3|17=E3
      > 35=2|34=2|7=2|16=0
      ~ gap 2-2
      drop
      connect
      < 35=A|34=3|98=0|108=30
      > 35=A|34=3|98=0|108=30
      > 35=2|34=4|7=2|16=0
      ~ trouble FIX_NUMBERS_REUSED
      ~ gap 2-2`);
    expect(table.store.frames.map(shownEntry)).toContain('quarantine 0/conn U8');
  });

  test('what is held is not lost to a counterparty that goes back behind it', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      drop
      connect
      < 35=A|34=3|98=0|108=30
      > 35=A|34=3|98=0|108=30
      > 35=2|34=4|7=2|16=0
      ~ trouble FIX_NUMBERS_REUSED
      ~ gap 2-2
      < 35=4|34=2|43=Y|122=@-1|36=4|123=Y
      ~ filled 2-2
      < 35=U8|34=4|17=NEW`);
    const trades = table.store.frames.filter(({ message }) => message?.type === 'U8');
    expect(trades.map(({ kind, bytes }) => `${kind} ${latin1Text(bytes).match(/17=(\w+)/)?.[1]}`)).toEqual([
      'quarantine E4',
      'message NEW',
    ]);
  });

  test('are asked for with 999999 before FIX 4.2', async () => {
    await expectTranscript(
      `${greeted}
      < 35=0|34=4
      > 35=2|34=2|7=2|16=999999
      ~ gap 2-3`,
      { beginString: 'FIX.4.1' },
    );
  });

  test('in chunks go on behind a gap fill that jumps past the chunk', async () => {
    await expectTranscript(
      `${greeted}
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
      `${greeted}
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
    const table = await expectTranscript(`${greeted}
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

  test('a gap fill of what an operator asks for again contradicts nothing that came then', async () => {
    const table = await expectTranscript(`${greeted}
      < 35=0|34=2
      < 35=U8|34=3|17=E3
      drop
      set 2 0
      connect
      < 35=A|34=4|98=0|108=30
      > 35=A|34=2|98=0|108=30
      > 35=2|34=3|7=2|16=0
      ~ gap 2-3
      < 35=4|34=2|43=Y|122=@-1|36=3|123=Y
      < 35=U8|34=3|43=Y|122=@-1|17=E3
      ~ filled 2-3`);
    expect(table.store.conflicts).toEqual([]);
    expect(table.store.state.nextIn).toBe(5);
  });

  test('a gap fill above the expected number waits for its turn', async () => {
    await expectTranscript(`${greeted}
      < 35=4|34=10|36=20|123=Y
      > 35=2|34=2|7=2|16=0
      ~ gap 2-9
      < 35=1|34=20|112=HELLO
      < 35=4|34=2|43=Y|122=@-1|36=10|123=Y
      > 35=0|34=3|112=HELLO
      ~ filled 2-9`);
  });

  test('a TestRequest(1) above a gap is answered when its turn comes, after half an interval at the latest, once', async () => {
    await expectTranscript(`${greeted}
      < 35=U8|34=4|17=E4
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=1|34=5|112=HELLO
      +14s
      +2s
      > 35=0|34=3|112=HELLO
      +2s
      < 35=4|34=2|43=Y|122=@-1|36=4|123=Y
      ~ filled 2-3
      < 35=1|34=6|112=AGAIN
      > 35=0|34=4|112=AGAIN`);
  });

  test('a TestRequest(1) that a gap fill jumps over, or that is let go, is answered all the same', async () => {
    await expectTranscript(
      `${greeted}
      < 35=1|34=4|112=HELD
      > 35=2|34=2|7=2|16=0
      ~ gap 2-3
      < 35=1|34=5|112=GO
      > 35=0|34=3|112=GO
      ~ trouble FIX_HELD_LIMIT
      < 35=4|34=2|43=Y|122=@-1|36=6|123=Y
      > 35=0|34=4|112=HELD
      ~ filled 2-5`,
      { limits: { fixHeldFramesMax: 1 } },
    );
  });

  test('a gap fill that jumps over what is held does not lose it', async () => {
    const table = await expectTranscript(`${greeted}
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
    await expectTranscript(`${greeted}
      < 35=4|34=0|36=25
      ~ trouble FIX_SEQUENCE_SKIPPED
      < 35=1|34=25|112=HELLO
      > 35=0|34=2|112=HELLO
      < 35=4|34=0|36=26|123=N
      < 35=1|34=26|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });

  test('to a lower number is rejected and takes none', async () => {
    await expectTranscript(`${greeted}
      < 35=4|34=0|36=1|123=N
      > 35=3|34=2|45=0|58=Value is incorrect (out of range) for this tag|372=4|373=5
      ~ trouble FIX_SEQUENCE_RESET_LOW
      < 35=1|34=2|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });

  test('as a gap fill below the expected number is ignored with PossDupFlag(43), and too low without', async () => {
    await expectTranscript(`${greeted}
      < 35=4|34=1|43=Y|122=@-1|36=20|123=Y
      < 35=1|34=2|112=HELLO
      > 35=0|34=2|112=HELLO
      < 35=4|34=1|36=20|123=Y
      > 35=5|34=3|58=MsgSeqNum too low, expecting 3 but received 1
      ! us: MsgSeqNum too low, expecting 3 but received 1
      ~ held FIX_SEQUENCE_TOO_LOW`);
  });
});
