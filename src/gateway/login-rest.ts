import { type Clock, isoOfMicros, type Micros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';

const minuteMicros = 60_000_000;
/** Reason: most servers that lock accounts count the refusals of a quarter to half of an hour. */
const restMicrosMin = 15 * minuteMicros;
/** Reason: some count for ever, so a mistake that stands over a weekend is tried a dozen times and not thousands. */
const restMicrosMax = 240 * minuteMicros;

/**
 * Keeps us from logging in again and again where the other side has refused it: that locks accounts. After a refusal
 * nobody tries for a quarter of an hour, and twice as long after each further one. A new start of the gateway tries at
 * once, because a person stands behind it.
 */
export class LoginRest {
  readonly #clock: Clock;
  #refusals = 0;
  #until: Micros = 0;
  #refusal: GatewayError | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws the refusal again while the rest lasts; nothing is said to the other side then. */
  check(): void {
    if (this.#refusal !== undefined && this.#clock.now() < this.#until) throw this.#refusal;
  }

  /** What to throw instead of a failure: of a refused login, that and when the next one is tried. */
  told(cause: unknown): unknown {
    if (!(cause instanceof GatewayError) || !cause.code.endsWith('_AUTHENTICATION')) return cause;
    // One refusal that several were waiting for.
    if (cause === this.#refusal || cause === this.#refusal?.cause) return this.#refusal;
    const rest = Math.min(restMicrosMin * 2 ** Math.min(this.#refusals, 10), restMicrosMax);
    this.#refusals++;
    this.#until = this.#clock.now() + rest;
    this.#refusal = withTime(cause, this.#until);
    return this.#refusal;
  }

  /** The other side let us in. */
  letIn(): void {
    this.#refusals = 0;
    this.#refusal = undefined;
  }
}

function withTime(cause: GatewayError, until: Micros): GatewayError {
  const { code, message, place, remedy, retryable, exitCode } = cause;
  const text = `${message}; not tried again before ${isoOfMicros(until)}, so that the account is not locked`;
  return new GatewayError(code, text, {
    retryable,
    exitCode,
    cause,
    ...(place !== undefined && { place }),
    ...(remedy !== undefined && { remedy }),
  });
}
