/** A whole number that a run can be repeated with: `CLEARPORT_SEED`, or a new one. Say it in every failure. */
export function seedOfRun(): number {
  const given = process.env['CLEARPORT_SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number.parseInt(given, 10);
}

/**
 * A stream of numbers from 0 (in) to 1 (out) that a seed fixes for ever.
 * Source: Mulberry32, Tommy Ettinger, 2017 (public domain).
 */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
