import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../contract/log.ts';
import { GatewayError } from '../core/errors.ts';
import type { Projections } from '../log/index.ts';
import { carry, type LedgerBridge } from './carry.ts';
import { LedgerView } from './view.ts';

export interface LedgerPorts {
  readonly log: Log;
  readonly projections: Pick<Projections, 'catchUp' | 'store'>;
  /** Told when a bridge fails for the first time, and when it is well again. */
  report(bridge: string, trouble: GatewayError | undefined): void;
}

const retryMsMin = 250;
const retryMsMax = 30_000;

/** Carries the ledger to one outside ledger for as long as the gateway runs. */
export class LedgerFollower {
  readonly #ports: LedgerPorts;
  readonly #bridge: LedgerBridge;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #trouble: GatewayError | undefined;

  constructor(ports: LedgerPorts, bridge: LedgerBridge) {
    this.#ports = ports;
    this.#bridge = bridge;
  }

  /** What keeps the bridge from going on at this moment. */
  get trouble(): GatewayError | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#bridge.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const from = await this.#carryAll(signal);
        this.#tell(undefined);
        failures = 0;
        for await (const _news of this.#ports.log.subscribe({ from }, signal)) break;
      } catch (cause) {
        if (signal.aborted) return;
        if (!(cause instanceof GatewayError)) throw cause;
        if (cause.code === 'LOG_CLOSED') return;
        this.#tell(cause);
        const wait = Math.min(retryMsMin * 2 ** failures++, retryMsMax);
        await pause(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Carries what is committed by now; gives the offset that news begin at. */
  async #carryAll(signal: AbortSignal): Promise<number> {
    const { log, projections } = this.#ports;
    const last = (await log.heads()).reduce((block, head) => Math.max(block, head.block), 0);
    await projections.catchUp();
    await carry(new LedgerView(projections.store), this.#bridge, signal);
    return (last + 1) * 65_536;
  }

  #tell(trouble: GatewayError | undefined): void {
    const changed = this.#trouble?.code !== trouble?.code;
    this.#trouble = trouble;
    if (changed) this.#ports.report(this.#bridge.id, trouble);
  }
}
