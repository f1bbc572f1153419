import { GatewayError, systemCode } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { ConfigurationError } from '../gateway/configuration.ts';
import { jsonOf } from './json-of.ts';
import type { Paint } from './terminal.ts';

/** A failure as the command line tells it: stable code, place, cause and mend. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
  readonly cause?: string;
  readonly remedy?: string;
  readonly retryable: boolean;
  readonly exitCode: number;
  /** What else is wrong with a configuration. */
  readonly findings?: readonly JsonValue[];
  /** Only for our own bugs: where in the code. */
  readonly stack?: string;
}

/** Exit code of a bug in Clearport itself; outside of the contract's 0 to 3. Source: sysexits.h, EX_SOFTWARE. */
export const exitBug = 70;

export function failureOf(error: unknown): Failure {
  if (error instanceof GatewayError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      exitCode: error.exitCode,
      ...(error.place !== undefined && { place: error.place }),
      ...(error.cause !== undefined && { cause: causeText(error.cause) }),
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      ...(error instanceof ConfigurationError && { findings: error.findings.map(jsonOf) }),
    };
  }
  const code = systemCode(error);
  if (error instanceof Error && code !== undefined && /^E[A-Z0-9]+$/.test(code))
    return systemFailure(error, code);
  return {
    code: 'CLI_BUG',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'this is a bug in Clearport: please report it with the lines below',
    retryable: false,
    exitCode: exitBug,
    ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  };
}

const systemRemedies: Readonly<Record<string, string>> = {
  ENOENT: 'see how the path is written; a relative one counts from here',
  ENOTDIR: 'see how the path is written; a relative one counts from here',
  EISDIR: 'name a file in it',
  EACCES: 'let this user read or write it, or name another path',
  ENOSPC: 'make room, or name another disk',
};

/** A failure of the system that no room has given a name of its own: a file that cannot be read, a full disk. */
function systemFailure(error: Error, code: string): Failure {
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const what: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or directory',
    EACCES: 'this user may not open it',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is no directory',
    ENOSPC: 'the disk is full',
  };
  return {
    code: 'CLI_SYSTEM',
    message: what[code] ?? error.message,
    cause: code,
    ...(code in systemRemedies && { remedy: systemRemedies[code] }),
    retryable: false,
    // A path that leads nowhere was named wrong; everything else is the system's doing.
    exitCode: ['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code) ? 2 : 3,
    ...(path !== undefined && { place: path }),
  };
}

function causeText(cause: unknown): string {
  const code = systemCode(cause);
  const text = cause instanceof Error ? cause.message : String(cause);
  return code === undefined || text.includes(code) ? text : `${code}: ${text}`;
}

/** The lines of a failure for a person. */
export function failureLines(failure: Failure, paint: Paint): string[] {
  const row = (label: string, text: string | undefined): string[] =>
    text === undefined
      ? []
      : [`  ${paint('quiet', label.padEnd(6))} ${text.replaceAll('\n', '\n         ')}`];
  return [
    `${paint('bad', 'error')} ${paint('strong', failure.code)}: ${failure.message}`,
    ...row('at', failure.place),
    ...row('cause', failure.cause),
    ...row('mend', failure.remedy),
    ...row('more', moreText(failure)),
    ...(failure.stack === undefined ? [] : [failure.stack]),
  ];
}

function moreText({ findings = [] }: Failure): string | undefined {
  if (findings.length < 2) return undefined;
  return `${findings.length - 1} more in the configuration: clearport check shows them all`;
}

/** The same for a program: one JSON object. */
export function failureJson(failure: Failure): JsonValue {
  return { error: { ...failure } };
}
