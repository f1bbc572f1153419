import type { Socket } from 'node:net';
import { GatewayError } from '../../src/core/errors.ts';
import type { Issue } from '../../src/core/issue.ts';
import { type Client, clientOf, Refused } from './entrance.ts';
import { fixIssue } from './issues.ts';
import { peerOf } from './link.ts';
import { type Arrival, Lobby, type Member } from './lobby.ts';
import { networksOf } from './networks.ts';
import { type FixSessionOptions, speaksTls } from './options.ts';
import { sharePort, sharingProblem } from './sharing.ts';
import { groupKey, groupsOf, type Secured, TlsGate } from './tls-gate.ts';
import { compIdInName, type Listener, listen, namesProblem } from './transport.ts';

/** A session's place behind a door. */
export interface Seat {
  /** `127.0.0.1:9878`, the port as it was given or found. */
  readonly address: string;
  /** Lets nobody in to this session any more; the last one closes the port. */
  leave(): Promise<void>;
}

/**
 * The ports that the acceptors of one gateway listen on. Sessions that name the same address and port stand behind one
 * door; port 0 is a free one, and nobody else's.
 */
export class Hub {
  readonly #doors = new Set<Door>();

  /** Rejects with `FIX_LISTEN`, and with `FIX_OPTIONS` where the session cannot stand behind the port that it names. */
  async join(member: Member): Promise<Seat> {
    const found = [...this.#doors].find((door) => door.isFor(member.options));
    const door = found ?? new Door();
    this.#doors.add(door);
    const release = (): void => {
      if (door.isEmpty) this.#doors.delete(door);
    };
    try {
      const address = await door.join(member);
      const leave = async (): Promise<void> => {
        const closed = door.leave(member);
        release();
        await closed;
      };
      return { address, leave };
    } catch (cause) {
      release();
      throw cause;
    }
  }
}

/** One port: who may come in, TLS, and the lobby in which connections wait until they are somebody's. */
class Door {
  readonly #members: Member[] = [];
  readonly #lobby = new Lobby(this.#members);
  /** Connections that are not in the lobby yet. */
  readonly #entering = new Set<Socket>();
  readonly #clients = new WeakMap<Socket, Client>();
  #listener: Promise<Listener> | undefined;
  #gate: TlsGate | undefined;

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  isFor(options: FixSessionOptions): boolean {
    const [first] = this.#members;
    return first !== undefined && sharePort(first.options, options);
  }

  async join(member: Member): Promise<string> {
    for (const { options } of this.#members) {
      const problem = sharingProblem(options, member.options);
      if (problem === undefined) continue;
      const place = problem.option.join('.');
      throw new GatewayError('FIX_OPTIONS', `${place}: ${problem.message}`, { place, exitCode: 2 });
    }
    this.#members.push(member);
    this.#secure();
    this.#listener ??= listen(
      member.options,
      (socket) => void this.#enter(socket),
      (cause) => this.#lobby.failed(cause),
    );
    try {
      return (await this.#listener).address;
    } catch (cause) {
      this.#remove(member);
      throw cause;
    }
  }

  async leave(member: Member): Promise<void> {
    this.#remove(member);
    if (!this.isEmpty) return;
    this.#lobby.close();
    for (const socket of this.#entering) socket.destroy();
    await (await this.#listener)?.close();
  }

  #remove(member: Member): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    this.#secure();
  }

  /** TLS by the sessions that are there now: connections under way keep what they began with. */
  #secure(): void {
    const all = this.#members.map(({ options }) => options).filter(speaksTls);
    const handshakeMs = longest(all) * 1000;
    this.#gate =
      all.length === 0
        ? undefined
        : new TlsGate(groupsOf(all), handshakeMs, {
            secured: (raw, secured) => this.#admit(raw, secured),
            failed: (raw, cause) => this.#failed(raw, cause),
          });
  }

  /** Addresses are looked at before a byte of TLS or FIX is read. */
  async #enter(socket: Socket): Promise<void> {
    const [first] = this.#members;
    if (first === undefined || this.#lobby.isFull(this.#entering.size)) {
      socket.destroy();
      return;
    }
    this.#entering.add(socket);
    // Whoever reads it next listens for what goes wrong; until then nobody would.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#entering.delete(socket));
    try {
      const { proxies, logonTimeoutSeconds } = first.options;
      const rules = { headerMs: logonTimeoutSeconds * 1000, limits: first.limits };
      const client = await clientOf(socket, { ...rules, ...(proxies !== undefined && { proxies }) });
      if (!this.#members.some(({ options }) => allows(options, client)))
        throw new Refused(`${client.peer} is not in \`allow\``);
      this.#clients.set(socket, client);
      if (this.#gate === undefined) this.#admit(socket, undefined);
      else this.#gate.accept(socket);
    } catch (cause) {
      socket.destroy();
      this.#failed(socket, cause instanceof Error ? cause : new Error('failed'));
    }
  }

  #failed(raw: Socket | undefined, cause: Error): void {
    if (raw === undefined) {
      this.#lobby.failed(cause);
      return;
    }
    const peer = this.#clients.get(raw)?.peer;
    this.#entering.delete(raw);
    this.#lobby.failed(cause, cause instanceof Refused ? undefined : peer);
  }

  #admit(raw: Socket, secured: Secured | undefined): void {
    this.#entering.delete(raw);
    const client = this.#clients.get(raw) ?? { address: '', peer: peerOf(raw) };
    const arrival: Arrival = {
      socket: secured?.socket ?? raw,
      peer: client.peer,
      objection: ({ options }, compId) => objectionOf(options, client, secured, compId),
    };
    // Where the certificate is nobody's, nothing is read.
    const all = this.#members.map(({ options }) => options);
    const wrong = all.map((options) => certificateProblem(options, secured, undefined));
    const why = wrong.every((one) => one !== undefined) ? wrong[0] : undefined;
    if (why === undefined) {
      this.#lobby.enter(arrival);
      return;
    }
    arrival.socket.destroy();
    this.#failed(raw, new Error(why));
  }
}

function longest(all: readonly FixSessionOptions[]): number {
  return Math.max(1, ...all.map(({ logonTimeoutSeconds }) => logonTimeoutSeconds));
}

function allows({ allow }: FixSessionOptions, { address }: Client): boolean {
  return allow === undefined || networksOf(allow).has(address);
}

function objectionOf(
  options: FixSessionOptions,
  client: Client,
  secured: Secured | undefined,
  compId: string,
): Issue | undefined {
  if (!allows(options, client)) return fixIssue('FIX_ADDRESS', `${client.peer} is not in \`allow\``);
  const why = certificateProblem(options, secured, compId);
  return why === undefined ? undefined : fixIssue('FIX_LOGON_CREDENTIALS', why);
}

/**
 * A session is reached under its own certificate only: another name would have been asked for another proof. Before the
 * first message nobody knows which counterparty of a template it is (`compId` undefined), and names that hang on it wait.
 */
function certificateProblem(
  options: FixSessionOptions,
  secured: Secured | undefined,
  compId: string | undefined,
): string | undefined {
  if (secured === undefined) return undefined;
  const { group, names } = secured;
  if (groupKey(group.options) !== groupKey(options))
    return `the connection asked for ${group.name ?? 'no name'}, and the session has another certificate`;
  const waits = options.template && options.tls?.peerNames?.some((name) => name.includes(compIdInName));
  return compId === undefined && waits === true ? undefined : namesProblem(options, names, compId);
}
