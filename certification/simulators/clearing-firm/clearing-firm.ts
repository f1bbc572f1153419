import type { SessionStore } from '../../../src/contract/session.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { type FirmNews, openFixSide } from './fix-side.ts';
import { simulatedFirm } from './market.ts';
import { type MorningOptions, morning } from './morning.ts';

export interface ClearingFirmOptions extends MorningOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Messages a second; 0: as fast as the session takes them. */
  readonly rate: number;
  readonly clock: Clock;
  /** What the session remembers; left out: nothing beyond this run. */
  readonly store?: SessionStore;
  tell(news: FirmNews): void;
}

/** A simulated clearing firm that listens, and plays its morning to whoever logs on. */
export interface ClearingFirm {
  readonly port: number;
  /** Resolves once everything was played and the other side has it all. */
  readonly played: Promise<void>;
  close(): Promise<void>;
}

/** Opens the firm: a true FIX 4.4 acceptor on 127.0.0.1 behind a line that can lose, garble and repeat. */
export async function openClearingFirm(options: ClearingFirmOptions): Promise<ClearingFirm> {
  const { port, rate, clock, store, tell } = options;
  const side = await openFixSide({
    port,
    rate,
    clock,
    tell,
    ...(store !== undefined && { store }),
    fresh: store === undefined,
    senderCompId: simulatedFirm.clearer,
    targetCompId: simulatedFirm.broker,
    steps: morning(options).steps,
  });
  tell({ news: 'listening', port: side.port });
  return { port: side.port, played: side.play(), close: () => side.close('the simulation ends') };
}
