import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../contract/log.ts';
import type { Projection } from '../contract/projection.ts';
import type { Clock } from '../core/clock.ts';
import { systemCode } from '../core/errors.ts';
import { openProjections, openSqliteLog, type ProjectionStore, type Projections } from '../log/index.ts';
import { type OutboxIndex, outboxView, viewedOutbox } from './outbox-index.ts';
import { type QuarantineIndex, quarantineView, viewedQuarantine } from './quarantine-index.ts';

/** A log that this process owns, and the views that follow it. */
export interface OwnLog {
  readonly log: Log;
  readonly projections: Projections;
  readonly index: QuarantineIndex;
  readonly outbox: OutboxIndex;
  /** Closes the views, then the log. */
  close(): Promise<void>;
}

export async function hasLog(data: string): Promise<boolean> {
  try {
    return (await stat(join(data, 'log.db'))).isFile();
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') return false;
    throw cause;
  }
}

/** The log of a data directory, made for this user alone where it is not there, with `more` views. Throws what opening it throws. */
export async function openOwnLog(
  data: string,
  clock: Clock,
  more: readonly Projection<ProjectionStore>[] = [],
): Promise<OwnLog> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const log = await openSqliteLog(data, { clock });
  try {
    const projections = await openProjections(data, log, {
      projections: [quarantineView, outboxView, ...more],
    });
    const close = async (): Promise<void> => {
      await projections.close();
      await log.close();
    };
    return {
      log,
      projections,
      index: viewedQuarantine(projections),
      outbox: viewedOutbox(projections),
      close,
    };
  } catch (cause) {
    await log.close();
    throw cause;
  }
}
