import { latin1Bytes, latin1Text } from '../../src/core/bytes.ts';
import type { Clock } from '../../src/core/clock.ts';
import { compare } from './compare.ts';
import type { DefinitionConnection, Ending, Reading } from './connection.ts';
import type { ConnectionStep, Definition, MessageStep, Profile, SessionStep, Step } from './definition.ts';
import type { Door } from './doors.ts';
import type { Difference } from './fields.ts';
import type { DefinitionCode } from './issues.ts';
import { sumText, wireText } from './wire-text.ts';

/** What one definition needs besides itself. */
export interface Stage {
  readonly profile: Profile;
  readonly door: Door;
  /** How long a message, or a connection, may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Sets sequence numbers inside the engine under test; undefined where nobody can. */
  readonly setSession?: SetSession | undefined;
  /** Before each step: the moment to let the application of the engine under test do something. */
  readonly before?: BeforeStep | undefined;
}

export type BeforeStep = (step: Step, definition: Definition) => Promise<void> | void;

export type SetSession = (step: SessionStep, signal: AbortSignal) => Promise<void>;

/** Something that went over the wire, or happened to it. Text is one character a byte, secrets and all. */
export interface Happening {
  /** Since the definition began. */
  readonly atMs: number;
  readonly line: number;
  readonly client: number;
  readonly what: 'connected' | 'sent' | 'received' | 'closed' | 'ended' | 'set';
  readonly text: string;
}

/** Why a definition failed, before it is put into words. */
export interface Fault {
  readonly code: DefinitionCode;
  readonly line: number;
  readonly step: string;
  readonly detail: string;
  readonly expected?: string;
  readonly received?: string;
  readonly differences: readonly Difference[];
}

export interface Played {
  readonly fault?: Fault;
  readonly happenings: readonly Happening[];
  readonly durationMs: number;
}

/** How long the end of a connection is waited for. Source: ReflectorClient.rb, and QuickFIX/J's ExpectDisconnectStep. */
const endingMs = { quickfix: 10_000, quickfixj: 20_000 } as const;

/** Plays a definition to its first fault or its end, and closes what is still open. */
export async function playDefinition(definition: Definition, stage: Stage): Promise<Played> {
  const playing: Playing = {
    definition,
    stage,
    connections: new Map(),
    left: [],
    happenings: [],
    began: performance.now(),
  };
  let fault: Fault | undefined;
  try {
    for (const step of definition.steps) {
      await stage.before?.(step, definition);
      fault = stage.signal.aborted
        ? faultAt(step, 'CERT_STOPPED', 'the run was stopped')
        : await play(playing, step);
      if (fault !== undefined) break;
    }
  } finally {
    await stage.door.close();
    const open = [...playing.connections.values(), ...playing.left];
    await Promise.all(open.map((connection) => connection.close()));
  }
  const durationMs = performance.now() - playing.began;
  return { happenings: playing.happenings, durationMs, ...(fault !== undefined && { fault }) };
}

interface Playing {
  readonly definition: Definition;
  readonly stage: Stage;
  readonly connections: Map<number, DefinitionConnection>;
  /** Connections in whose place another one came: they stay open to the end, as with the Ruby runner. */
  readonly left: DefinitionConnection[];
  readonly happenings: Happening[];
  readonly began: number;
}

function note({ happenings, began }: Playing, step: Step, what: Happening['what'], text: string): void {
  const client = 'client' in step ? step.client : 0;
  happenings.push({ atMs: performance.now() - began, line: step.line, client, what, text });
}

function faultAt(step: Step, code: DefinitionCode, detail: string, more: Partial<Fault> = {}): Fault {
  return { code, line: step.line, step: step.text, detail, differences: [], ...more };
}

function play(playing: Playing, step: Step): Promise<Fault | undefined> {
  switch (step.kind) {
    case 'connect':
      return opened(playing, step);
    case 'expect-connect':
      // Where we connect, this line waits for nothing. Source: ReflectorClient.rb, waitConnectAction.
      return playing.definition.role === 'listen' ? opened(playing, step) : Promise.resolve(undefined);
    case 'disconnect':
      return closed(playing, step);
    case 'expect-disconnect':
      return ended(playing, step);
    case 'send':
      return sent(playing, step);
    case 'expect':
      return expected(playing, step);
    case 'set-session':
      return set(playing, step);
  }
}

async function opened(playing: Playing, step: ConnectionStep): Promise<Fault | undefined> {
  const { door, timeoutMs, signal } = playing.stage;
  const connection = await door.open(timeoutMs, signal);
  if (typeof connection === 'string') return faultAt(step, 'CERT_NO_CONNECTION', connection);
  const before = playing.connections.get(step.client);
  playing.connections.set(step.client, connection);
  note(playing, step, 'connected', '');
  if (before !== undefined) playing.left.push(before);
  return undefined;
}

async function closed(playing: Playing, step: ConnectionStep): Promise<Fault | undefined> {
  const connection = playing.connections.get(step.client);
  if (connection === undefined) return missing(step);
  playing.connections.delete(step.client);
  await connection.close();
  note(playing, step, 'closed', '');
  return undefined;
}

function missing(step: ConnectionStep | MessageStep): Fault {
  return faultAt(step, 'DEFINITION_CLIENT', `client ${step.client} has no connection`);
}

async function ended(playing: Playing, step: ConnectionStep): Promise<Fault | undefined> {
  const connection = playing.connections.get(step.client);
  if (connection === undefined) return missing(step);
  const { profile, signal } = playing.stage;
  const ending = await connection.ending(endingMs[profile], signal);
  if (ending === 'ended' || (ending === 'reset' && profile === 'quickfixj')) {
    note(playing, step, 'ended', ending === 'reset' ? 'reset' : '');
    return undefined;
  }
  return endingFault(playing, step, ending, connection);
}

function endingFault(
  playing: Playing,
  step: ConnectionStep,
  ending: Exclude<Ending, 'ended'>,
  connection: DefinitionConnection,
): Fault {
  switch (ending) {
    case 'data': {
      const received = latin1Text(connection.unread());
      note(playing, step, 'received', received);
      return faultAt(step, 'CERT_DATA', 'something came instead of the end', { received });
    }
    case 'reset':
      note(playing, step, 'ended', 'reset');
      return faultAt(step, 'CERT_RESET', 'the connection was reset, not closed');
    case 'open':
      return faultAt(
        step,
        'CERT_STILL_CONNECTED',
        `after ${endingMs[playing.stage.profile] / 1000} s it is still open`,
      );
    case 'stopped':
      return faultAt(step, 'CERT_STOPPED', 'the run was stopped');
  }
}

function textOf({ definition, stage }: Playing, step: MessageStep): string {
  return wireText(step, definition, stage.profile, Math.floor(stage.clock.now() / 1000));
}

async function sent(playing: Playing, step: MessageStep): Promise<Fault | undefined> {
  const connection = playing.connections.get(step.client);
  if (connection === undefined) return missing(step);
  const text = textOf(playing, step);
  note(playing, step, 'sent', text);
  if (await connection.send(latin1Bytes(text))) return undefined;
  return faultAt(step, 'CERT_DISCONNECTED', 'the connection had ended before this could be sent');
}

async function expected(playing: Playing, step: MessageStep): Promise<Fault | undefined> {
  const connection = playing.connections.get(step.client);
  if (connection === undefined) return missing(step);
  const { timeoutMs, signal, profile } = playing.stage;
  const wanted = textOf(playing, step);
  const reading = await connection.read(timeoutMs, signal);
  if (reading.kind !== 'message') return readingFault(playing, step, wanted, reading);
  const received = latin1Text(reading.bytes);
  note(playing, step, 'received', received);
  const differences = compare(profile, wanted, received, playing.definition.patterns);
  const both = { expected: wanted, received, differences };
  if (differences.length > 0) return faultAt(step, 'CERT_DIFFERENT', '', both);
  const sum = wrongSum(received);
  return sum === undefined ? undefined : faultAt(step, 'CERT_CHECKSUM', sum, both);
}

/** The Ruby runner believes any three digits; a wrong sum is what every counterparty would throw away. */
function wrongSum(received: string): string | undefined {
  const at = received.lastIndexOf('\u000110=') + 1;
  const [says, sums] = [received.slice(at + 3, -1), sumText(received.slice(0, at))];
  return says === sums ? undefined : `it says ${says}, the bytes sum to ${sums}`;
}

function readingFault(
  playing: Playing,
  step: MessageStep,
  wanted: string,
  reading: Exclude<Reading, { readonly kind: 'message' }>,
): Fault {
  if (reading.kind === 'stopped') return faultAt(step, 'CERT_STOPPED', 'the run was stopped');
  const received = latin1Text(reading.bytes);
  if (received !== '') note(playing, step, 'received', received);
  const both = { expected: wanted, ...(received !== '' && { received }) };
  switch (reading.kind) {
    case 'silent':
      return faultAt(step, 'CERT_SILENT', `nothing came within ${playing.stage.timeoutMs / 1000} s`, both);
    case 'unreadable':
      return faultAt(step, 'CERT_UNREADABLE', reading.why, both);
    case 'ended':
      note(playing, step, 'ended', reading.reset ? 'reset' : '');
      return faultAt(
        step,
        'CERT_DISCONNECTED',
        reading.reset ? 'the connection was reset' : 'it hung up',
        both,
      );
  }
}

async function set(playing: Playing, step: SessionStep): Promise<Fault | undefined> {
  const { setSession, signal } = playing.stage;
  if (setSession === undefined) return faultAt(step, 'CERT_ADMIN', 'nobody can set the session');
  try {
    await setSession(step, signal);
  } catch (cause) {
    return faultAt(step, 'CERT_ADMIN', cause instanceof Error ? cause.message : String(cause));
  }
  note(playing, step, 'set', step.text);
  return undefined;
}
