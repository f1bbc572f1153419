import { shownText } from '../../src/core/bytes.ts';
import type { Core, Inbound } from './core.ts';
import { keepAside, keepNumbered } from './emit.ts';
import { keepAbove } from './gap.ts';
import { fixIssue } from './issues.ts';
import { lowIssue, reject } from './reply.ts';
import { startResend } from './resend.ts';

/**
 * Answered whatever its number is, at once: two sides that ask each other at the same time must not wait for each other.
 * Source: FIX 4.4, Volume 2, test case 20, and the public conformance pack's 8_OnlyAdminMessages for a low number.
 */
export function readResendRequest(core: Core, inbound: Inbound, number: number): void {
  const { message } = inbound;
  const { nextIn, nextOut } = core.state;
  const begin = message.number(7);
  const end = message.number(16);
  if (
    begin === undefined ||
    end === undefined ||
    begin === 0 ||
    begin >= nextOut ||
    (end !== 0 && end < begin)
  ) {
    const shown = `${shownText(message.get(7) ?? '')} to ${shownText(message.get(16) ?? '')}, sent was to ${nextOut - 1}`;
    reject(core, inbound, { reason: 5, tag: '7' }, fixIssue('FIX_RESEND_RANGE', shown));
    return;
  }
  if (number === nextIn) keepNumbered(core, inbound, number);
  else if (number > nextIn) keepAbove(core, inbound, number, true);
  else keepAside(core, inbound, message.get(43) === 'Y' ? [] : [lowIssue(core, number)]);
  const endless = end === 0 || (end === 999_999 && core.options.beginString <= 'FIX.4.2');
  startResend(core, begin, endless ? nextOut - 1 : Math.min(end, nextOut - 1));
}
