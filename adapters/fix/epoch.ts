import type { SessionState } from '../../src/contract/session.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Core } from './core.ts';
import { pushEpoch, trouble } from './emit.ts';
import { keepHeld } from './gap.ts';
import { fixIssue } from './issues.ts';

/**
 * Begins a new numbering, both sides at 1, in a commit of its own before anything else of it. What was held above a gap
 * is kept under its old number first: it cannot be asked for again. Nothing happens where the numbering is unused.
 */
export function beginEpoch(
  core: Core,
  at: Micros,
  reason: string,
  numbers: Partial<SessionState> = {},
): void {
  const { epoch, nextIn, nextOut } = core.state;
  const since = core.hours === undefined ? {} : { since: at };
  const lost = core.gap;
  keepHeld(core, Number.POSITIVE_INFINITY);
  core.gap = undefined;
  core.highest = 0;
  core.resend = undefined;
  core.resendNext = undefined;
  core.unwritten = 0;
  core.unannounced = false;
  if (lost !== undefined) {
    trouble(
      core,
      fixIssue('FIX_RESET_LOSES', `${Math.max(lost.from, nextIn)} to ${lost.to} never came (${reason})`),
    );
  }
  if (nextIn === 1 && nextOut === 1 && numbers.nextIn === undefined && numbers.nextOut === undefined) {
    core.state = { ...core.state, ...since };
    return;
  }
  pushEpoch(core, at, { epoch: epoch + 1, nextIn: 1, nextOut: 1, ...since, ...numbers }, reason);
}
