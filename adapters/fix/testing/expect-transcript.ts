import { expect } from 'vitest';
import { type Bench, type BenchOptions, bench, plain, play } from './transcript.ts';

/** The beginning of most transcripts of an acceptor. */
export const greeted = `
  connect
  < 35=A|34=1|98=0|108=30
  > 35=A|34=1|98=0|108=30`;

/** Plays a transcript and expects it to go exactly as it is written. */
export async function expectTranscript(transcript: string, options: BenchOptions = {}): Promise<Bench> {
  const table = bench(options);
  expect(await play(table, transcript)).toBe(plain(transcript));
  return table;
}
