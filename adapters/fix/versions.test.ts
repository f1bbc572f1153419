import { describe, expect, test } from 'vitest';
import { latin1Text } from '../../src/core/bytes.ts';
import { beginStrings } from './options.ts';
import { expectTranscript } from './testing/expect-transcript.ts';
import { bench, play } from './testing/transcript.ts';

const applVerId = (beginString: string): string => (beginString === 'FIXT.1.1' ? '|1137=7' : '');

describe.each(beginStrings)('%s', (beginString) => {
  const version = applVerId(beginString);
  const greeted = `
      connect
      < 35=A|34=1|98=0|108=30${version}
      > 35=A|34=1|98=0|108=30${version}`;
  const old = beginString === 'FIX.4.0' || beginString === 'FIX.4.1';

  test('logs on, answers, asks to the end of its numbers, and logs out', async () => {
    await expectTranscript(
      `${greeted}
      < 35=1|34=2|112=HELLO
      > 35=0|34=2|112=HELLO
      < 35=8|34=5|17=E5
      > 35=2|34=3|7=3|16=${old ? '999999' : '0'}
      ~ gap 3-4
      < 35=4|34=3|43=Y|122=@-1|36=5|123=Y
      ~ filled 3-4
      < 35=2|34=6|7=1|16=${old ? '999999' : '0'}
      > 35=4|34=1|43=Y|122=…|36=4|123=Y
      < 35=5|34=7
      > 35=5|34=4
      ! them: Logout(5) of theirs`,
      { beginString },
    );
  });

  test('has the clock of its time', async () => {
    const table = bench({ beginString });
    await play(table, greeted);
    const times = table.store.frames
      .filter(({ direction, kind }) => direction === 'out' && kind === 'message')
      .map(({ bytes }) => /\u000152=([^\u0001]*)\u0001/.exec(latin1Text(bytes))?.[1]);
    expect(times).toEqual([old ? '20261110-14:30:00' : '20261110-14:30:00.000']);
  });

  test('says in each frame how its messages are read', async () => {
    const table = bench({ beginString });
    await play(table, `${greeted}\n< 35=U8|34=2|17=E2\nsend U9|11=A`);
    const contexts = table.store.frames
      .filter(({ kind }) => kind === 'message')
      .map(({ context }) => context);
    expect(contexts).toEqual(Array(4).fill(version === '' ? undefined : { applVerId: '7' }));
  });
});

describe('FIXT.1.1', () => {
  const options = { beginString: 'FIXT.1.1' } as const;

  test('is not spoken with whoever does not name the version of the application', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30
      ~ trouble FIX_LOGON_INVALID
      ! us: DefaultApplVerID(1137) is missing`,
      options,
    );
    expect(table.store.frames.map(({ kind }) => kind)).toEqual(['quarantine']);
  });

  test('nor in a version that there is not', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|1137=77
      > 35=5|34=1|58=DefaultApplVerID(1137) cannot be 77
      ~ trouble FIX_LOGON_INVALID
      ! us: DefaultApplVerID(1137) cannot be 77`,
      options,
    );
  });

  test('each side has its own version: what is configured is said, theirs is read', async () => {
    const table = await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|1137=7
      > 35=A|34=1|98=0|108=30|1137=9
      < 35=8|34=2|17=E2
      send 8|17=E1
      > 35=8|34=2|17=E1`,
      { ...options, defaultApplVerId: '9' },
    );
    const said = table.store.frames
      .filter(({ message }) => message?.type === '8')
      .map(({ direction, context }) => `${direction} ${context?.['applVerId']}`);
    expect(said).toEqual(['in 7', 'out 9']);
  });

  test('the next Logon(A) may name another one', async () => {
    await expectTranscript(
      `
      connect
      < 35=A|34=1|98=0|108=30|1137=7
      > 35=A|34=1|98=0|108=30|1137=7
      drop
      connect
      < 35=A|34=2|98=0|108=30|1137=9
      > 35=A|34=2|98=0|108=30|1137=9`,
      options,
    );
  });

  test('an initiator says the one that it is configured with', async () => {
    await expectTranscript(
      `
      connect
      > 35=A|34=1|98=0|108=30|1137=8
      < 35=A|34=1|98=0|108=30|1137=9`,
      { ...options, role: 'initiator', defaultApplVerId: '8' },
    );
  });
});

test('DefaultApplVerID(1137) is nothing that an older version says or hears', async () => {
  const table = await expectTranscript(
    `
      connect
      < 35=A|34=1|98=0|108=30|1137=9
      > 35=A|34=1|98=0|108=30`,
    { defaultApplVerId: '9' },
  );
  expect(table.store.frames.map(({ context }) => context)).toEqual([undefined, undefined, undefined]);
});
