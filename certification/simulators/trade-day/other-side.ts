import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isoOfMicros } from '../../../src/core/clock.ts';
import type { FirmNews } from '../clearing-firm/fix-side.ts';
import { type AmqpNews, type AmqpServer, openAmqpServer } from './amqp-server.ts';
import { fileBytes } from './file-bytes.ts';
import { type FileId, feeds } from './files.ts';
import { FixLine } from './fix-line.ts';
import { type Part, type Stream, streams } from './sessions.ts';
import { openSftpServer, type SftpNews, type SftpServer } from './sftp-server.ts';
import type { Batch } from './statuses.ts';
import { type TradeDayOptions, type TradeDayPlay, tradeDays } from './trade-days.ts';
import { tradeDayNames } from './world.ts';

export interface OtherSideOptions extends TradeDayOptions {
  /** Where the gateway's key for the SFTP server is written: `gateway-key`. */
  readonly keys: string;
  readonly clock: Clock;
  tell(news: OtherSideNews): void;
}

/** What the other side can be told to do. Each is answered by the news `done`, once it is. */
export type SideCommand =
  | { readonly do: 'play'; readonly stream: Stream; readonly part: Part; readonly rate: number }
  /** Opens the session once more and says nothing; done when the other side has logged on. */
  | { readonly do: 'open'; readonly stream: Stream }
  | { readonly do: 'close'; readonly stream: Stream }
  | { readonly do: 'put'; readonly file: FileId }
  | { readonly do: 'publish'; readonly batch: Batch; readonly everyMs: number }
  | { readonly do: 'slow'; readonly readMs: number }
  | { readonly do: 'tell' };

export type OtherSideNews =
  | {
      readonly news: 'listening';
      readonly fix: Readonly<Record<Stream, number>>;
      readonly sftp: { readonly port: number; readonly hostKey: string; readonly username: string };
      readonly queue: {
        readonly port: number;
        readonly address: string;
        readonly username: string;
        readonly password: string;
      };
      readonly key: string;
    }
  | {
      readonly news: 'done';
      readonly command: SideCommand;
      /** The time there; how many messages of the queue nobody has settled, and how many were rejected. */
      readonly at: string;
      readonly waiting: number;
      readonly dead: number;
    }
  | { readonly news: 'put'; readonly path: string; readonly size: number }
  | { readonly news: 'fix'; readonly stream: Stream; readonly said: FirmNews }
  | SftpNews
  | AmqpNews;

/** The other side of the trade days: both FIX sessions, the SFTP server and the queue. */
export interface OtherSide {
  /** Does what it is told, one command at a time for each of its parts; a FIX part plays on while others are done. */
  command(command: SideCommand): Promise<void>;
  close(): Promise<void>;
}

const sftpUser = 'demobrkr';
const queueUser = { username: 'demobrkr', password: 'simulated-only' };
const queueName = 'settlement-status';

export async function openOtherSide(options: OtherSideOptions): Promise<OtherSide> {
  const { play } = tradeDays(options);
  const { clock, tell } = options;
  const sftp = await openSftpServer({ port: 0, username: sftpUser, folders: feeds, clock, tell });
  const queue = await openAmqpServer({ port: 0, ...queueUser, queue: queueName, tell });
  const lines = Object.fromEntries(streams.map((stream) => [stream, lineOf(stream, options)])) as Readonly<
    Record<Stream, FixLine>
  >;
  for (const stream of streams) await lines[stream].reserve(0);
  const key = join(options.keys, 'gateway-key');
  await mkdir(options.keys, { recursive: true });
  await writeFile(key, sftp.userKey, { mode: 0o600 });
  tell({
    news: 'listening',
    fix: { orders: lines.orders.port, 'clearer-dropcopy': lines['clearer-dropcopy'].port },
    sftp: { port: sftp.port, hostKey: sftp.hostKey, username: sftpUser },
    queue: { port: queue.port, address: queueName, ...queueUser },
    key,
  });
  return new Side(play, lines, sftp, queue, options);
}

function lineOf(stream: Stream, { clock, tell }: OtherSideOptions): FixLine {
  return new FixLine({
    senderCompId: stream === 'orders' ? tradeDayNames.orderSystem : tradeDayNames.clearer,
    targetCompId: tradeDayNames.broker,
    clock,
    tell: (said) => tell({ news: 'fix', stream, said }),
  });
}

class Side implements OtherSide {
  readonly #play: TradeDayPlay;
  readonly #lines: Readonly<Record<Stream, FixLine>>;
  readonly #sftp: SftpServer;
  readonly #queue: AmqpServer;
  readonly #clock: Clock;
  readonly #tell: (news: OtherSideNews) => void;

  constructor(
    play: TradeDayPlay,
    lines: Readonly<Record<Stream, FixLine>>,
    sftp: SftpServer,
    queue: AmqpServer,
    { clock, tell }: Pick<OtherSideOptions, 'clock' | 'tell'>,
  ) {
    this.#play = play;
    this.#lines = lines;
    this.#sftp = sftp;
    this.#queue = queue;
    this.#clock = clock;
    this.#tell = tell;
  }

  async command(command: SideCommand): Promise<void> {
    await this.#do(command);
    const at = isoOfMicros(this.#clock.now());
    const counts = { waiting: this.#queue.waiting(), dead: this.#queue.dead().length };
    this.#tell({ news: 'done', command, at, ...counts });
  }

  async close(): Promise<void> {
    for (const stream of streams) await this.#lines[stream].end();
    await this.#queue.close();
    await this.#sftp.close();
  }

  async #do(command: SideCommand): Promise<void> {
    switch (command.do) {
      case 'play':
        await this.#lines[command.stream].play(
          this.#play.sessions[command.stream][command.part],
          command.rate,
        );
        return;
      case 'open':
        await this.#lines[command.stream].play([]);
        return;
      case 'close':
        await this.#lines[command.stream].close();
        return;
      case 'put':
        this.#put(command.file);
        return;
      case 'publish':
        await this.#queue.publish(this.#play[command.batch], command.everyMs);
        return;
      case 'slow':
        this.#sftp.slow(command.readMs);
        return;
      case 'tell':
    }
  }

  #put(id: FileId): void {
    const file = this.#play.files.find((one) => one.id === id);
    assert(file !== undefined, `there is no file "${id}" in these days`);
    const path = `/${file.content.feed}/${file.name}`;
    const bytes = fileBytes(file);
    this.#sftp.put(path, bytes);
    this.#tell({ news: 'put', path, size: bytes.length });
  }
}

/** The command that a line of JSON is; undefined where it is none. */
export function sideCommandOf(line: string): SideCommand | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isCommand(value) ? value : undefined;
}

const known = new Set(['play', 'open', 'close', 'put', 'publish', 'slow', 'tell']);

function isCommand(value: unknown): value is SideCommand {
  return typeof value === 'object' && value !== null && 'do' in value && known.has(String(value.do));
}
