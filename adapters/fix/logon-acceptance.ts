import { createHash, timingSafeEqual } from 'node:crypto';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Core, Inbound } from './core.ts';
import { disconnect, keepAside, trouble } from './emit.ts';
import { closedText, isCurrent } from './hours.ts';
import { fixIssue } from './issues.ts';
import { logoutNow } from './reply.ts';
import { timeProblem } from './sending-time.ts';

/** True when nothing but the numbers can be wrong with a Logon(A) of theirs; else it has been refused. */
export function logonAcceptable(core: Core, inbound: Inbound, answers: boolean): boolean {
  const { message } = inbound;
  if (core.hold !== undefined)
    return refuse(core, inbound, fixIssue('FIX_SESSION_HELD', core.hold.message), undefined);
  const time = timeProblem(core, inbound);
  if (time !== undefined) return refuse(core, inbound, time, undefined);
  if (core.options.beginString === 'FIXT.1.1' && message.get(1137) === undefined) {
    // Without it no message of the application can be read. The public conformance pack wants it hung up on without a word.
    return refuse(
      core,
      inbound,
      fixIssue('FIX_LOGON_INVALID', 'DefaultApplVerID(1137) is missing'),
      undefined,
    );
  }
  const wrong = logonProblem(core, inbound, answers);
  if (wrong !== undefined) return refuse(core, inbound, fixIssue('FIX_LOGON_INVALID', wrong), wrong);
  const asked = core.options.role === 'acceptor';
  if (asked && !credentialsMatch(core, message.get(553), message.get(554))) {
    const issue = fixIssue('FIX_LOGON_CREDENTIALS', 'Username(553) or Password(554) is wrong');
    return refuse(core, inbound, issue, undefined);
  }
  if (isCurrent(core, inbound.at)) return true;
  return refuse(core, inbound, fixIssue('FIX_SESSION_CLOSED', closedText), closedText);
}

function logonProblem(core: Core, { message }: Inbound, answers: boolean): string | undefined {
  if (message.number(34) === undefined) return 'MsgSeqNum(34) is missing';
  if ((message.get(98) ?? '0') !== '0') return 'EncryptMethod(98) must be 0';
  const version = message.get(1137);
  if (version !== undefined && message.dictionary.field(1128)?.values?.has(version) === false)
    return `DefaultApplVerID(1137) cannot be ${shownText(version, 16)}`;
  if (message.number(108) === undefined && !answers) return 'HeartBtInt(108) is missing or no number';
  if (message.get(141) !== 'Y') return undefined;
  if (message.number(34) !== 1) return 'MsgSeqNum(34) must be 1 with ResetSeqNumFlag(141)=Y';
  return core.options.beginString === 'FIX.4.0' ? 'ResetSeqNumFlag(141) is not in FIX 4.0' : undefined;
}

/** Without a text: hangs up without revealing anything. Always false. */
export function refuse(core: Core, inbound: Inbound, issue: Issue, text: string | undefined): false {
  keepAside(core, inbound, [issue]);
  trouble(core, issue);
  if (text === undefined) disconnect(core, 'us', issue.message);
  else logoutNow(core, inbound.at, text, text);
  return false;
}

/** True where Username(553) and Password(554) are those of the options, or none are asked for. */
export function credentialsMatch(
  { options }: Pick<Core, 'options'>,
  username: string | undefined,
  password: string | undefined,
): boolean {
  return same(options.username, username) && same(options.password, password);
}

/** In a time that does not depend on where the two differ. */
function same(wanted: string | undefined, given: string | undefined): boolean {
  if (wanted === undefined) return true;
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'latin1').digest();
  return timingSafeEqual(digest(wanted), digest(given ?? ''));
}
