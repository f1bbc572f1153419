import type { Reached } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { ChannelConfiguration, Configuration } from './configuration.ts';
import { gatewayIssues } from './issues.ts';
import { type Adapter, builtIn, type Wiring } from './wiring.ts';

/** What came of reaching one channel's counterparty. */
export interface ChannelReach {
  readonly channel: string;
  readonly adapter: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  readonly reached?: Reached;
  readonly failure?: GatewayError;
}

export interface ReachOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly wiring?: Wiring;
  /** A counterparty that says nothing for so long is not reached. Default: 30 s. */
  readonly timeoutMs?: number;
}

const timeoutMsUsual = 30_000;

/** Connects to the counterparty of every channel at once, looks, and leaves; in the order of the configuration. */
export function reachChannels(
  { channels }: Pick<Configuration, 'channels'>,
  options: ReachOptions,
): Promise<readonly ChannelReach[]> {
  return Promise.all([...channels.values()].map((channel) => reachChannel(channel, options)));
}

async function reachChannel(channel: ChannelConfiguration, options: ReachOptions): Promise<ChannelReach> {
  const { clock, wiring = builtIn() } = options;
  const begun = clock.now();
  const plain = { channel: channel.name, adapter: channel.adapter };
  const ms = (): number => Math.round((clock.now() - begun) / 1000);
  try {
    const reached = await lookAt(wiring.adapters.get(channel.adapter), channel.options(), options);
    return { ...plain, ms: ms(), reached };
  } catch (cause) {
    return { ...plain, ms: ms(), failure: failureOf(cause) };
  }
}

async function lookAt(
  adapter: Adapter | undefined,
  given: unknown,
  { signal, timeoutMs = timeoutMsUsual }: ReachOptions,
): Promise<Reached> {
  if (adapter?.reach === undefined) {
    return { address: '', told: ['this adapter has nothing that could be reached'] };
  }
  const late = AbortSignal.timeout(timeoutMs);
  const both = AbortSignal.any([signal, late]);
  const aborted = new Promise<never>((_, reject) => {
    both.addEventListener('abort', () => reject(timedOut(late.aborted, timeoutMs)), { once: true });
  });
  return Promise.race([adapter.reach(given, both), aborted]);
}

function timedOut(late: boolean, timeoutMs: number): GatewayError {
  const message = late ? `no answer within ${timeoutMs / 1000} s` : 'given up';
  const { remedy } = gatewayIssues.CHANNEL_UNREACHED;
  return new GatewayError('CHANNEL_UNREACHED', message, { remedy, retryable: true });
}

function failureOf(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const { remedy } = gatewayIssues.CHANNEL_UNREACHED;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = systemCode(cause);
  return new GatewayError('CHANNEL_UNREACHED', code === undefined ? message : `${code}: ${message}`, {
    remedy,
    cause,
  });
}
