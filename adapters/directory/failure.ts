import { GatewayError, systemCode } from '../../src/core/errors.ts';
import { type DirectoryCode, directoryIssues } from './issues.ts';

export function directoryError(
  code: DirectoryCode,
  message: string,
  place: string,
  cause?: unknown,
): GatewayError {
  return new GatewayError(code, message, {
    place,
    remedy: directoryIssues[code].remedy,
    retryable: code === 'DIRECTORY_MISSING' || code === 'DIRECTORY_FAILED' || code === 'DIRECTORY_FILE_GONE',
    ...(cause !== undefined && { cause }),
  });
}

/** What the system's refusal means for the file at `place`. */
export function systemFailure(cause: unknown, place: string): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const code = systemCode(cause);
  if (code === 'ENOENT' || code === 'ELOOP') {
    return directoryError('DIRECTORY_FILE_GONE', 'no plain file of this name is there', place, cause);
  }
  if (code === 'EXDEV')
    return directoryError('DIRECTORY_OTHER_DISK', 'cannot be renamed across disks', place, cause);
  if (code === 'EEXIST')
    return directoryError('DIRECTORY_TAKEN', 'a file of this name is there', place, cause);
  return directoryError(
    'DIRECTORY_FAILED',
    `the system refused (${code ?? 'no reason given'})`,
    place,
    cause,
  );
}
