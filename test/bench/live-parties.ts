import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '../../src/core/json.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { quickfixDictionaries } from '../quickfix-source.ts';
import { asShipped } from './as-shipped.ts';
import { compiled, type Program, start } from './live-process.ts';

const channel = 'dropcopy';
const pollMs = 20;

/** The compiled programs of the bench, and the stream that they send. */
export interface Parties {
  readonly folder: string;
  readonly blaster: string;
  readonly roundTrip: string;
  readonly quickfix: string;
  readonly dictionary: string;
  /** Ours, as the package has them. */
  readonly gateway: string;
  readonly acceptor: string;
}

/** Compiles our side and what feeds it. Throws where a compiler is missing. */
export function makeOurs(folder: string): Omit<Parties, 'roundTrip' | 'quickfix' | 'dictionary'> {
  // The writer is a thread of its own, and no import leads to it.
  const programs = ['live-gateway.ts', 'live-acceptor.ts', '../../src/log/writer-thread.ts'].map(beside);
  const [gateway = '', acceptor = ''] = asShipped(folder, ...programs);
  return { folder, gateway, acceptor, blaster: compiled(folder, 'live-blaster') };
}

/** Compiles what the bench runs against, too. Throws where Debian's QuickFIX is missing. */
export function makeParties(folder: string): Parties {
  return {
    ...makeOurs(folder),
    roundTrip: compiled(folder, 'live-round-trip'),
    quickfix: compiled(folder, 'live-quickfix', ['-lquickfix', '-lpthread', '-ldl']),
    dictionary: join(quickfixDictionaries(), 'FIX44.xml'),
  };
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A receiver that is logged on to the blaster, and how to know that it has everything. */
export interface Receiving {
  readonly receiver: Program;
  readonly blaster: Program;
  /** Where a gateway keeps its log. */
  readonly data: string;
  /** Resolves when `messages` messages are received: by a gateway, durably. */
  received(messages: number): Promise<void>;
  end(): Promise<void>;
}

let places = 0;

/** What is sent, and how. */
export interface Sending {
  /** A file of one session stream. */
  readonly stream: string;
  /** How often it is sent, its numbers going on; once where left out. */
  readonly times?: number;
  /** Messages a second; as fast as they are read where left out. */
  readonly rate?: number;
  /** So many go ahead, as fast as they are read; then it waits to be told to go on. */
  readonly warm?: number;
}

function startBlaster(program: string, { stream, rate = 0, times = 1, warm = 0 }: Sending): Program {
  return start(program, [stream, String(rate), String(times), String(warm)]);
}

/** The gateway as initiator, logged on. */
export async function startGateway(
  parties: Pick<Parties, 'folder' | 'blaster' | 'gateway'>,
  sending: Sending,
  flags: readonly string[] = [],
): Promise<Receiving> {
  const blaster = startBlaster(parties.blaster, sending);
  const place = join(parties.folder, `gateway-${++places}`);
  mkdirSync(place);
  const configuration = writeConfiguration(place, {
    role: 'initiator',
    host: '127.0.0.1',
    port: Number(await blaster.said('port')),
  });
  const receiver = start(process.execPath, [parties.gateway, configuration, ...flags]);
  await Promise.race([blaster.said('up'), receiver.over]);
  const data = join(place, 'data');
  return {
    receiver,
    blaster,
    data,
    received: (messages) => durable(data, messages),
    end: async () => {
      await blaster.end();
      await receiver.end('SIGTERM');
    },
  };
}

/** QuickFIX as initiator with its file store, logged on. */
export async function startQuickfix(
  parties: Parties,
  sending: Sending,
  messages: number,
): Promise<Receiving> {
  const blaster = startBlaster(parties.blaster, sending);
  const place = join(parties.folder, `quickfix-${++places}`);
  mkdirSync(place);
  const args = ['initiator', await blaster.said('port'), 'file', place, parties.dictionary, String(messages)];
  const receiver = start(parties.quickfix, args);
  await Promise.race([blaster.said('up'), receiver.over]);
  return {
    receiver,
    blaster,
    data: place,
    received: async () => void (await receiver.said('received')),
    end: async () => {
      await blaster.end();
      await receiver.end();
    },
  };
}

/** A configuration with one drop-copy session. The clock of an old corpus is not compared; everything else is as it comes. */
export function writeConfiguration(
  place: string,
  options: Readonly<Record<string, string | number>>,
): string {
  const path = join(place, 'clearport.yaml');
  const session = {
    beginString: 'FIX.4.4',
    senderCompId: 'OPSGW',
    targetCompId: 'BRKRDC',
    heartBtInt: 60,
    checkLatency: false,
    ...options,
  };
  const channels = { [channel]: { adapter: 'fix', perspective: 'clearer', options: session } };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify({ version: 1, tenant: 'bench', data: './data', channels }));
  return path;
}

/** Looks from beside it: the position is committed with the messages that it counts. */
async function durable(data: string, messages: number): Promise<void> {
  const log = await openSqliteLog(data, { readOnly: true });
  try {
    for (;;) {
      const { position } = await log.head(channel);
      // MsgSeqNum(34) 1 was the Logon(A).
      if (nextInOf(position) >= messages + 2) return;
      await pause(pollMs);
    }
  } finally {
    await log.close();
  }
}

/** The next MsgSeqNum(34) of theirs that a position of a session says; 0 for no such position. */
export function nextInOf(position: JsonValue | undefined): number {
  const members = new Map(Object.entries(position ?? {}));
  return Number(members.get('nextIn') ?? 0);
}
