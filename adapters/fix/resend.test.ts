import { describe, expect, test } from 'vitest';
import { expectTranscript, greeted } from './testing/expect-transcript.ts';
import { bench, play } from './testing/transcript.ts';
import { fixTime } from './time.ts';

describe('their ResendRequest(2)', () => {
  const busy = `${greeted}
      send D|11=A
      > 35=D|34=2|11=A
      < 35=1|34=2|112=T
      > 35=0|34=3|112=T
      send D|11=B
      > 35=D|34=4|11=B`;

  test('does not make what waits for its end too old', async () => {
    const table = bench();
    const { machine, store } = table;
    await play(table, `${greeted}\nsend D|11=A`);
    table.read('35=2|34=2|7=2|16=0');
    machine.send(table.now, 'D', [[11, 'B']]);
    for (const action of machine.take())
      if (action.do === 'append') await store.append(action.frames, action.state);
    table.now += 300e6;
    machine.storedEnd(table.now, machine.core.resend?.job ?? 0);
    const through = machine.core.resend?.job ?? 0;
    for await (const one of store.readOut(3, 3)) machine.stored(table.now, through, [one]);
    const written = machine.take().flatMap((action) => (action.do === 'write' ? action.writes : []));
    const time = fixTime(table.now, 'milliseconds');
    expect(written.map((bytes) => Buffer.from(bytes).toString('latin1'))).toEqual([
      expect.stringContaining(`\u000134=3\u000149=US\u000152=${time}\u0001`),
    ]);
  });

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

  test('with an end is answered to that end, in the oldest versions too', async () => {
    await expectTranscript(
      `${greeted}
      send D|11=A
      > 35=D|34=2|11=A
      send D|11=B
      > 35=D|34=3|11=B
      < 35=2|34=2|7=2|16=2
      > 35=D|34=2|43=Y|122=…|11=A
      < 35=2|34=3|7=2|16=999999
      > 35=D|34=2|43=Y|122=…|11=A
      > 35=D|34=3|43=Y|122=…|11=B`,
      { beginString: 'FIX.4.1' },
    );
  });

  test('that come while one is answered are answered as one, and nothing that another store brings late counts', async () => {
    const table = bench();
    await play(table, `${greeted}\nsend D|11=A\nsend D|11=B\nsend D|11=C`);
    const asked = (): unknown[] => table.machine.take().filter((action) => action.do === 'resend');
    table.read('35=2|34=2|7=4|16=4');
    const [first] = asked();
    expect(first).toMatchObject({ job: expect.any(Number), from: 4, to: 4 });
    table.read('35=2|34=3|7=3|16=3');
    table.read('35=2|34=4|7=2|16=2');
    table.read('35=2|34=5|7=4|16=4');
    expect(asked()).toEqual([]);
    const { job } = first as { readonly job: number };
    const late = { sequence: 4, bytes: table.store.frames.at(-1)?.bytes ?? new Uint8Array(0) };
    table.machine.stored(table.now, job + 1, [late]);
    table.machine.storedEnd(table.now, job + 1);
    expect(table.machine.take()).toEqual([]);
    table.machine.storedEnd(table.now, job);
    expect(asked()).toMatchObject([{ from: 2, to: 4 }]);
  });

  test('keeps the time of the first sending', async () => {
    const table = bench();
    await play(table, `${greeted}\nsend D|11=A`);
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
    await expectTranscript(`${greeted}
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
    await expectTranscript(`${greeted}
      < 35=2|34=2|${range}
      > 35=3|34=2|45=2|58=Value is incorrect (out of range) for this tag|371=7|372=2|373=5
      ~ trouble FIX_RESEND_RANGE`);
  });

  test('what was sent while nobody was connected is asked for and comes', async () => {
    await expectTranscript(`${greeted}
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
