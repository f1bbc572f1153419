/** What a {@link GatewayError} carries besides its code and text. */
export interface GatewayErrorDetails {
  /** May waiting and trying again help? Only the gateway's retry decides what to do about it. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  /** What a person can do: one sentence, in the imperative. */
  readonly remedy?: string;
  /** Which file, key, session or address it happened at. */
  readonly place?: string;
  /** 2: wrong usage or configuration. 3 (the default): the outside world failed. */
  readonly exitCode?: 2 | 3;
}

/**
 * The second of the three kinds of wrong: the world (or the person at the keyboard) failed. Thrown, with a stable code
 * that stands in its room's table and in `docs/issues.md`. Never holds a secret or a whole message.
 */
export class GatewayError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly remedy: string | undefined;
  readonly place: string | undefined;
  readonly exitCode: 2 | 3;

  constructor(code: string, message: string, details: GatewayErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.remedy = details.remedy;
    this.place = details.place;
    this.exitCode = details.exitCode ?? 3;
  }
}

/** The system's own code of a failure (`ENOSPC`, `ECONNREFUSED`), or undefined where it has none. */
export function systemCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
