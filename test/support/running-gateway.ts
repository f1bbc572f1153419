import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Entry } from '../../src/contract/entry.ts';
import type { Event } from '../../src/events/event.ts';
import { decodeEvent } from '../../src/events/index.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import type { Child, ChildOptions } from './child.ts';
import { startClearport } from './clearport.ts';

/** `clearport run` in a process of its own, and a look into its log from beside it. */
export interface RunningGateway {
  readonly child: Child;
  readonly configuration: string;
  readonly data: string;
  entries(): Promise<readonly Entry[]>;
  /** The newest look at the log's events, in order. */
  events(): Promise<readonly Event[]>;
  /** ExecIDs of the trades in the log, in order. */
  executions(): Promise<readonly string[]>;
  /** Waits until something holds; fails with what the gateway said when it never does. */
  until(what: string, reached: () => Promise<boolean>): Promise<void>;
  /** Resident memory of the process, in MiB. */
  memoryMib(): number;
}

/** Starts a gateway and waits until it runs; it is stopped when the test is over. */
export async function runGatewayChild(
  configuration: string,
  options: ChildOptions = {},
): Promise<RunningGateway> {
  const child = startClearport(['run', '--config', configuration], options);
  onTestFinished(async () => void (await child.stop()));
  const data = join(dirname(configuration), 'data');
  const entries = () => entriesOf(data);
  const events = async () => (await entries()).flatMap((entry) => entry.events.map(decodeEvent));
  const until = (what: string, reached: () => Promise<boolean>) => waitUntil(child, what, reached);
  await child.waitFor(/running|listening|connecting/i);
  return {
    child,
    configuration,
    data,
    entries,
    events,
    executions: async () =>
      (await events()).flatMap((event) =>
        event.type === 'trade.executed' && event.data.execId !== undefined ? [event.data.execId] : [],
      ),
    until,
    memoryMib: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
  };
}

async function entriesOf(data: string): Promise<readonly Entry[]> {
  const log = await openSqliteLog(data, { readOnly: true });
  try {
    const entries: Entry[] = [];
    for await (const entry of log.read()) entries.push(entry);
    return entries;
  } finally {
    await log.close();
  }
}

async function waitUntil(child: Child, what: string, reached: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline) {
    if (await reached()) return;
    await sleep(50);
  }
  throw new Error(`never: ${what}\n${child.stdout()}\n${child.stderr()}`);
}
