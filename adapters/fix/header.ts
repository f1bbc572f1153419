import { type FixMessage, tokenStride } from '../../codecs/fix/index.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Core, Inbound } from './core.ts';
import { fixIssue } from './issues.ts';
import { logout, reject } from './reply.ts';
import { timeProblem } from './sending-time.ts';
import { microsIn, microsOfFixTime } from './time.ts';

/** False where the message was rejected, because one can already see at its header that it is wrong. */
export function headerIsSound(core: Core, inbound: Inbound): boolean {
  const { message } = inbound;
  const { senderCompId, targetCompId, checkCompId } = core.options;
  const ours = says(message, 49, targetCompId) && says(message, 56, senderCompId);
  const sent = sentIn(message);
  if (!(ours && sent !== undefined) && lacksField(core, inbound)) return false;
  if (sent === undefined) {
    const text = `SendingTime(52) cannot be "${shownText(message.get(52) ?? '')}"`;
    const issue = fixIssue('FIX_SESSION_FIELD', text, { field: 'SendingTime(52)' });
    reject(core, inbound, { reason: 6, tag: '52' }, issue);
    return false;
  }
  if (isEncrypted(message)) {
    const issue = fixIssue('FIX_ENCRYPTED', 'the message has SecureData(91)', { field: 'SecureData(91)' });
    reject(core, inbound, { reason: 7, tag: '91' }, issue);
    return false;
  }
  const late = timeProblem(core, inbound, sent);
  if (late !== undefined) return rejectAndLeave(core, inbound, 10, late);
  if (ours || !checkCompId) return true;
  const who = `the message is of ${shownText(message.get(49) ?? '')} to ${shownText(message.get(56) ?? '')}`;
  return rejectAndLeave(core, inbound, 9, fixIssue('FIX_COMP_ID', who));
}

/** True where a field that every message needs is missing or empty; the message was rejected then. */
function lacksField(core: Core, inbound: Inbound): boolean {
  const { message } = inbound;
  for (const [tag, field] of neededFields) {
    if (message.get(tag) !== undefined) continue;
    const empty = message.has(tag);
    const issue = fixIssue('FIX_SESSION_FIELD', `${field} is ${empty ? 'empty' : 'missing'}`, { field });
    reject(core, inbound, { reason: empty ? 4 : 1, tag: String(tag) }, issue);
    return true;
  }
  return false;
}

/** SendingTime(52), where it can be read. */
function sentIn(message: FixMessage): Micros | undefined {
  const field = headerField(message, 52);
  if (field < 0) return microsOfFixTime(message.get(52) ?? '');
  return microsIn(message.wire, message.fromAt(field), message.toAt(field));
}

/** The number of the first field of a tag among those of the header, which is short; -1 where it is not there. */
function headerField({ flat: { index, fieldCount } }: FixMessage, tag: number): number {
  const end = Math.min(fieldCount, headerFieldsMax) * tokenStride;
  for (let at = 0; at < end; at += tokenStride) if (index[at] === tag) return at / tokenStride;
  return -1;
}

/** True when the first field of a tag of the header has exactly this text: compared as bytes, for every message that comes. */
export function says(message: FixMessage, tag: number, text: string): boolean {
  const { wire } = message;
  const field = headerField(message, tag);
  if (field < 0) return message.get(tag) === text;
  const from = message.fromAt(field);
  if (message.toAt(field) - from !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (wire[from + at] !== text.charCodeAt(at)) return false;
  return true;
}

const neededFields = [
  [49, 'SenderCompID(49)'],
  [56, 'TargetCompID(56)'],
  [52, 'SendingTime(52)'],
] as const;

function rejectAndLeave(core: Core, inbound: Inbound, reason: number, issue: Issue): false {
  reject(core, inbound, { reason }, issue);
  logout(core, inbound.at, undefined);
  return false;
}

/** Message encryption is agreed away at the Logon(A): what stands in SecureData(91) nobody can read. */
function isEncrypted(message: FixMessage): boolean {
  return headerField(message, 91) >= 0;
}

const headerFieldsMax = 40;
