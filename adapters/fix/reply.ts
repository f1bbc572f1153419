import { shownText } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Field } from './compose.ts';
import type { Core, Inbound } from './core.ts';
import { disconnect, keepAside, keepNumbered, report, sendNumbered, trouble } from './emit.ts';
import { isNearBorder } from './hours.ts';
import { fixIssue } from './issues.ts';
import type { FixSessionOptions } from './options.ts';

/** Texts of SessionRejectReason(373). Source: FIX 4.4, Volume 6, field 373, in the wording of the public conformance pack. */
const rejectTexts: Readonly<Record<number, string>> = {
  0: 'Invalid tag number',
  1: 'Required tag missing',
  2: 'Tag not defined for this message type',
  3: 'Undefined Tag',
  4: 'Tag specified without a value',
  5: 'Value is incorrect (out of range) for this tag',
  6: 'Incorrect data format for value',
  7: 'Decryption problem',
  9: 'CompID problem',
  10: 'SendingTime accuracy problem',
  11: 'Invalid MsgType',
  13: 'Tag appears more than once',
  14: 'Tag specified out of required order',
  15: 'Repeating group fields out of order',
  16: 'Incorrect NumInGroup count for repeating group',
  17: 'Non-data value includes field delimiter',
};

/** Routing fields of a message, and where a Reject(3) of it has them; the locations came with FIX 4.1. Source: FIX 4.4, Volume 1, "Message routing details". */
const reverseRoute: readonly (readonly [from: number, to: number])[] = [
  [115, 128],
  [116, 129],
  [144, 145],
  [128, 115],
  [129, 116],
  [145, 144],
];

/** What a Reject(3) says: SessionRejectReason(373) with its own text, or a text alone; the tag as it stands in the message. */
export interface Refusal {
  readonly reason?: number;
  readonly text?: string;
  readonly tag?: string;
}

/** What FIX 4.0 has not. */
const locations: ReadonlySet<number> = new Set([144, 145]);

/**
 * Answers a message with Reject(3) and keeps it in quarantine. Its number counts as received where it is the expected
 * one, except that of a SequenceReset(4).
 */
export function reject(core: Core, inbound: Inbound, refusal: Refusal, issue: Issue): void {
  const { message } = inbound;
  const number = message.number(34);
  const counts = number === core.state.nextIn && message.type !== '4';
  if (counts) keepNumbered(core, inbound, number, [...inbound.issues, issue]);
  else keepAside(core, inbound, [issue]);
  trouble(core, issue);
  sendNumbered(core, core.now, '3', rejectBody(core, inbound, refusal), {
    header: routeBack(core.options, inbound),
  });
}

/**
 * RefTagID(371), RefMsgType(372) and SessionRejectReason(373) came with FIX 4.2, reasons above 11 with FIX 4.3; before, the text names
 * the tag. Source: FIX 4.0 to 4.3, "Reject", in the form of the public conformance pack.
 */
function rejectBody(core: Core, { message }: Inbound, { reason, text, tag }: Refusal): Field[] {
  const body: Field[] = [];
  const { beginString, enableRefTagId } = core.options;
  const modern = beginString >= 'FIX.4.2';
  const said = text ?? (reason === undefined ? undefined : rejectTexts[reason]) ?? 'Other';
  const number = message.get(34);
  if (number !== undefined) body.push([45, number]);
  body.push([58, modern || tag === undefined ? said : `${said} (${tag})`]);
  if (!modern) return body;
  if (tag !== undefined && enableRefTagId) body.push([371, tag]);
  if (message.type !== '') body.push([372, message.type]);
  if (reason !== undefined && (beginString !== 'FIX.4.2' || reason <= 11)) body.push([373, String(reason)]);
  return body;
}

/**
 * Keeps a message whose type is not supported, and says so: BusinessMessageReject(j) with BusinessRejectReason(380)=3, which came with
 * FIX 4.2; before, Reject(3) with a text. Source: FIX 4.2, "Business Message Reject"; texts of the public conformance pack.
 */
export function refuseType(core: Core, inbound: Inbound, number: number): void {
  const { type } = inbound.message;
  const issue = fixIssue('FIX_TYPE_UNSUPPORTED', `MsgType(35) "${shownText(type, 16)}" is not supported`);
  if (type === '') {
    // There is no type that RefMsgType(372) could refer to.
    reject(core, inbound, { reason: 11 }, issue);
    return;
  }
  keepNumbered(core, inbound, number, [...inbound.issues, issue]);
  trouble(core, issue);
  const header = routeBack(core.options, inbound);
  const refers: Field = [45, String(number)];
  if (core.options.beginString < 'FIX.4.2') {
    sendNumbered(core, core.now, '3', [refers, [58, 'Unsupported message type']], { header });
    return;
  }
  const body: Field[] = [refers, [58, 'Unsupported Message Type'], [372, type], [380, '3']];
  sendNumbered(core, core.now, 'j', body, { header });
}

function routeBack({ beginString }: FixSessionOptions, { message }: Inbound): Field[] {
  return reverseRoute.flatMap(([from, to]) => {
    const value = message.get(from);
    const known = beginString !== 'FIX.4.0' || !locations.has(to);
    return value === undefined || !known ? [] : [[to, value] as const];
  });
}

/** How long whoever sent a TestRequest(1) is let wait for what has to come first: half an interval. */
export function patienceMicros({ heartBtInt }: Core): number {
  return Math.max(1, heartBtInt) * 0.5e6;
}

/** Heartbeat(0) with the TestReqID(112) of a TestRequest(1). */
export function answerTestRequest(core: Core, at: Micros, { message }: Inbound): void {
  const id = message.get(112);
  sendNumbered(core, at, '0', id === undefined ? [] : [[112, id]]);
}

/** Asks to leave and waits for the answer; what is still read meanwhile counts. */
export function logout(core: Core, at: Micros, text: string | undefined): void {
  if (core.phase !== 'up') return;
  sendNumbered(core, at, '5', textField(text));
  core.phase = 'leaving';
  core.leavingAt = at;
}

/** Says why and hangs up, without waiting. */
export function logoutNow(core: Core, at: Micros, text: string | undefined, reason: string): void {
  sendNumbered(core, at, '5', textField(text), { urgent: true });
  disconnect(core, 'us', reason);
}

/**
 * A MsgSeqNum(34) below the expected one, without PossDupFlag(43)=Y: a lost or a foreign message hides behind it. It is
 * never accepted; it waits in quarantine, and by default so does the session. Source: FIX 4.4, Volume 2, "MsgSeqNum too
 * low"; that it must wait for a person is what users of other engines paid for (users.md, pain 1).
 */
export function tooLow(core: Core, inbound: Inbound, number: number): void {
  const issue = lowIssue(core, number);
  keepAside(core, inbound, [issue]);
  logoutNow(core, inbound.at, issue.message, issue.message);
  holdFor(core, issue);
}

/** What is said of a number below the expected one, to the counterparty too. */
export function lowIssue(core: Core, number: number): Issue {
  const text = `MsgSeqNum too low, expecting ${core.state.nextIn} but received ${number}`;
  return fixIssue('FIX_SEQUENCE_TOO_LOW', text, { field: 'MsgSeqNum(34)' });
}

/** Makes the session wait for an operator, where it is configured so; not where two clocks disagree about a schedule. */
export function holdFor(core: Core, issue: Issue): void {
  if (core.options.onTooLow === 'logout' || isNearBorder(core, core.now)) {
    trouble(core, issue);
    return;
  }
  core.hold = issue;
  report(core, { signal: 'held', issue });
}

/** A text of theirs, fit to be shown: without what this session's options know as secret. */
export function withoutSecrets(core: Core, text: string): string {
  const { password, newPassword, logonFields } = core.options;
  const secrets = [password, newPassword, ...Object.values(logonFields)];
  return secrets.reduce<string>(
    (shown, secret) => (secret === undefined || secret.length < 4 ? shown : shown.replaceAll(secret, '***')),
    text,
  );
}

export function textField(text: string | undefined): Field[] {
  return text === undefined || text === '' ? [] : [[58, text]];
}
