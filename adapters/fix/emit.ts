import type { FixMessage } from '../../codecs/fix/index.ts';
import type { Decoded } from '../../src/contract/codec.ts';
import type { EntryKind } from '../../src/contract/entry.ts';
import type { FrameContext } from '../../src/contract/frame.ts';
import type { Origin } from '../../src/contract/origin.ts';
import type { SessionFrame, SessionSignal, SessionState } from '../../src/contract/session.ts';
import { utf8Bytes } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { type Field, writeMessage } from './compose.ts';
import type { Action, Core, Inbound } from './core.ts';
import { fixIssue } from './issues.ts';
import { maskedBytes } from './secret-fields.ts';
import { SentFrame } from './sent-frame.ts';
import { fixTime } from './time.ts';

/** The message of bytes of theirs, and what is wrong with it, by what this session knows of them. */
export function readTheirs(core: Core, bytes: Uint8Array): Decoded<FixMessage> {
  const { applVerId } = core;
  return core.codec.decode(applVerId === undefined ? { bytes } : { bytes, context: { applVerId } });
}

/**
 * Which version of the application's messages is spoken over FIXT.1.1 where a message does not say so itself: each side's own
 * DefaultApplVerID(1137). An acceptor that is configured with none says what they say.
 */
export function ownApplVerId(core: Core): string | undefined {
  if (core.options.beginString !== 'FIXT.1.1') return undefined;
  return core.options.defaultApplVerId ?? core.applVerId;
}

function contextOf(applVerId: string | undefined): { readonly context?: FrameContext } {
  return applVerId === undefined ? {} : { context: { applVerId } };
}

/** What was asked for since the last time. */
export function takeActions(core: Core): readonly Action[] {
  seal(core);
  const { actions } = core;
  core.actions = [];
  return actions;
}

/** Frames from here on are another commit: an epoch begins, or something has to happen in between. */
export function seal(core: Core): void {
  if (core.open !== undefined) core.open.state = core.state;
  core.open = undefined;
}

export function report(core: Core, signal: SessionSignal): void {
  core.actions.push({ do: 'report', signal });
}

export function trouble(core: Core, issue: Issue): void {
  report(core, { signal: 'trouble', issue });
}

/** Hangs up when everything before is written. */
export function disconnect(core: Core, by: 'us' | 'them', reason: string): void {
  seal(core);
  core.actions.push({ do: 'disconnect', by, reason });
  core.phase = 'closing';
}

/** Tells a signal, and keeps it: the events of the session are made from these entries. */
export function keepSignal(core: Core, at: Micros, signal: SessionSignal): void {
  report(core, signal);
  const text = canonicalJson({ ...JSON.parse(JSON.stringify(signal)), session: core.session });
  pushFrame(core, {
    kind: 'signal',
    direction: 'in',
    origin: { scope: `${core.session}/signal`, key: `${at}.${++core.serial}` },
    receivedAt: at,
    bytes: utf8Bytes(text),
    issues: [],
    admin: true,
  });
}

/** Begins a durable new numbering; nothing of it is committed before this is. */
export function pushEpoch(core: Core, at: Micros, state: SessionState, reason: string): void {
  seal(core);
  core.state = state;
  pushFrame(core, {
    kind: 'epoch',
    direction: 'in',
    origin: { scope: `${core.session}/epoch`, key: String(state.epoch) },
    receivedAt: at,
    bytes: utf8Bytes(canonicalJson({ session: core.session, ...state, reason })),
    issues: [],
    admin: true,
  });
  seal(core);
}

/** An inbound frame under its own number; the number is taken from the sequence where it is the expected one. */
export function keepNumbered(core: Core, inbound: Inbound, number: number, issues = inbound.issues): void {
  const failed = issues.some((issue) => issue.severity === 'error');
  pushInbound(core, inbound, numberedIn(core, number), failed ? 'quarantine' : 'message', issues);
  if (number === core.state.nextIn) core.state = withNextIn(core.state, number + 1);
}

/** For every message that comes: written out, because a copy of whatever there is takes longer. */
function withNextIn({ epoch, nextOut, since }: SessionState, nextIn: number): SessionState {
  return since === undefined ? { epoch, nextIn, nextOut } : { epoch, nextIn, nextOut, since };
}

function withNextOut({ epoch, nextIn, since }: SessionState, nextOut: number): SessionState {
  return since === undefined ? { epoch, nextIn, nextOut } : { epoch, nextIn, nextOut, since };
}

/** An inbound frame outside of the numbering: its origin is its place on the connection. */
export function keepAside(core: Core, inbound: Inbound, further: readonly Issue[] = []): void {
  const kind = further.some((issue) => issue.severity === 'error') ? 'quarantine' : 'message';
  pushInbound(core, inbound, asideIn(core, inbound.offset), kind, [...inbound.issues, ...further]);
}

function pushInbound(
  core: Core,
  inbound: Inbound,
  origin: Origin,
  kind: EntryKind,
  issues: readonly Issue[],
): void {
  const { type } = inbound.message;
  const { bytes, message } = type === 'A' ? maskedLogon(core, inbound) : inbound;
  const said = bytes === inbound.bytes ? issues : [...issues, maskedIssue];
  const admin = isQuiet(type);
  const { at: receivedAt } = inbound;
  const frame: SessionFrame = {
    kind,
    direction: 'in',
    origin,
    receivedAt,
    bytes,
    message,
    issues: said,
    admin,
  };
  pushFrame(core, core.applVerId === undefined ? frame : { ...frame, ...contextOf(core.applVerId) });
}

const maskedIssue = fixIssue('FIX_LOGON_MASKED', 'secret values of this Logon(A) are stored as *');

function maskedLogon(core: Core, inbound: Inbound): Pick<Inbound, 'bytes' | 'message'> {
  const bytes = maskedBytes(inbound.bytes, Object.keys(core.options.logonFields));
  const { message } = bytes === inbound.bytes ? inbound : readTheirs(core, bytes);
  return { bytes, message: message ?? inbound.message };
}

export function pushFrame(core: Core, frame: SessionFrame, write?: Uint8Array): void {
  if (core.open === undefined) {
    core.open = { do: 'append', frames: [], writes: [], state: core.state };
    core.actions.push(core.open);
  }
  core.open.frames.push(frame);
  if (write !== undefined) core.open.writes.push(write);
}

export function numberedIn(core: Core, ordinal: number): Origin {
  return { scope: scopesOf(core).in, ordinal };
}

export function numberedOut(core: Core, ordinal: number): Origin {
  return { scope: scopesOf(core).out, ordinal };
}

interface Scopes {
  readonly epoch: number;
  readonly in: string;
  readonly out: string;
}

/** What the numbers of an epoch count in: one text for all of them, and not one for each. */
const scopes = new WeakMap<Core, Scopes>();

function scopesOf(core: Core): Scopes {
  const { epoch } = core.state;
  const known = scopes.get(core);
  if (known?.epoch === epoch) return known;
  const place = `${core.session}/${epoch}`;
  const made = { epoch, in: `${place}/in`, out: `${place}/out` };
  scopes.set(core, made);
  return made;
}

export function asideIn(core: Core, offset: number): Origin {
  return { scope: `${core.session}/${core.state.epoch}/conn`, key: `${core.connectedAt}@${offset}` };
}

/** An outbound frame that takes no number: a gap fill in answer to a ResendRequest(2). */
export function asideOut(core: Core): Origin {
  return { scope: `${core.session}/${core.state.epoch}/conn`, key: `${core.connectedAt}>${++core.serial}` };
}

/** How a message of ours may differ from the ordinary. */
export interface Sending {
  /** Further header fields. */
  readonly header?: readonly Field[];
  /** Goes to the wire at once, whatever else waits there: what opens and what ends a session. */
  readonly urgent?: boolean;
}

/** Gives a message the next number, keeps it, and writes it as soon as that is allowed. Returns the number. */
export function sendNumbered(
  core: Core,
  at: Micros,
  type: string,
  body: readonly Field[],
  sending: Sending = {},
): number {
  const number = core.state.nextOut;
  const bytes = writeMessage(
    core.options.beginString,
    type,
    headerOf(core, at, number, sending.header),
    body,
  );
  core.state = withNextOut(core.state, number + 1);
  const writable = (core.phase === 'up' || core.phase === 'leaving') && core.resend === undefined;
  const goes = sending.urgent === true || writable;
  if (!goes && core.unwritten === 0) core.unwritten = number;
  if (goes) core.lastOut = at;
  keepOutbound(core, at, type, bytes, numberedOut(core, number), goes);
  return number;
}

/** Keeps what goes out: of a Logon(A) with its secrets masked, because it is never sent again. */
export function keepOutbound(
  core: Core,
  at: Micros,
  type: string,
  bytes: Uint8Array,
  origin: Origin,
  goes = true,
): void {
  const kept = type === 'A' ? maskedBytes(bytes, Object.keys(core.options.logonFields)) : bytes;
  const frame = new SentFrame(core.codec, origin, at, kept, isQuiet(type), ownApplVerId(core));
  pushFrame(core, frame, goes ? bytes : undefined);
}

/** Our header without 8, 9 and 35; an id that the application says itself comes before the usual one. */
export function headerOf(core: Core, at: Micros, number: number, further: readonly Field[] = []): Field[] {
  const { options } = core;
  const header: Field[] = [
    [34, String(number)],
    [49, options.senderCompId],
    [52, fixTime(at, core.precision)],
    [56, options.targetCompId],
    ...further,
  ];
  const usual = [
    [50, options.senderSubId],
    [57, options.targetSubId],
    [142, options.senderLocationId],
    [143, options.targetLocationId],
  ] as const;
  for (const [tag, value] of usual) {
    if (value !== undefined && !further.some(([other]) => other === tag)) header.push([tag, value]);
  }
  const processed = processedText(core);
  if (processed !== undefined) header.push([369, processed]);
  return header;
}

/**
 * LastMsgSeqNumProcessed(369). Everything that was read before is in this commit or an earlier one, and nothing is
 * written before its own commit: so what the peer reads is committed.
 */
export function processedText(core: Core): string | undefined {
  return core.options.lastMsgSeqNumProcessed ? String(core.state.nextIn - 1) : undefined;
}

/** Administrative types. Source: FIX 4.4, Volume 2: Heartbeat, TestRequest, ResendRequest, Reject, SequenceReset, Logout, Logon. */
export function isAdmin(type: string): boolean {
  return type.length === 1 && '012345A'.includes(type);
}

/** Administrative, and nothing to tell: a Reject(3) does say something about a message of ours. */
function isQuiet(type: string): boolean {
  return isAdmin(type) && type !== '3';
}
