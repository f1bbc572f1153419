import type { Clock } from '../core/clock.ts';
import type { Configuration } from './configuration.ts';
import type { Gateway } from './gateway.ts';
import type { Logger } from './logger.ts';
import type { Wiring } from './wiring.ts';

export interface RunOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wiring?: Wiring;
  /** Called once everything is open and the control socket listens. */
  readonly ready?: (gateway: Gateway) => void;
  /** Stops the gateway as SIGTERM does; for embedding. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a gateway in this process until SIGTERM, SIGINT, `stop` through the control socket or the signal: opens the log
 * and its projections, all channels and the control socket, and closes them in the opposite order. Resolves when all is
 * closed; a second signal ends the process at once (exit code 3). Throws {@link GatewayError} where it cannot start.
 */
export async function runGateway(_options: RunOptions): Promise<void> {
  throw new Error('not there yet');
}
