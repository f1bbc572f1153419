/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Seeded {
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number;
  /** A whole number between both, both in. */
  between(from: number, to: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Mulberry32: 32 bits of state, more than enough to spread trades over a morning. No use for anything secret. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}
