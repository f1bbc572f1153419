/**
 * How long a channel that stops waits for what it is at before it closes the connection under it. Reason: a commit takes
 * milliseconds, and what a counterparty does not answer can be done again; a stop never waits for one that hangs.
 */
export const stopMsMax = 2_000;

/** Waits, or ends early when the signal says so. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/** The value, or undefined when it did not come in time; the promise goes on, and its failure is nobody's surprise. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const late = pause(milliseconds, stop.signal).then(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
    promise.catch(() => undefined);
  }
}
