import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Core, Inbound } from './core.ts';
import { fixIssue } from './issues.ts';
import { microsOfFixTime } from './time.ts';

/** What is wrong with SendingTime(52) when it is compared with our clock. Source: FIX 4.4, Volume 2, test case 2o. */
export function timeProblem(
  core: Core,
  { at, message }: Inbound,
  sent = microsOfFixTime(message.get(52) ?? ''),
): Issue | undefined {
  const { checkLatency, maxLatencySeconds } = core.options;
  if (!checkLatency) return undefined;
  if (sent !== undefined && Math.abs(at - sent) <= maxLatencySeconds * 1e6) return undefined;
  const shown = `SendingTime(52) "${shownText(message.get(52) ?? '')}" is more than ${maxLatencySeconds} s from our clock`;
  return fixIssue('FIX_SENDING_TIME', shown, { field: 'SendingTime(52)' });
}
