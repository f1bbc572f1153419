import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { ToldProcess } from '../../adapters/fix/peer/told-process.ts';
import { type Seeded, seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { writeConfiguration } from '../support/configuration.ts';
import { freePort } from '../support/free-port.ts';
import { judgeSoak, type Verdict } from './judge.ts';
import { type Break, type Line, openLine, type Way } from './line.ts';

/** The channel of our side. */
export const soakChannel = 'soak';

/** What goes wrong in a round: the line breaks, a process is killed or restarted, or somebody leaves or asks again. */
export const faults = [
  'reset',
  'close',
  'silence',
  'kill ours',
  'kill theirs',
  'stop ours',
  'stop theirs',
  'they hang up',
  'they log out',
  'they ask again',
  'we ask again',
] as const;
export type Fault = (typeof faults)[number];

export interface SoakOptions {
  /** The QuickFIX peer. */
  readonly program: string;
  /** The folder of QuickFIX's dictionaries. */
  readonly spec: string;
  readonly place: string;
  readonly seed: number;
  /** The role of our side. */
  readonly role: 'initiator' | 'acceptor';
  /** Messages in all, about half of them each way. */
  readonly messages: number;
  /** Rounds that the messages are spread over; each has one fault. */
  readonly rounds: number;
  readonly session?: Readonly<Record<string, JsonValue>>;
}

export interface SoakOutcome extends Verdict {
  readonly faults: Readonly<Record<string, number>>;
  readonly ours: number;
  readonly theirs: number;
}

/** Plays a soak from a seed, and says everything that was not as promised. */
export async function playSoak(options: SoakOptions): Promise<SoakOutcome> {
  const stage = await openStage(options);
  const problems: string[] = [];
  const counted: Record<string, number> = {};
  try {
    for (const [at, fault] of drawnFaults(stage.random, options.rounds).entries()) {
      const round = at + 1;
      const began = performance.now();
      await playRound(stage, fault, round);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stderr.write(
        `soak, seed ${options.seed}, round ${round} of ${options.rounds}: ${fault}, ${seconds} s\n`,
      );
      counted[fault] = (counted[fault] ?? 0) + 1;
    }
    await settle(stage);
  } catch (cause) {
    problems.push(`seed ${options.seed}: ${cause instanceof Error ? cause.message : String(cause)}`);
    problems.push(`ours: ${stage.ours.process.lines.slice(-12).join(' / ')} ${stage.ours.process.errors}`);
    problems.push(`theirs: ${stage.theirs.process.lines.slice(-12).join(' / ')}`);
  }
  problems.push(...stage.problems);
  await leave(stage);
  const { target: ours } = stage.ours;
  const { target: theirs } = stage.theirs;
  const verdict = await judgeSoak({ data: stage.data, heard: stage.heard(), ours, theirs });
  return { ...verdict, problems: [...problems, ...verdict.problems], faults: counted, ours, theirs };
}

/** Each fault as often as any other, in an order that is drawn anew each time that all have had their turn. */
function drawnFaults(random: Seeded, count: number): readonly Fault[] {
  const drawn: Fault[] = [];
  while (drawn.length < count) {
    const left = [...faults];
    while (left.length > 0) drawn.push(...left.splice(random.below(left.length), 1));
  }
  return drawn.slice(0, count);
}

/** One of the two processes: how far it was told to send, and how far it said that it had come. */
interface Side<T extends ToldProcess> {
  process: T;
  target: number;
  /** Lines of the process that were read before now. */
  read: number;
  /** The last number that it said was given to its engine: no restart may fall behind it. */
  given: number;
}

interface Stage {
  readonly options: SoakOptions;
  readonly random: Seeded;
  readonly line: Line;
  readonly data: string;
  readonly ours: Side<ToldProcess>;
  readonly theirs: Side<SettingsPeer>;
  readonly problems: string[];
  startOurs(): Promise<void>;
  startTheirs(): Promise<void>;
  heard(): string[];
}

async function openStage(options: SoakOptions): Promise<Stage> {
  const { role, place, program, spec, seed, session = {} } = options;
  const listening = await freePort();
  const line = await openLine(listening);
  const theirRole = role === 'initiator' ? 'acceptor' : 'initiator';
  const theirPort = role === 'initiator' ? listening : line.port;
  const told = { role: theirRole, port: theirPort, beginString: 'FIX.4.4', spec, heartBtInt: 1 } as const;
  const settings = peerSettings(told);
  const folder = join(place, 'peer');
  const configuration = writeSoakConfiguration(
    place,
    role,
    role === 'initiator' ? line.port : listening,
    session,
  );
  const start = (): ToldProcess =>
    new ToldProcess(process.execPath, [sideProgram, configuration, soakChannel, 'C']);
  const startTheirs = (): SettingsPeer => new SettingsPeer({ program, folder, settings, mark: 'P' });
  const stage: Stage = {
    options,
    random: seeded(seed),
    line,
    data: join(place, 'data'),
    ours: { process: start(), target: 0, read: 0, given: 0 },
    theirs: { process: startTheirs(), target: 0, read: 0, given: 0 },
    problems: [],
    startOurs: () => restart(stage, stage.ours, start()),
    startTheirs: () => restart(stage, stage.theirs, startTheirs()),
    heard: () => stage.theirs.process.heard(),
  };
  await Promise.all([stage.ours.process.said('ready'), stage.theirs.process.said('ready')]);
  return stage;
}

export const sideProgram = fileURLToPath(new URL('side.ts', import.meta.url));

/** Our side: OPS talking to FIRM, with heartbeats of a second and chunks of 500, reconnecting at once. */
export function writeSoakConfiguration(
  place: string,
  role: 'initiator' | 'acceptor',
  port: number,
  session: Readonly<Record<string, JsonValue>>,
): string {
  const options: JsonValue = {
    role,
    port,
    ...(role === 'initiator' && { host: '127.0.0.1', reconnectSecondsMin: 0.05, reconnectSecondsMax: 0.2 }),
    beginString: 'FIX.4.4',
    senderCompId: 'OPS',
    targetCompId: 'FIRM',
    heartBtInt: 1,
    resendRequestChunkSize: 500,
    resendTimeoutSeconds: 5,
    validate: 'full',
    ...session,
  };
  const channel = { adapter: 'fix', perspective: 'clearer', options };
  return writeConfiguration(place, { [soakChannel]: channel });
}

/** Whoever restarts begins where its own durable store says, which must not be behind what it had said. */
async function restart<T extends ToldProcess>(stage: Stage, side: Side<T>, next: T): Promise<void> {
  listen(stage, side);
  side.process = next;
  side.read = 0;
  const at = Number((await next.said('at ')).slice(3));
  if (at < side.given)
    stage.problems.push(`it had said that ${side.given} are given, and has ${at} after a restart`);
  if (at > side.target) stage.problems.push(`it has sent ${at}, and was told ${side.target}`);
  await next.said('ready');
  next.tell(`upto ${side.target}`);
}

/** Takes in what a side said since the last time. */
function listen<T extends ToldProcess>(stage: Stage, side: Side<T>): void {
  for (const line of side.process.lines.slice(side.read)) {
    const [word, count] = line.split(' ');
    if (word === 'upto') side.given = Math.max(side.given, Number(count));
    if (word === 'held' || /^trouble (FIX_STORE|FIX_SEQUENCE|FIX_NUMBERS|FIX_GAP)/.test(line))
      stage.problems.push(`ours: ${line}`);
  }
  side.read = side.process.lines.length;
}

/** Both send, and somewhere in the middle of it the fault strikes. */
async function playRound(stage: Stage, fault: Fault, round: number): Promise<void> {
  const { options, random, ours, theirs, line } = stage;
  const share = options.messages / options.rounds;
  const last = round === options.rounds;
  const half = Math.floor(options.messages / 2);
  // The last round brings what is left, so that the sum is what was asked for.
  ours.target = last ? half : Math.min(half, ours.target + random.between(0, Math.floor(share)));
  theirs.target = last
    ? options.messages - half
    : Math.min(options.messages - half, theirs.target + random.between(0, Math.floor(share)));
  ours.process.tell(`upto ${ours.target}`);
  theirs.process.tell(`upto ${theirs.target}`);
  const way = random.pick<Way>(['up', 'down']);
  const bytes = random.between(1, Math.floor(share * 150));
  await strike(stage, fault, () => line.breakAfter(breakOf(fault), way, bytes, 1_500).then(() => undefined));
  listen(stage, ours);
  listen(stage, theirs);
  // One round in three begins while the last fault is being mended.
  if (random.below(3) > 0) await bothUp(stage);
}

/** How the line goes with a process: a killed one resets it, and it is the moment that counts. */
function breakOf(fault: Fault): Break {
  return fault === 'close' || fault === 'silence' ? fault : 'reset';
}

async function strike(stage: Stage, fault: Fault, aimed: () => Promise<void>): Promise<void> {
  const { ours, theirs, random } = stage;
  switch (fault) {
    case 'reset':
    case 'close':
    case 'silence':
      return aimed();
    case 'kill ours':
      await sleep(random.between(1, 250));
      await ours.process.kill();
      return stage.startOurs();
    case 'kill theirs':
      await sleep(random.between(1, 250));
      await theirs.process.kill();
      return stage.startTheirs();
    case 'stop ours':
      await sleep(random.between(1, 250));
      await ours.process.quit();
      return stage.startOurs();
    case 'stop theirs':
      await sleep(random.between(1, 250));
      await theirs.process.quit();
      return stage.startTheirs();
    default:
      await sleep(random.between(1, 250));
      return speak(stage, fault);
  }
}

async function speak(stage: Stage, fault: Fault): Promise<void> {
  const { ours, theirs, random } = stage;
  if (fault === 'they hang up') theirs.process.tell('disconnect');
  if (fault === 'they log out') {
    theirs.process.tell('logout');
    await sleep(100);
    theirs.process.tell('logon');
  }
  if (fault === 'they ask again') {
    const from = random.between(1, Math.max(1, ours.given));
    theirs.process.tell(`resend ${from} ${from + random.below(300)}`);
  }
  if (fault === 'we ask again') {
    // What is held above a gap is committed at once where an operator changes numbers, and not in its order: so there is none.
    await bothUp(stage);
    const nextIn = await level(stage);
    ours.process.tell(`again ${Math.max(1, nextIn - random.below(300))}`);
  }
}

/** Resolves when both sides say that they are logged on, one to the other. */
async function bothUp({ ours, theirs }: Stage): Promise<void> {
  const end = Date.now() + 60_000;
  const up = (side: ToldProcess): boolean =>
    /^logon/.test(side.lines.findLast((line) => /^(logon|logout)/.test(line)) ?? '');
  while (!(up(ours.process) && up(theirs.process))) {
    if (!(ours.process.alive && theirs.process.alive)) throw new Error('one of them ended by itself');
    if (Date.now() > end) throw new Error('they never logged on again');
    await sleep(20);
  }
}

/** No fault any more: waits until each side expects what the other will send next. */
async function settle(stage: Stage): Promise<void> {
  const { ours, theirs, options } = stage;
  const end = Date.now() + 60_000 + options.messages;
  await ours.process.said(`upto ${ours.target}`, 0, 60_000 + options.messages);
  await theirs.process.said(`upto ${theirs.target}`, 0, 60_000 + options.messages);
  await bothUp(stage);
  await level(stage, end);
}

/** Resolves when nothing is missing on either side, with the number that ours expects next. */
async function level({ ours, theirs }: Stage, end = Date.now() + 60_000): Promise<number> {
  for (;;) {
    const [, out, nextIn, gap] = (await ours.process.ask('numbers', 'numbers ')).split(' ');
    const other = await theirs.process.numbers();
    if (gap === 'whole' && Number(nextIn) === other.out && Number(out) === other.in) return other.out;
    if (Date.now() > end) {
      throw new Error(`never level: ours ${out} ${nextIn} ${gap}, theirs ${other.out} ${other.in}`);
    }
    await sleep(50);
  }
}

async function leave(stage: Stage): Promise<void> {
  await Promise.all([stage.ours.process.quit(), stage.theirs.process.quit()]);
  await stage.line.close();
}
