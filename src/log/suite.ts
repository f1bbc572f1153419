import { afterEach, describe } from 'vitest';
import type { Log } from '../contract/log.ts';
import { appending, sizing, stating } from './suite-appending.ts';
import { repeating, revising } from './suite-origins.ts';
import { proving } from './suite-proof.ts';
import { reading, subscribing } from './suite-reading.ts';

/** One log under test, and its end. */
export interface LogUnderTest {
  readonly log: Log;
  dispose(): Promise<void>;
}

/**
 * Declares the tests that every engine of the log passes: this is what the contract in `src/contract/log.ts` says, one
 * sentence at a time.
 */
export function logSuite(engine: string, open: () => Promise<LogUnderTest>): void {
  const opened: LogUnderTest[] = [];
  const fresh = async (): Promise<Log> => {
    const one = await open();
    opened.push(one);
    return one.log;
  };
  describe(`${engine}: the entry log`, () => {
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose();
    });
    appending(fresh);
    stating(fresh);
    sizing(fresh);
    repeating(fresh);
    revising(fresh);
    reading(fresh);
    subscribing(fresh);
    proving(fresh);
  });
}
