import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { ToldProcess } from '../../adapters/fix/peer/told-process.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Limits } from '../../src/core/limits.ts';
import { freePort } from '../support/free-port.ts';
import { judgeSoak } from './judge.ts';
import { sideProgram, soakChannel, writeSoakConfiguration } from './soak.ts';

export interface ResendOptions {
  readonly program: string;
  readonly spec: string;
  readonly place: string;
  /** Who missed the messages: we ask for them, or QuickFIX does. */
  readonly missed: 'by us' | 'by them';
  readonly messages: number;
  /** Messages of whoever resends that come while the resend runs. */
  readonly live: number;
  readonly session?: Readonly<Record<string, JsonValue>>;
  readonly limits?: Partial<Limits>;
  /** All that our process may keep, MiB: with more it ends. */
  readonly heapMib?: number;
}

export interface ResendOutcome {
  readonly problems: readonly string[];
  /** The most memory that our process ever had, MiB: it did nothing but this resend. */
  readonly peakMib: number;
  readonly seconds: number;
  /** ResendRequest(2)s of the one who missed the messages. */
  readonly requests: number;
  /** Messages above the gap that were let go, because too many were held. */
  readonly letGo: boolean;
  /** TestRequest(1)s of QuickFIX that were answered while the resend ran, and how long the slowest took. */
  readonly answered: number;
  readonly slowestMs: number;
}

/** One side misses messages, and gets them when the two connect; judged like the soak, and our memory is measured. */
export async function playResend(options: ResendOptions): Promise<ResendOutcome> {
  const { program, spec, place, missed, messages, live, session = {}, limits = {}, heapMib } = options;
  const port = await freePort();
  const settings = peerSettings({ role: 'acceptor', port, beginString: 'FIX.4.4', spec });
  const given = { heartBtInt: 2, logoutTimeoutSeconds: 30, ...session };
  const configuration = writeSoakConfiguration(place, 'initiator', port, given);
  const peer = (): SettingsPeer =>
    new SettingsPeer({ program, folder: join(place, 'peer'), settings, mark: 'P' });
  const bound = heapMib === undefined ? [] : [`--max-old-space-size=${heapMib}`];
  const sideArgs = [sideProgram, configuration, soakChannel, 'C', JSON.stringify(limits)];
  const side = (): ToldProcess => new ToldProcess(process.execPath, [...bound, ...sideArgs]);
  if (missed === 'by them') await sendAlone(side(), messages);
  const theirs = peer();
  await theirs.said('ready', 0, 120_000);
  if (missed === 'by us') await theirs.ask(`upto ${messages}`, `upto ${messages}`, 600_000);
  const began = performance.now();
  const ours = side();
  await ours.said('ready', 0, 120_000);
  await theirs.said('logon', 0, 120_000);
  const sender = missed === 'by us' ? theirs : ours;
  if (live > 0) sender.tell(`upto ${messages + live}`);
  const probe = await askWhile(theirs, () => isLevel(ours, theirs), messages);
  const seconds = (performance.now() - began) / 1000;
  const peakMib = peakOf(ours.pid);
  const told = missed === 'by us' ? ours : theirs;
  const requests = told.lines.filter((line) =>
    line.startsWith(missed === 'by us' ? 'requested' : 'asked'),
  ).length;
  const letGo = ours.lines.some((line) => line.startsWith('trouble FIX_HELD_LIMIT'));
  const lost = [...ours.lines, ...theirs.lines].filter((line) => line.startsWith('logout'));
  await ours.quit();
  await theirs.quit();
  const total = messages + live;
  const evidence = { ours: missed === 'by us' ? 0 : total, theirs: missed === 'by us' ? total : 0 };
  const verdict = await judgeSoak({ data: join(place, 'data'), heard: theirs.heard(), ...evidence });
  const problems = [
    ...lost.map((line) => `the connection was lost: ${line}`),
    ...probe.problems,
    ...verdict.problems,
  ];
  return {
    problems,
    peakMib,
    seconds,
    requests,
    letGo,
    answered: probe.answered,
    slowestMs: probe.slowestMs,
  };
}

/** Gives our side its messages while nobody is there, and stops it: whoever resends them is a new process. */
async function sendAlone(side: ToldProcess, messages: number): Promise<void> {
  await side.said('ready');
  await side.ask(`upto ${messages}`, `upto ${messages}`, 900_000);
  await side.quit();
}

interface Probe {
  readonly problems: readonly string[];
  readonly answered: number;
  readonly slowestMs: number;
}

/** Sends TestRequest(1)s of theirs, one after the other was answered, until both sides are level. */
async function askWhile(
  theirs: SettingsPeer,
  level: () => Promise<boolean>,
  messages: number,
): Promise<Probe> {
  const end = Date.now() + 60_000 + messages;
  const probe = { problems: [] as string[], answered: 0, slowestMs: 0 };
  for (let number = 1; ; number++) {
    if (await level()) return probe;
    if (Date.now() > end) return { ...probe, problems: ['never level'] };
    const asked = performance.now();
    const { length } = theirs.lines;
    theirs.tell(`test T${number}`);
    const answer = new RegExp(`^got 0 \\d+ . T${number}$`);
    while (!theirs.lines.slice(length).some((line) => answer.test(line))) {
      const lost = !theirs.alive || theirs.lines.slice(length).some((line) => line === 'logout');
      if (Date.now() > end || lost) return { ...probe, problems: [`T${number} was never answered`] };
      await sleep(10);
    }
    probe.answered++;
    probe.slowestMs = Math.max(probe.slowestMs, Math.round(performance.now() - asked));
  }
}

async function isLevel(ours: ToldProcess, theirs: SettingsPeer): Promise<boolean> {
  const [, out, expected, gap] = (await ours.ask('numbers', 'numbers ', 120_000)).split(' ');
  const other = await theirs.numbers();
  return gap === 'whole' && Number(expected) === other.out && Number(out) === other.in;
}

/** VmHWM of a process. Source: proc(5). */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}
