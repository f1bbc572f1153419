import type { EntryDraft } from '../contract/entry.ts';
import { originText } from '../contract/origin.ts';
import { GatewayError, type GatewayErrorDetails } from '../core/errors.ts';
import { logIssues } from './issues.ts';

/** The error of one of the log's codes; its remedy is the table's. */
export function logError(
  code: keyof typeof logIssues,
  message: string,
  details: GatewayErrorDetails = {},
): GatewayError {
  return new GatewayError(code, message, { remedy: logIssues[code].remedy, ...details });
}

/** `LOG_REVISION`, with what would have fitted. */
export function revisionError(channel: string, draft: EntryDraft, newest: number | undefined): GatewayError {
  const what = `revision ${draft.revision ?? 0} of ${originText(draft.origin)}`;
  const why = newest === undefined ? 'there is no such entry' : `its newest revision is ${newest}`;
  return logError('LOG_REVISION', `${what} cannot be appended: ${why}`, { place: channel });
}

/** `LOG_AFTER_FAILURE`: the position of a channel whose last commit failed, before anybody asked where it stands. */
export function afterFailure(path: string, channel: string): GatewayError {
  const message = `an earlier commit of "${channel}" failed, and its head was not asked for since`;
  return logError('LOG_AFTER_FAILURE', message, { place: path, retryable: true });
}
