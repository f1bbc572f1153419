import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';

/** Growth of the heap that a run may leave behind: what engines and caches keep, and far less than a leak would. */
const growthBytesMax = 24 * 1024 * 1024;

/** Runs all inputs; the heap after the last tenth may not be larger than after the first one, but for a little. */
export function withoutGrowth(count: number, run: (number: number) => void): void {
  let before = 0;
  for (let number = 0; number < count; number++) {
    if (number === Math.floor(count / 10)) before = heapAfterCollection();
    run(number);
  }
  expect(heapAfterCollection() - before).toBeLessThan(growthBytesMax);
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
