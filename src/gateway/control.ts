import { join } from 'node:path';
import type { Checkpoint, Log, VerifyReport } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { Adoption, BaselineRequest } from './baseline.ts';
import type { GatewayStatus } from './channel-status.ts';
import type { Configuration } from './configuration.ts';
import { ControlWire, connect } from './control-wire.ts';
import { gatewayIssues } from './issues.ts';
import { LocalControl } from './local-control.ts';
import type { Logger } from './logger.ts';
import type { SendReport } from './outbox.ts';
import type { SendRequest } from './outbox-checking.ts';
import type { OutboxIndex } from './outbox-index.ts';
import type { Person } from './person.ts';
import type { Decision, QuarantinedDetail, QuarantinedEntry, QuarantineSelection } from './quarantine.ts';
import { type QuarantineIndex, scannedQuarantine } from './quarantine-index.ts';
import type { ReplayReport, ReplayRequest } from './replay.ts';
import { builtIn, type Wiring } from './wiring.ts';

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
  /** Takes the snapshots of a counterparty as the opening book; audited, with the event `baseline.adopted`. */
  adoptBaseline(request: BaselineRequest, person: Person): Promise<Adoption>;
  /** Sends something, once for each key; audited first. Without a gateway it fails with `GATEWAY_NOT_RUNNING`. */
  send(request: SendRequest, person: Person): Promise<SendReport>;
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

/** A log, owned until it is closed. */
export interface Opened {
  readonly log: Log;
  readonly index?: QuarantineIndex;
  readonly outbox?: OutboxIndex;
  close(): Promise<void>;
}

export interface ControlOptions {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wiring?: Wiring;
  /** Opens the log while no gateway runs. Default: the embedded engine and its views, over the data directory. */
  readonly open?: () => Promise<Opened>;
}

/**
 * The controls of the gateway that runs on the configuration's data directory; where none runs, the same controls over
 * the log itself, which is owned until `close`. Throws `GATEWAY_NO_DATA`, and what opening the log throws.
 */
export async function control(options: ControlOptions): Promise<Control> {
  const { configuration, clock, logger, wiring = builtIn() } = options;
  const socket = await connect(controlSocket(configuration.data));
  if (socket !== undefined) return new RemoteControl(new ControlWire(socket));
  const opened = await (options.open ?? (() => openExisting(options)))();
  const { log, index = scannedQuarantine(log) } = opened;
  const desk = { configuration, wiring, log, clock, logger, index };
  return new LocalControl({ desk, close: () => opened.close() });
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

async function openExisting({ configuration, clock }: ControlOptions): Promise<Opened> {
  const { openOwnLog, hasLog } = await import('./own-log.ts');
  if (await hasLog(configuration.data)) return openOwnLog(configuration.data, clock);
  const { meaning, remedy } = gatewayIssues.GATEWAY_NO_DATA;
  throw new GatewayError('GATEWAY_NO_DATA', meaning, { remedy, place: configuration.data, exitCode: 2 });
}

/** The controls of a gateway in another process. Both ends are of one version, so what comes back is what was sent. */
class RemoteControl implements Control {
  readonly running = true;
  readonly #wire: ControlWire;

  constructor(wire: ControlWire) {
    this.#wire = wire;
  }

  status(): Promise<GatewayStatus> {
    return this.#ask('status');
  }

  session(channel: string, command: SessionCommand, person: Person): Promise<SessionStatus> {
    return this.#ask('session', channel, command, person);
  }

  quarantine(selection: QuarantineSelection = {}): Promise<readonly QuarantinedEntry[]> {
    return this.#ask('quarantine', selection);
  }

  quarantined(offset: number): Promise<QuarantinedDetail> {
    return this.#ask('quarantined', offset);
  }

  release(offset: number, person: Person): Promise<Decision> {
    return this.#ask('release', offset, person);
  }

  discard(offset: number, person: Person): Promise<Decision> {
    return this.#ask('discard', offset, person);
  }

  repair(offset: number, bytes: Uint8Array, person: Person): Promise<Decision> {
    return this.#ask('repair', offset, Buffer.from(bytes).toString('base64'), person);
  }

  replay(request: ReplayRequest, person: Person): Promise<ReplayReport> {
    return this.#ask('replay', request, person);
  }

  adoptBaseline(request: BaselineRequest, person: Person): Promise<Adoption> {
    return this.#ask('adoptBaseline', request, person);
  }

  send(request: SendRequest, person: Person): Promise<SendReport> {
    const { content, ...rest } = request;
    const given = 'bytes' in content ? { bytes: Buffer.from(content.bytes).toString('base64') } : content;
    return this.#ask('send', { ...rest, content: given }, person);
  }

  backup(target: string, person: Person): Promise<VerifyReport> {
    return this.#ask('backup', target, person);
  }

  checkpoint(): Promise<Checkpoint> {
    return this.#ask('checkpoint');
  }

  async stop(reason: string): Promise<void> {
    await this.#wire.ask('stop', reason);
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  async #ask<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    return (await this.#wire.ask(method, ...params)) as T;
  }
}
