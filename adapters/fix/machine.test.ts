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
      ~ gap 1-4
      > 35=2|34=2|7=1|16=0
      < 35=4|34=1|43=Y|122=@-1|36=6|123=Y
      ~ filled 1-4
      < 35=1|34=6|112=HELLO
      > 35=0|34=3|112=HELLO`);
  });
});
