import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap of this process near what it needs. The objects of a busy session live until their commit, so V8 takes them for
 * lasting ones, and would do three things that a gateway pays for as long as messages come:
 * - double the space for new objects, up to 64 MiB and more, whenever enough of them outlive a collection: it stays as it is;
 * - let old garbage grow to a multiple of what is alive: it is collected at twice of what is alive;
 * - after a single slow commit, make such objects among the old ones from the start, which then have to be collected as a whole
 *   three times a second, on the cores that the commits need (some 130 ms of p99 at 50,000 messages a second): it does not.
 * Source of the flags: `node --v8-options`. `test/live-memory.soak.test.ts` holds the memory, `npm run bench -- live` shows the rest.
 */
export function keepHeapSteady(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--no-allocation-site-pretenuring');
}
