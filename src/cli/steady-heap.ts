import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap of this process near what it needs. V8 doubles the space for new objects, up to 64 MiB and more, whenever enough
 * of them outlive a collection, and lets old garbage grow to a multiple of what is alive; the objects of a busy session live until
 * their commit, so both would grow for as long as messages come. Here the first stays as it is, and the second is collected at
 * twice of what is alive. Source of the flags: `node --v8-options`. `test/live-memory.soak.test.ts` holds it.
 */
export function keepHeapSteady(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}
