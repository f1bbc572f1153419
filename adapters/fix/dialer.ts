import type { FixSessionOptions } from './options.ts';

/** Where an initiator finds its counterparty. */
export interface Host {
  readonly host: string;
  readonly port: number;
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
 * Which place is tried next, and after which wait. Every try that does not end in a logon goes on to the next place; a
 * logon goes back to the first. The wait doubles with every round in which nobody logged us on.
 */
export class Dialer {
  readonly #options: FixSessionOptions;
  readonly #hosts: readonly Host[];
  /** Since the last logon. */
  #tries = 0;

  constructor(options: FixSessionOptions) {
    this.#options = options;
    this.#hosts = hostsOf(options);
  }

  get target(): FixSessionOptions {
    const host = this.#hosts[this.#tries % this.#hosts.length];
    return host === undefined ? this.#options : atHost(this.#options, host);
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
}
