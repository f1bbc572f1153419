import type { Core, Inbound } from './core.ts';
import { keepAside, keepNumbered, trouble } from './emit.ts';
import { jumpTo } from './gap.ts';
import { fixIssue } from './issues.ts';
import { reject } from './reply.ts';

/** SequenceReset(4) in reset mode: its own number means nothing. */
export function readReset(core: Core, inbound: Inbound): void {
  const { nextIn } = core.state;
  const next = inbound.message.number(36);
  if (next === undefined || next < nextIn) {
    resetLow(core, inbound, next);
    return;
  }
  if (next > nextIn) {
    const issue = fixIssue('FIX_SEQUENCE_SKIPPED', `${nextIn} to ${next - 1} will not come`);
    keepAside(core, inbound, [issue]);
    trouble(core, issue);
    jumpTo(core, next);
    return;
  }
  keepAside(core, inbound);
}

/** SequenceReset(4) with GapFillFlag(123)=Y under the expected number. */
export function readGapFill(core: Core, inbound: Inbound, number: number): void {
  const next = inbound.message.number(36);
  if (next === undefined || next <= number) {
    resetLow(core, inbound, next);
    return;
  }
  // Asked for once more, its number may hold a message already; a fill says nothing of that one, and stands beside it.
  if (inbound.message.get(43) === 'Y') keepAside(core, inbound);
  else keepNumbered(core, inbound, number);
  jumpTo(core, next);
}

function resetLow(core: Core, inbound: Inbound, next: number | undefined): void {
  const text = `NewSeqNo(36) ${next ?? 'is missing'}, expecting more than ${core.state.nextIn - 1}`;
  const issue = fixIssue('FIX_SEQUENCE_RESET_LOW', text, { field: 'NewSeqNo(36)' });
  reject(core, inbound, next === undefined ? { reason: 1, tag: '36' } : { reason: 5 }, issue);
}
