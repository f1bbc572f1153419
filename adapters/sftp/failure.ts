import { shownText } from '../../src/core/bytes.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { type SftpCode, sftpIssues } from './issues.ts';

/** Nothing changes by waiting: a person has to. Everything else may be tried again. */
const final: ReadonlySet<SftpCode> = new Set([
  'SFTP_NO_PIN',
  'SFTP_HOST_KEY',
  'SFTP_KEY',
  'SFTP_AUTHENTICATION',
  'SFTP_ALGORITHMS',
  'SFTP_NAME',
  'SFTP_TAKEN',
  'SFTP_NO_REPLACE',
  'SFTP_CLOSED',
]);
const configured: ReadonlySet<SftpCode> = new Set(['SFTP_NO_PIN', 'SFTP_KEY']);

export function sftpError(
  code: SftpCode,
  message: string,
  place: string,
  details: { readonly cause?: unknown; readonly remedy?: string } = {},
): GatewayError {
  const { cause, remedy = sftpIssues[code].remedy } = details;
  return new GatewayError(code, message, {
    place: shownText(place, 300),
    remedy,
    retryable: !final.has(code),
    exitCode: configured.has(code) ? 2 : 3,
    ...(cause !== undefined && { cause }),
  });
}

/** What the server's refusal means for the file at `place`. Source of the codes: draft-ietf-secsh-filexfer-02, section 7. */
export function refusal(code: number, cause: unknown, place: string): GatewayError {
  if (code === 2) return sftpError('SFTP_FILE_GONE', 'no file of this name is there', place, { cause });
  if (code === 3) return sftpError('SFTP_DENIED', 'the server does not allow it', place, { cause });
  const word = cause instanceof Error ? shownText(cause.message) : 'no reason given';
  return sftpError('SFTP_FAILED', `the server refused: ${word}`, place, { cause });
}
