import type { Projection } from '../contract/projection.ts';
import type { Clock } from '../core/clock.ts';
import type { ProjectionStore } from '../log/index.ts';
import type { Configuration } from './configuration.ts';
import { controlSocket, type Opened } from './control.ts';
import { serveControl } from './control-server.ts';
import { type Follower, type Gateway, openGateway } from './gateway.ts';
import { LocalControl } from './local-control.ts';
import type { Logger } from './logger.ts';
import type { OwnLog } from './own-log.ts';
import { viewedQuarantine } from './quarantine-index.ts';
import type { Wiring } from './wiring.ts';

/** Something that follows the log for as long as the gateway runs. */
export interface RunFollower extends Follower {
  start(): void;
}

export interface RunOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wiring?: Wiring;
  /** Called once everything is open and the control socket listens. */
  readonly ready?: (gateway: Gateway) => void;
  /** Stops the gateway as SIGTERM does; for embedding. */
  readonly signal?: AbortSignal;
  /** Views that are folded beside the gateway's own. */
  readonly projections?: readonly Projection<ProjectionStore>[];
  /** What follows the log beside the views, such as a bridge to a ledger: begun after them, closed before them. */
  readonly followers?: (own: Pick<OwnLog, 'log' | 'projections'>) => readonly RunFollower[];
  /** Opens the log and what follows it. Default: the embedded engine and its views, over the data directory. */
  readonly open?: () => Promise<Opened>;
}

/**
 * Runs a gateway in this process until SIGTERM, SIGINT, `stop` through the control socket or the signal: opens the log
 * and its projections, the control socket and all channels, and closes them in the opposite order. Resolves when all is
 * closed; a second SIGTERM or SIGINT ends the process at once, with exit code 3. Throws where it cannot start.
 */
export async function runGateway(options: RunOptions): Promise<void> {
  let stop: (reason: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const release = onSignals(options, stop);
  try {
    await runUntil(options, stopped, stop);
  } finally {
    release();
  }
}

async function runUntil(
  options: RunOptions,
  stopped: Promise<string>,
  stop: (reason: string) => void,
): Promise<void> {
  const { configuration, clock, logger, wiring } = options;
  const opened = await (options.open ?? (() => openOwn(options)))();
  const { log, index, outbox } = opened;
  try {
    const gateway = openGateway({
      configuration,
      clock,
      logger,
      log,
      ...(wiring && { wiring }),
      ...(index && { index }),
      ...(outbox && { outbox }),
    });
    const control = new LocalControl({ desk: gateway.desk, gateway, stop, close: async () => undefined });
    const path = controlSocket(configuration.data);
    const server = await serveControl({ path, control, mask: configuration.mask, logger });
    try {
      await gateway.start();
      logger.info({ data: configuration.data, channels: [...configuration.channels.keys()] }, 'running');
      options.ready?.(gateway);
      const reason = await stopped;
      logger.info({ reason }, 'stopping');
      await gateway.stop(reason);
    } finally {
      await server.close();
      await control.close();
    }
  } finally {
    await opened.close();
  }
  logger.info('stopped');
}

async function openOwn({ configuration, clock, projections, followers }: RunOptions): Promise<Opened> {
  const { openOwnLog } = await import('./own-log.ts');
  const own = await openOwnLog(configuration.data, clock, projections);
  own.projections.follow();
  const following = followers?.(own) ?? [];
  for (const follower of following) follower.start();
  const close = async (): Promise<void> => {
    await Promise.all(following.map((follower) => follower.close()));
    await own.close();
  };
  return { log: own.log, index: viewedQuarantine(own.projections, true), outbox: own.outbox, close };
}

/** The first signal stops, the second ends. Gives back what takes the handlers off. */
function onSignals({ logger, signal }: RunOptions, stop: (reason: string) => void): () => void {
  let asked = false;
  const take = (name: NodeJS.Signals): void => {
    if (asked) {
      logger.fatal({ signal: name }, 'stopping at once');
      process.exit(3);
    }
    asked = true;
    stop(name);
  };
  const aborted = (): void => stop('stopped by its host');
  process.on('SIGTERM', take);
  process.on('SIGINT', take);
  signal?.addEventListener('abort', aborted);
  if (signal?.aborted === true) aborted();
  return () => {
    process.off('SIGTERM', take);
    process.off('SIGINT', take);
    signal?.removeEventListener('abort', aborted);
  };
}
