import type {
  SessionFrame,
  SessionHours,
  SessionSignal,
  SessionState,
} from '../../../src/contract/session.ts';
import { latin1Text } from '../../../src/core/bytes.ts';
import { type Micros, microsOfIso } from '../../../src/core/clock.ts';
import { limits as defaultLimits, type Limits } from '../../../src/core/limits.ts';
import { readBody } from '../body.ts';
import { type Field, isHeaderTag, writeMessage } from '../compose.ts';
import type { Action } from '../core.ts';
import { type Machine, openMachine } from '../machine.ts';
import { type MemoryStore, memoryStore } from '../memory-store.ts';
import { type FixSessionOptionsInput, fixSessionOptions } from '../options.ts';
import { fixTime } from '../time.ts';

/** Fields that a transcript does not show: the same in every line, or the clock's. */
const silent = new Set([8, 9, 10, 49, 52, 56]);
const start = microsOfIso('2026-11-10T14:30:00Z') ?? 0;

/** One session machine on a table: no socket, no clock, a store in memory. */
export interface Bench {
  readonly machine: Machine;
  readonly store: MemoryStore;
  /** What it said since the last time, a line each. */
  said(): Promise<string[]>;
  now: Micros;
  connect(): void;
  /** A message of theirs, `35=0|34=2`; the rest of the header is added, and may be overruled. */
  read(line: string): void;
  /** A message of theirs with these fields behind MsgType(35), in this order, and no others. */
  readAsWritten(line: string): void;
  readBytes(bytes: Uint8Array): void;
  garbage(bytes: Uint8Array): void;
}

export interface BenchOptions extends Partial<FixSessionOptionsInput> {
  readonly store?: MemoryStore;
  readonly limits?: Partial<Limits>;
  readonly state?: SessionState;
  readonly hours?: SessionHours;
}

/** An acceptor `US` that `THEM` talks to, unless the options say otherwise. */
export function bench({
  state,
  store = memoryStore(state),
  limits,
  hours,
  ...given
}: BenchOptions = {}): Bench {
  const options = fixSessionOptions.parse({
    role: 'acceptor',
    host: '127.0.0.1',
    port: 9,
    beginString: 'FIX.4.4',
    senderCompId: 'US',
    targetCompId: 'THEM',
    ...given,
  });
  const machine = openMachine(options, { ...defaultLimits, ...limits }, store.state, { hours });
  let offset = 0;
  const table: Bench = {
    machine,
    store,
    now: start,
    said: () => carriedOut(machine, store, table),
    connect: () => machine.connected(table.now, 'peer:1'),
    read: (line) => table.readBytes(theirs(line, options.beginString, table.now)),
    readAsWritten: (line) => table.readBytes(asWritten(line, options.beginString, table.now)),
    readBytes(bytes) {
      const { message, issues } = machine.read(bytes);
      if (message === undefined) throw new Error('a transcript line that is no message');
      machine.received({ at: table.now, offset, bytes, message, issues });
      offset += bytes.length;
    },
    garbage(bytes) {
      machine.garbled(table.now, offset, bytes, {
        code: 'FIX_CHECKSUM',
        severity: 'error',
        message: 'garbled',
      });
      offset += bytes.length;
    },
  };
  return table;
}

/**
 * Plays a transcript and gives it back as it went, so that a test compares the two. Lines:
 * `< 35=…` theirs, `<< 35=…` theirs with no header but what is written, `> 35=…` ours (as it happened), `connect`, `drop` (the connection is gone), `+6s` time passes in ticks of 0.1 s,
 * `garbage`, `send T|tag=…` of the application, `logout`, `set nextIn nextOut`, `reset`, `# …` a remark. What the machine does stands behind
 * the line that made it: `! us: reason` hangs up, `~ gap 2-9`, `~ held CODE`, `~ trouble CODE`.
 */
export async function play(table: Bench, transcript: string): Promise<string> {
  const lines: string[] = [];
  for (const line of transcript.split('\n').map((text) => text.trim())) {
    if (line === '' || /^[>!~]/.test(line)) continue;
    lines.push(line);
    if (line.startsWith('+')) lines.push(...(await pass(table, Number.parseFloat(line.slice(1)))));
    else step(table, line);
    lines.push(...(await table.said()));
  }
  return lines.join('\n');
}

/** The transcript as {@link play} gives it back, so that the two can be compared. */
export function plain(transcript: string): string {
  return transcript
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function step(table: Bench, line: string): void {
  const [word = '', rest = ''] = line.split(/\s+(.*)/s);
  const { machine, now } = table;
  if (word === '<') table.read(rest);
  else if (word === '<<') table.readAsWritten(rest);
  else if (word === 'connect') table.connect();
  else if (word === 'drop') machine.disconnected(now, 'transport', 'dropped');
  else if (word === 'garbage')
    table.garbage(Buffer.from(rest === '' ? 'garbage' : rest.replaceAll('|', '\u0001')));
  else if (word === 'send') send(machine, now, rest);
  else if (word === 'logout') machine.logout(now, rest === '' ? undefined : rest);
  else if (word === 'reset') machine.command(now, { command: 'reset' });
  else if (word === 'set') {
    const [nextIn, nextOut] = rest.split(' ').map(Number);
    machine.command(now, {
      command: 'set',
      ...(nextIn !== undefined && nextIn > 0 && { nextIn }),
      ...(nextOut !== undefined && nextOut > 0 && { nextOut }),
    });
  } else if (word !== '#') throw new Error(`no such line: ${line}`);
}

function send(machine: Machine, now: Micros, rest: string): void {
  const [type = '', ...said] = rest.split('|');
  const { header, fields } = readBody(type, fieldsOf(said.join('|')), true);
  machine.send(now, type, fields, header);
}

async function pass(table: Bench, seconds: number): Promise<string[]> {
  const lines: string[] = [];
  for (let tick = 0; tick < Math.round(seconds * 10); tick++) {
    table.now += 100_000;
    table.machine.tick(table.now);
    lines.push(...(await table.said()));
  }
  return lines;
}

/** Does what the machine asks for; messages come first, signals behind them, each in order. */
async function carriedOut(machine: Machine, store: MemoryStore, table: Bench): Promise<string[]> {
  const messages: string[] = [];
  const notes: string[] = [];
  for (let actions = machine.take(); actions.length > 0; actions = machine.take()) {
    for (const action of actions) {
      if (action.do === 'append') await store.append(action.frames, action.state);
      if (action.do === 'append' || action.do === 'write') messages.push(...action.writes.map(shownMessage));
      if (action.do === 'report') notes.push(...shownSignal(action.signal));
      if (action.do === 'resend') await bringStored(machine, store, table, action);
      if (action.do !== 'disconnect') continue;
      notes.push(`! ${action.by}: ${action.reason}`);
      machine.disconnected(table.now, action.by, action.reason);
    }
  }
  return [...messages, ...notes];
}

async function bringStored(
  machine: Machine,
  store: MemoryStore,
  table: Bench,
  { job, from, to }: Extract<Action, { do: 'resend' }>,
): Promise<void> {
  for await (const stored of store.readOut(from, to)) machine.stored(table.now, job, [stored]);
  machine.storedEnd(table.now, job);
}

function shownSignal(signal: SessionSignal): string[] {
  if (signal.signal === 'gap' || signal.signal === 'filled')
    return [`~ ${signal.signal} ${signal.from}-${signal.to}`];
  if (signal.signal === 'held' || signal.signal === 'trouble')
    return [`~ ${signal.signal} ${signal.issue.code}`];
  return [];
}

/** A message without what every message has; times of a first sending are shown as `…`. */
export function shownMessage(bytes: Uint8Array): string {
  const fields = latin1Text(bytes).split('\u0001').slice(0, -1);
  const shown = fields.filter((field) => !silent.has(Number.parseInt(field, 10)));
  return `> ${shown.map((field) => (field.startsWith('122=') ? '122=…' : field)).join('|')}`;
}

/** What the store holds, a line each: kind, origin, type. */
export function shownEntry(frame: SessionFrame): string {
  const { origin } = frame;
  const place = 'ordinal' in origin ? `:${origin.ordinal}` : '';
  const scope = origin.scope.split('/').slice(1).join('/');
  return `${frame.kind} ${scope}${place} ${frame.message?.type ?? ''}`.trim();
}

function theirs(line: string, beginString: string, now: Micros): Uint8Array {
  const given = fieldsOf(line);
  const version = given.find(([tag]) => tag === 8)?.[1] ?? beginString;
  const type = given.find(([tag]) => tag === 35)?.[1] ?? '';
  const plainHeader: Field[] = [
    [49, 'THEM'],
    [52, fixTime(now, 'milliseconds')],
    [56, 'US'],
  ];
  const header = [
    ...plainHeader.filter(([tag]) => !given.some(([other]) => other === tag)),
    ...given.filter(([tag, value]) => isHeaderTag(tag) && tag !== 8 && tag !== 35 && value !== '-'),
  ].map(([tag, value]): Field => [tag, timeOf(value, now)]);
  return writeMessage(
    version,
    type,
    header,
    given.filter(([tag]) => !isHeaderTag(tag)),
  );
}

function asWritten(line: string, beginString: string, now: Micros): Uint8Array {
  const [type, ...rest] = fieldsOf(line);
  return writeMessage(
    beginString,
    type?.[1] ?? '',
    [],
    rest.map(([tag, value]): Field => [tag, timeOf(value, now)]),
  );
}

/** `@-5` is five seconds before now. */
function timeOf(value: string, now: Micros): string {
  return /^@-?\d+$/.test(value) ? fixTime(now + Number(value.slice(1)) * 1e6, 'milliseconds') : value;
}

function fieldsOf(text: string): Field[] {
  return text
    .split('|')
    .filter((field) => field !== '')
    .map((field): Field => [Number.parseInt(field, 10), field.slice(field.indexOf('=') + 1)]);
}
