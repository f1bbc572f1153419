import { join } from 'node:path';
import type { Checkpoint, Log, VerifyReport } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import type { Configuration } from './configuration.ts';
import type { GatewayStatus } from './gateway.ts';
import type { Logger } from './logger.ts';
import type { Person } from './person.ts';
import type { Decision, QuarantinedDetail, QuarantinedEntry, QuarantineSelection } from './quarantine.ts';
import type { ReplayReport, ReplayRequest } from './replay.ts';
import type { Wiring } from './wiring.ts';

/**
 * Everything that a person does to a gateway. The same calls answer through the control socket of a running gateway, and,
 * while none runs, by owning the log for as long as it takes.
 */
export interface Control {
  /** A gateway runs, and these calls go to it. */
  readonly running: boolean;
  status(): Promise<GatewayStatus>;
  /** Sets, resets or logs out a session; audited first. Without a gateway `logout` fails with `GATEWAY_NOT_RUNNING`. */
  session(channel: string, command: SessionCommand, person: Person): Promise<SessionStatus>;
  quarantine(selection?: QuarantineSelection): Promise<readonly QuarantinedEntry[]>;
  quarantined(offset: number): Promise<QuarantinedDetail>;
  /** Takes an entry as it stands, in spite of its issues. */
  release(offset: number, person: Person): Promise<Decision>;
  /** Decides that an entry means nothing. Its bytes stay. */
  discard(offset: number, person: Person): Promise<Decision>;
  /** Reads an entry by other bytes. The original stays. */
  repair(offset: number, bytes: Uint8Array, person: Person): Promise<Decision>;
  replay(request: ReplayRequest, person: Person): Promise<ReplayReport>;
  backup(target: string, person: Person): Promise<VerifyReport>;
  checkpoint(): Promise<Checkpoint>;
  /** Asks a running gateway to stop; resolves when it has begun to. */
  stop(reason: string): Promise<void>;
  close(): Promise<void>;
}

/** A gateway's control socket stands here. */
export function controlSocket(data: string): string {
  return join(data, 'control.sock');
}

export interface ControlOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wiring?: Wiring;
  /** Opens the log while no gateway runs. Default: the embedded engine over the data directory. */
  readonly openLog?: () => Promise<Log>;
}

/**
 * The controls of the gateway that runs on the configuration's data directory; where none runs, the same controls over
 * the log itself, which is owned until `close`. Fails with what opening the log fails with.
 */
export async function control(_options: ControlOptions): Promise<Control> {
  throw new Error('not there yet');
}

/** Runs `use` with the controls and closes them. */
export async function withControl<T>(
  options: ControlOptions,
  use: (control: Control) => Promise<T>,
): Promise<T> {
  const opened = await control(options);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}
