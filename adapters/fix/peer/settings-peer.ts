import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToldProcess } from './told-process.ts';

/** A QuickFIX settings file with one session. Values that are undefined are left out. */
export type Settings = Readonly<Record<string, string | number | undefined>>;

export interface SettingsPeerOptions {
  readonly program: string;
  /** Keeps its settings, its store and what it heard: the same folder is the same peer after a restart. */
  readonly folder: string;
  readonly settings: Settings;
  /** Begins the ids of what it sends. */
  readonly mark?: string;
}

/** QuickFIX with the application of settings-peer.cpp, which says what each command does. */
export class SettingsPeer extends ToldProcess {
  readonly #folder: string;

  constructor({ program, folder, settings, mark = 'P' }: SettingsPeerOptions) {
    mkdirSync(join(folder, 'store'), { recursive: true });
    const path = join(folder, 'quickfix.cfg');
    writeFileSync(path, settingsText({ FileStorePath: join(folder, 'store'), ...settings }));
    super(program, [path, folder, mark]);
    this.#folder = folder;
  }

  /** What its application was given, a line each, one character a byte; `# start` stands where it started. */
  heard(): string[] {
    return readFileSync(join(this.#folder, 'heard.txt'), 'latin1').split('\n').slice(0, -1);
  }

  /** The numbers that its engine gives and expects next. */
  async numbers(): Promise<{ readonly out: number; readonly in: number }> {
    const [, out, expected] = (await this.ask('numbers', 'numbers ')).split(' ').map(Number);
    return { out: out ?? 0, in: expected ?? 0 };
  }
}

export interface PeerSession {
  readonly role: 'acceptor' | 'initiator';
  readonly port: number;
  readonly beginString: string;
  /** The folder of QuickFIX's dictionaries. */
  readonly spec: string;
  /** FIXT.1.1: the application's version, such as `FIX.5.0SP2`. */
  readonly applVerId?: string;
  readonly sender?: string;
  readonly target?: string;
  readonly heartBtInt?: number;
}

/** Settings of a peer that speaks with us over loopback, its dictionary's checks on. The day of its session ends 23 hours from now. */
export function peerSettings(session: PeerSession): Settings {
  const {
    role,
    port,
    beginString,
    spec,
    applVerId,
    sender = 'FIRM',
    target = 'OPS',
    heartBtInt = 5,
  } = session;
  const begins = new Date(Date.now() - 3_600_000);
  const timeOf = (date: Date): string => date.toISOString().slice(11, 19);
  return {
    ConnectionType: role,
    BeginString: beginString,
    SenderCompID: sender,
    TargetCompID: target,
    ...(role === 'acceptor' ? { SocketAcceptPort: port } : { SocketConnectHost: '127.0.0.1' }),
    ...(role === 'initiator' && { SocketConnectPort: port, HeartBtInt: heartBtInt, ReconnectInterval: 1 }),
    SocketReuseAddress: 'Y',
    SocketNodelay: 'Y',
    StartTime: timeOf(begins),
    EndTime: timeOf(new Date(begins.getTime() - 1000)),
    ...dictionariesOf(spec, beginString, applVerId),
  };
}

function dictionariesOf(spec: string, beginString: string, applVerId: string | undefined): Settings {
  if (beginString !== 'FIXT.1.1')
    return { DataDictionary: join(spec, `${beginString.replaceAll('.', '')}.xml`) };
  const version = applVerId ?? 'FIX.5.0SP2';
  return {
    DefaultApplVerID: version,
    TransportDataDictionary: join(spec, 'FIXT11.xml'),
    AppDataDictionary: join(spec, `${version.replaceAll('.', '')}.xml`),
  };
}

/** QuickFIX reads what belongs to its sockets, ReconnectInterval among it, from [DEFAULT] alone. */
function settingsText(settings: Settings): string {
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, line: `${key}=${value}` }],
  );
  const own = new Set(['BeginString', 'SenderCompID', 'TargetCompID', 'DefaultApplVerID']);
  const shared = lines.filter(({ key }) => !own.has(key)).map(({ line }) => line);
  const ours = lines.filter(({ key }) => own.has(key)).map(({ line }) => line);
  return ['[DEFAULT]', ...shared, '[SESSION]', ...ours, ''].join('\n');
}
