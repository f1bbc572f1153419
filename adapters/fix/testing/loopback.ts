import type { Session, SessionPorts, SessionSignal } from '../../../src/contract/session.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { type MemoryStore, memoryStore } from '../memory-store.ts';
import { type FixSessionOptionsInput, fixSessionOptions } from '../options.ts';
import { openFixSession } from '../session.ts';

/** A session over loopback with a store in memory and everything that it said: for tests. */
export interface Standing {
  readonly session: Session;
  readonly store: MemoryStore;
  readonly signals: readonly SessionSignal[];
  readonly port: number;
}

export async function stand(
  given: Partial<FixSessionOptionsInput>,
  store = memoryStore(),
  ports: Partial<SessionPorts> = {},
): Promise<Standing> {
  const options = fixSessionOptions.parse({
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    senderCompId: given.role === 'initiator' ? 'OPS' : 'FIRM',
    targetCompId: given.role === 'initiator' ? 'FIRM' : 'OPS',
    ...(given.role === 'initiator' && { host: '127.0.0.1' }),
    reconnectSecondsMin: 0.05,
    logoutTimeoutSeconds: 2,
    ...given,
  });
  const signals: SessionSignal[] = [];
  const report = (signal: SessionSignal): void => void signals.push(signal);
  const session = await openFixSession(options, { store, clock: systemClock(), limits, report, ...ports });
  const port = Number(session.status().address.split(':').at(-1));
  return { session, store, signals, port };
}

/** Resolves when a condition holds; rejects after ten seconds, saying which it was. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The text of a field of every message of a type that a store took, in order. */
export function valuesOf(store: MemoryStore, direction: 'in' | 'out', type: string, tag: number): string[] {
  return store.frames
    .filter((frame) => frame.direction === direction && frame.message?.type === type)
    .map(
      (frame) =>
        new RegExp(`\u0001${tag}=([^\u0001]*)`).exec(Buffer.from(frame.bytes).toString('latin1'))?.[1] ?? '',
    );
}
