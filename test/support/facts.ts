import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    facts?: Record<string, string | number>;
  }
}

/**
 * Records what a long test did (its seed, its counts) beside its result: `npm run test:soak` writes it into
 * `docs/soak-report.md`. Later calls add to earlier ones.
 */
export function recordFacts(context: TestContext, facts: Readonly<Record<string, string | number>>): void {
  context.task.meta.facts = { ...context.task.meta.facts, ...facts };
}
