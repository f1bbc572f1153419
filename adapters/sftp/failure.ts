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
    place,
    remedy,
    retryable: !final.has(code),
    exitCode: configured.has(code) ? 2 : 3,
    ...(cause !== undefined && { cause }),
  });
}
