import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, as long as a test may take at most; says so where it does not come. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  millisMax = 20_000,
): Promise<void> {
  const end = performance.now() + millisMax;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${String(condition)}`);
    await sleep(5);
  }
}
