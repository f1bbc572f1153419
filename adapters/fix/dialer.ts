import type { Socket } from 'node:net';
import { type FixSessionOptions, farHost } from './options.ts';
import { connect } from './transport.ts';

/** Where an initiator finds its counterparty. */
export interface Host {
  readonly host: string;
  readonly port: number;
}

/** What a dialer asks and tells the session that it connects. */
export interface DialerOwner {
  /** `now`: whether to connect; `later`: asked again in a while; `no`: until somebody says `soon`. */
  mayDial(): 'now' | 'later' | 'no';
  dialing(address: string): void;
  dialed(socket: Socket): void;
  notDialed(cause: unknown): void;
}

/** All places of the counterparty in the order in which they are tried. */
export function hostsOf({ host = '', port, failover }: FixSessionOptions): readonly Host[] {
  return [{ host, port }, ...failover];
}

/** The options as they are for one of the places. */
export function atHost(options: FixSessionOptions, { host, port }: Host): FixSessionOptions {
  return { ...options, host, port };
}

/**
 * An initiator's way to its counterparty. Every try that does not end in a logon goes on to the next place; a logon goes
 * back to the first. The wait doubles with every round in which nobody logged us on.
 */
export class Dialer {
  readonly #options: FixSessionOptions;
  readonly #owner: DialerOwner;
  readonly #stop: AbortSignal;
  readonly #hosts: readonly Host[];
  /** Since the last logon. */
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;
  /** A connection is under way: a second one would be a stranger to the counterparty. */
  #isDialing = false;

  constructor(options: FixSessionOptions, owner: DialerOwner, stop: AbortSignal) {
    this.#options = options;
    this.#owner = owner;
    this.#stop = stop;
    this.#hosts = hostsOf(options);
  }

  get waitSeconds(): number {
    const { reconnectSecondsMin, reconnectSecondsMax } = this.#options;
    const rounds = this.#tries % this.#hosts.length === 0 ? this.#tries / this.#hosts.length : 0;
    return Math.min(reconnectSecondsMax, reconnectSecondsMin * 2 ** Math.max(0, rounds - 1));
  }

  loggedOn(): void {
    this.#tries = 0;
  }

  failed(): void {
    this.#tries++;
  }

  soon(seconds: number): void {
    if (this.#options.role === 'acceptor' || this.#owner.mayDial() === 'no') return;
    this.rest();
    this.#timer = setTimeout(() => void this.#dial(), seconds * 1000);
  }

  /** Does not connect until somebody says `soon`. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  async #dial(): Promise<void> {
    const may = this.#owner.mayDial();
    if (may === 'later') this.soon(this.#options.reconnectSecondsMin);
    if (may !== 'now' || this.#isDialing) return;
    const target = this.#target;
    this.#isDialing = true;
    this.#owner.dialing(`${farHost(target)}:${target.port}`);
    try {
      const socket = await this.#connect(target);
      if (this.#owner.mayDial() === 'now') this.#owner.dialed(socket);
      else {
        socket.destroy();
        this.soon(this.waitSeconds);
      }
    } catch (cause) {
      if (this.#stop.aborted) return;
      this.failed();
      this.#owner.notDialed(cause);
      this.soon(this.waitSeconds);
    }
  }

  async #connect(target: FixSessionOptions): Promise<Socket> {
    try {
      return await connect(target, this.#stop);
    } finally {
      this.#isDialing = false;
    }
  }

  get #target(): FixSessionOptions {
    const host = this.#hosts[this.#tries % this.#hosts.length];
    return host === undefined ? this.#options : atHost(this.#options, host);
  }
}
