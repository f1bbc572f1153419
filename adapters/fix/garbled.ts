import type { Message } from '../../src/contract/codec.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Core, Inbound } from './core.ts';
import { asideIn, disconnect, pushFrame, readTheirs, trouble } from './emit.ts';
import type { FixSessionOptions } from './options.ts';
import { reject } from './reply.ts';
import { maskedBytes } from './secret-fields.ts';

/**
 * Bytes of no message: kept, and nothing else. No number is taken, so the next message asks for what was in them.
 * `rejectGarbledMessage` answers instead where the expected number can be read.
 */
export function keepGarbled(core: Core, at: Micros, offset: number, bytes: Uint8Array, why: Issue): void {
  if (core.phase === 'down' || core.phase === 'closing' || why.severity === 'info') return;
  if (core.options.rejectGarbledMessage && rejectedAsGarbled(core, at, offset, bytes, why)) return;
  pushFrame(core, {
    kind: 'quarantine',
    direction: 'in',
    origin: asideIn(core, offset),
    receivedAt: at,
    bytes: maskedGarbage(core, bytes),
    issues: [why],
    admin: false,
  });
  if (core.phase === 'greeting') disconnect(core, 'us', 'the Logon(A) is garbled');
}

/**
 * The message of bytes whose sum or length is wrong, where the options say that this does not matter; what is wrong is then no
 * more than a warning. A wrong length does matter where it hides another message.
 */
export function pardoned(
  core: Core,
  at: Micros,
  offset: number,
  bytes: Uint8Array,
  why: Issue,
): Inbound | undefined {
  if (!pardons(core.options, why.code) || !isOneMessage(bytes)) return undefined;
  const { message, issues } = readTheirs(core, bytes);
  const wrong = issues.some(({ code }) => ofEnvelope.has(code) && !pardons(core.options, code));
  if (message === undefined || message.type === '' || wrong) return undefined;
  const weighed = issues.map((issue) =>
    ofEnvelope.has(issue.code) ? ({ ...issue, severity: 'warning' } as const) : issue,
  );
  return { at, offset, bytes, message, issues: weighed };
}

const ofEnvelope: ReadonlySet<string> = new Set(['FIX_CHECKSUM', 'FIX_BODY_LENGTH']);

/** True where the options say that this does not make a message garbled. */
export function pardons(options: FixSessionOptions, code: string): boolean {
  if (code === 'FIX_CHECKSUM') return !options.validateChecksum;
  return code === 'FIX_BODY_LENGTH' && !options.validateBodyLength;
}

/** `8=` … `10=…|`, and nothing of another message between. */
function isOneMessage(bytes: Uint8Array): boolean {
  const text = latin1Text(bytes);
  if (!/^8=FIX[^\u0001]*\u00019=\d+\u000135=/.test(text) || text.includes('\u00018=FIX')) return false;
  const trailer = text.indexOf('\u000110=');
  return trailer >= 0 && text.indexOf('\u0001', trailer + 1) === text.length - 1;
}

/** True where the bytes were answered. The text is that of QuickFIX/J, whose option this is. */
function rejectedAsGarbled(core: Core, at: Micros, offset: number, bytes: Uint8Array, why: Issue): boolean {
  if ((core.phase !== 'up' && core.phase !== 'leaving') || !isOneMessage(bytes)) return false;
  const { message, issues } = readTheirs(core, bytes);
  if (message === undefined || message.number(34) !== core.state.nextIn || message.type === 'A') return false;
  core.now = at;
  reject(core, { at, offset, bytes, message, issues }, { text: 'Message failed basic validity check' }, why);
  return true;
}

/** Somebody on another connection who is not let in: the bytes are kept beside this session's own. */
export function keepStranger(
  core: Core,
  { at, offset, bytes, issues }: Omit<Inbound, 'message'>,
  connectedAt: Micros,
  message: Message | undefined,
  why: Issue,
): void {
  const kept = maskedGarbage(core, bytes);
  pushFrame(core, {
    kind: 'quarantine',
    direction: 'in',
    origin: { scope: `${core.session}/${core.state.epoch}/conn`, key: `${connectedAt}@${offset}` },
    receivedAt: at,
    bytes: kept,
    ...(message !== undefined && kept === bytes && { message }),
    issues: [...issues, why],
    admin: true,
  });
  trouble(core, why);
}

/** Secrets are looked for in everything that may have been a Logon(A). */
function maskedGarbage(core: Core, bytes: Uint8Array): Uint8Array {
  return maskedBytes(bytes, Object.keys(core.options.logonFields));
}
