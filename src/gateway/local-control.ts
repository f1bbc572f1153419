import type { Checkpoint, VerifyReport } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import { GatewayError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import { type Adoption, adoptBaseline, type BaselineRequest } from './baseline.ts';
import { type ChannelStatus, type GatewayStatus, quietStatus } from './channel-status.ts';
import type { Control } from './control.ts';
import { channelOf, type Desk } from './desk.ts';
import { type Gateway, noSession } from './gateway.ts';
import { gatewayIssues } from './issues.ts';
import type { SendReport } from './outbox.ts';
import type { SendRequest } from './outbox-checking.ts';
import { auditEntry, named, type Person } from './person.ts';
import {
  type Decision,
  discardQuarantined,
  listQuarantine,
  type QuarantinedDetail,
  type QuarantinedEntry,
  type QuarantineSelection,
  releaseQuarantined,
  repairQuarantined,
  showQuarantined,
} from './quarantine.ts';
import { type ReplayReport, type ReplayRequest, replay } from './replay.ts';
import { gatewayChannel } from './schema.ts';
import { changeSession, quietSession } from './session-change.ts';

export interface LocalControlPorts {
  readonly desk: Desk;
  /** Absent while nothing runs. */
  readonly gateway?: Gateway;
  /** Begins to stop the gateway. */
  readonly stop?: (reason: string) => void;
  readonly close: () => Promise<void>;
}

/** The controls where the log is: inside the gateway, or in a command that owns the log. Changes are done one at a time. */
export class LocalControl implements Control {
  readonly #ports: LocalControlPorts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: LocalControlPorts) {
    this.#ports = ports;
  }

  get running(): boolean {
    return this.#ports.gateway !== undefined;
  }

  async status(): Promise<GatewayStatus> {
    const { gateway, desk } = this.#ports;
    const status = gateway === undefined ? await quietGateway(desk) : await gateway.status();
    return { ...status, channels: status.channels.map((channel) => masked(desk, channel)) };
  }

  session(name: string, command: SessionCommand, person: Person): Promise<SessionStatus> {
    const { gateway, desk } = this.#ports;
    return this.#inTurn(async () => {
      if (gateway !== undefined) return gateway.session(name, command, person);
      const channel = channelOf(desk.configuration, name);
      if (desk.wiring.adapters.get(channel.adapter)?.shape !== 'session') throw noSession(name);
      return changeSession(desk.log, desk.clock, name, command, person);
    });
  }

  async quarantine(selection?: QuarantineSelection): Promise<readonly QuarantinedEntry[]> {
    if (selection?.channel !== undefined) channelOf(this.#ports.desk.configuration, selection.channel);
    return listQuarantine(this.#ports.desk, selection);
  }

  async quarantined(offset: number): Promise<QuarantinedDetail> {
    return showQuarantined(this.#ports.desk, offset);
  }

  release(offset: number, person: Person): Promise<Decision> {
    return this.#inTurn(() => releaseQuarantined(this.#ports.desk, offset, person));
  }

  discard(offset: number, person: Person): Promise<Decision> {
    return this.#inTurn(() => discardQuarantined(this.#ports.desk, offset, person));
  }

  repair(offset: number, bytes: Uint8Array, person: Person): Promise<Decision> {
    return this.#inTurn(() => repairQuarantined(this.#ports.desk, offset, bytes, person));
  }

  replay(request: ReplayRequest, person: Person): Promise<ReplayReport> {
    return this.#inTurn(() => replay(this.#ports.desk, request, person));
  }

  adoptBaseline(request: BaselineRequest, person: Person): Promise<Adoption> {
    return this.#inTurn(() => adoptBaseline(this.#ports.desk, request, person));
  }

  async send(request: SendRequest, person: Person): Promise<SendReport> {
    const { gateway } = this.#ports;
    if (gateway !== undefined) return gateway.send(request, person);
    throw notRunning();
  }

  backup(target: string, person: Person): Promise<VerifyReport> {
    const { log, clock } = this.#ports.desk;
    return this.#inTurn(async () => {
      await log.append(gatewayChannel, [auditEntry(clock, named(person), 'backup', { target })]);
      return log.backup(target);
    });
  }

  async checkpoint(): Promise<Checkpoint> {
    const { configuration, log } = this.#ports.desk;
    const key = configuration.checkpointKey();
    if (key !== undefined) return log.checkpoint(key);
    const { meaning, remedy } = gatewayIssues.CHECKPOINT_KEY_MISSING;
    throw new GatewayError('CHECKPOINT_KEY_MISSING', meaning, {
      remedy,
      place: configuration.path,
      exitCode: 2,
    });
  }

  async stop(reason: string): Promise<void> {
    const { stop } = this.#ports;
    if (stop !== undefined) return stop(reason);
    throw notRunning();
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#ports.close();
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function notRunning(): GatewayError {
  const { meaning, remedy } = gatewayIssues.GATEWAY_NOT_RUNNING;
  return new GatewayError('GATEWAY_NOT_RUNNING', meaning, { remedy, exitCode: 2 });
}

async function quietGateway(desk: Desk): Promise<GatewayStatus> {
  const { configuration, log, wiring, index } = desk;
  const channels = [...configuration.channels.values()].map(async (channel) => {
    const head = await log.head(channel.name);
    const status = quietStatus(channel, wiring, head, await index.count(channel.name));
    return status.shape === 'session' ? { ...status, session: quietSession(channel.name, head) } : status;
  });
  const { tenant, data } = configuration;
  return { running: false, tenant, data, channels: await Promise.all(channels) };
}

/** What a channel tells about itself may quote its counterparty. */
function masked({ configuration }: Desk, channel: ChannelStatus): ChannelStatus {
  const hide = (issue: Issue): Issue => ({ ...issue, message: configuration.mask.text(issue.message) });
  const { held, trouble, session } = channel;
  return {
    ...channel,
    ...(held && { held: hide(held) }),
    ...(trouble && { trouble: hide(trouble) }),
    ...(session && { session: { ...session, ...(session.held && { held: hide(session.held) }) } }),
  };
}
