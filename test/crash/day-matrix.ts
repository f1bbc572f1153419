import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queue as queueAdapter } from '../../adapters/queue/index.ts';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { FixLine } from '../../certification/simulators/trade-day/fix-line.ts';
import {
  type FileId,
  feeds,
  fileBytes,
  type Part,
  type QueueMessage,
  type Stream,
  streams,
  type TradeDays,
  tradeDayNames,
  tradeDays,
} from '../../certification/simulators/trade-day/index.ts';
import { tradeDayConfiguration } from '../../src/cli/configurations.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import type { Child } from '../support/child.ts';
import { clearport } from '../support/clearport.ts';
import type { OpenSsh } from '../support/openssh.ts';
import type { RabbitMq } from '../support/rabbitmq.ts';
import { isPosted, judgeDays } from './day-judge.ts';

export interface DayMatrixOptions {
  readonly seed: number;
  readonly executions: number;
  /** Where the data directory is made. */
  readonly place: string;
  readonly ssh: OpenSsh;
  readonly broker: RabbitMq;
  readonly queue: string;
  readonly ledger: { readonly url: string; readonly schema: string };
  /** Behind them, the days are played to their end. Default: 12, enough to hit every way. */
  readonly killsMax?: number;
  start(configuration: string): Child;
}

export interface DayMatrixOutcome {
  /** SIGKILLs, and how many entries the log had at each. */
  readonly kills: readonly number[];
  /** Of the log at the end. */
  readonly entries: number;
  readonly problems: readonly string[];
}

/** Between two messages of the queue: they come for as long as everything else does. */
const statusEveryMs = 200;
/** A gateway that is killed twelve times needs a minute, and more where the machine is busy. */
const playMs = 200_000;
/** How long the outside ledger may stay behind a log that rests. */
const postingMs = 15_000;

/**
 * Three trade days over FIX, files and a queue at once, with a gateway that is killed again and again while all of them
 * are sending: files from OpenSSH, messages from RabbitMQ, postings into PostgreSQL. Afterwards log, book, breaks and
 * postings are compared with what the generator of the days knows.
 */
export async function dayMatrix(options: DayMatrixOptions): Promise<DayMatrixOutcome> {
  const days = tradeDays({
    seed: options.seed,
    executions: options.executions,
    leaveOut: ['restart', 'late'],
  });
  const stage = new Stage(options, days);
  try {
    await stage.open();
    await stage.baseline();
    const { kills, problems } = await stage.playUnderKills();
    problems.push(...(await stage.finish()), ...(await judgeDays(stage.data, days.truth, options)));
    return { kills, entries: await entriesIn(stage.data), problems };
  } finally {
    await stage.close();
  }
}

class Stage {
  readonly data: string;
  readonly #options: DayMatrixOptions;
  readonly #days: TradeDays;
  readonly #lines: Readonly<Record<Stream, FixLine>>;
  readonly #configuration: string;
  #gateway: Child | undefined;
  #over = false;

  constructor(options: DayMatrixOptions, days: TradeDays) {
    this.#options = options;
    this.#days = days;
    this.data = join(options.place, 'data');
    this.#configuration = join(options.place, 'clearport.yaml');
    this.#lines = {
      orders: lineOf('orders'),
      'clearer-dropcopy': lineOf('clearer-dropcopy'),
    };
  }

  async open(): Promise<void> {
    const { place, ssh, broker, queue, ledger } = this.#options;
    // What an earlier play left there is not of these days.
    for (const name of [queue, `${queue}.dead`]) await broker.drain(name);
    for (const stream of streams) await this.#lines[stream].reserve(0);
    for (const feed of feeds) mkdirSync(join(ssh.root, feed));
    mkdirSync(join(place, 'keys'));
    writeFileSync(join(place, 'keys', 'gateway-key'), ssh.privateKey, { mode: 0o600 });
    writeFileSync(join(place, 'keys', 'queue-password'), broker.password, { mode: 0o600 });
    writeFileSync(join(place, 'keys', 'ledger-url'), ledger.url, { mode: 0o600 });
    const text = tradeDayConfiguration({
      orders: this.#lines.orders.port,
      clearer: this.#lines['clearer-dropcopy'].port,
      sftp: { port: ssh.port, hostKey: ssh.fingerprints[0] ?? '', username: ssh.username },
      queue: { port: broker.port, address: broker.address(queue), username: broker.username },
    });
    const postgres = `ledger:\n  postgres:\n    url: \${file:keys/ledger-url}\n    schema: ${ledger.schema}\n`;
    writeFileSync(
      this.#configuration,
      text.replaceAll('folder: /', `folder: ${ssh.root}/`).replace('ledger:\n', postgres),
    );
    this.#start();
  }

  /** The opening files, and the person who adopts them. */
  async baseline(): Promise<void> {
    await this.#put('positions-sod');
    await this.#put('cash-sod');
    const snapshots = ['positions', 'cash'].map((feed) => `${feed}/${feed.toUpperCase()}/2026-11-10/SOD/01`);
    const [positions = '', cash = ''] = snapshots;
    const args = [
      'book',
      'adopt',
      '--positions',
      positions,
      '--cash',
      cash,
      '--by',
      'ann',
      '--reason',
      'opening',
    ];
    const { code, stderr } = await clearport([...args, '--config', this.#configuration]);
    if (code !== 0) throw new Error(`the baseline was not adopted: ${stderr}`);
  }

  /** Kills and starts again, at random moments, until everything was played, or too long. */
  async playUnderKills(): Promise<{ readonly kills: number[]; readonly problems: string[] }> {
    const { seed, killsMax = 12 } = this.#options;
    const random = seeded(seed);
    const late = performance.now() + playMs;
    const kills: number[] = [];
    const problems: string[] = [];
    const play = this.#play();
    // What fails in it is thrown below, when the gateway is at rest.
    play.catch(() => undefined);
    while (!this.#over && kills.length < killsMax) {
      // Always killed before it runs, it would never come to anything; now and then it is, and has to begin again.
      if (random.below(4) > 0) await this.#running();
      await sleep(random.between(200, 2_500));
      if (this.#over) break;
      problems.push(...(await this.#kill()));
      kills.push(await entriesIn(this.data));
      this.#start();
    }
    while (!this.#over && performance.now() < late) await sleep(50);
    if (!this.#over) problems.push(`the days were not played to their end within ${playMs / 1000} s`);
    this.#over = true;
    for (const stream of streams) await this.#lines[stream].end();
    await play;
    return { kills, problems };
  }

  /** Waits until nothing moves any more, and stops the gateway in order. */
  async finish(): Promise<string[]> {
    const { broker, queue } = this.#options;
    const late = performance.now() + postingMs;
    const rests = async (): Promise<boolean> =>
      (await broker.depth(queue)) === 0 && (await isPosted(this.#days.truth, this.#options));
    while (!(await rests()) && performance.now() < late) await sleep(100);
    this.#gateway?.signal('SIGTERM');
    const { code, signal } = (await this.#gateway?.ended) ?? { code: 0, signal: null };
    const dead = await broker.drain(`${queue}.dead`);
    return [
      ...(code === 0 ? [] : [`the gateway ended with ${code ?? signal}:\n${this.#gateway?.stderr() ?? ''}`]),
      ...(dead.length === this.#days.truth.poisoned ? [] : [`dead letters: ${dead.join(', ')}`]),
    ];
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#gateway?.signal('SIGKILL');
    await this.#gateway?.ended;
    for (const stream of streams) await this.#lines[stream].end();
    for (const feed of feeds) rmSync(join(this.#options.ssh.root, feed), { recursive: true, force: true });
  }

  /** Everything that the other side does, on all of its ways at once. */
  async #play(): Promise<void> {
    const { holiday, morning } = this.#days.play;
    try {
      await Promise.all([this.#sessions(), this.#files(), this.#statuses([...holiday, ...morning])]);
    } finally {
      this.#over = true;
    }
  }

  /** Resolves once the gateway runs, or is gone: that is told when it is killed. */
  async #running(): Promise<void> {
    await this.#gateway?.waitFor(/"msg":"running"/).catch(() => undefined);
  }

  /** What was wrong: a gateway that had ended by itself. */
  async #kill(): Promise<string[]> {
    const gateway = this.#gateway;
    if (gateway === undefined) return [];
    gateway.signal('SIGKILL');
    const { code, signal } = await gateway.ended;
    return signal === 'SIGKILL'
      ? []
      : [`the gateway ended by itself (${code ?? signal}):\n${gateway.stderr()}`];
  }

  #start(): void {
    this.#gateway = this.#options.start(this.#configuration);
  }

  async #sessions(): Promise<void> {
    const parts: readonly Part[] = ['first', 'second', 'evening'];
    for (const part of parts) {
      if (this.#over) return;
      await Promise.all(
        streams.map((stream) => this.#lines[stream].play(this.#days.play.sessions[stream][part])),
      );
      for (const stream of streams) await this.#lines[stream].close();
    }
  }

  /** One file after the other, in the order of the story: the next comes when the last is out of the way. */
  async #files(): Promise<void> {
    const later = this.#days.play.files.filter(({ id }) => id !== 'positions-sod' && id !== 'cash-sod');
    for (const { id } of later) await this.#put(id);
  }

  async #statuses(messages: readonly QueueMessage[]): Promise<void> {
    const { broker, queue } = this.#options;
    const target = broker.address(queue);
    const { port, username, password } = broker;
    const options = queueAdapter.options.parse({ host: '127.0.0.1', port, username, password, target });
    const sender = await queueAdapter.open(options);
    try {
      for (const { id, bytes } of messages) {
        if (this.#over) return;
        await sender.produce(id, bytes, {});
        await sleep(statusEveryMs);
      }
    } finally {
      await sender.close();
    }
  }

  async #put(id: FileId): Promise<void> {
    const file = this.#days.play.files.find((one) => one.id === id);
    if (file === undefined) return;
    const folder = join(this.#options.ssh.root, file.content.feed);
    const written = join(this.#options.ssh.root, `.${file.name}.tmp`);
    writeFileSync(written, fileBytes(file));
    renameSync(written, join(folder, file.name));
    while (!this.#over && existsSync(join(folder, file.name))) await sleep(20);
  }
}

function lineOf(stream: Stream): FixLine {
  return new FixLine({
    senderCompId: stream === 'orders' ? tradeDayNames.orderSystem : tradeDayNames.clearer,
    targetCompId: tradeDayNames.broker,
    rate: 400,
    clock: systemClock(),
    tell: () => undefined,
  });
}

/** Entries of all channels. */
async function entriesIn(data: string): Promise<number> {
  const log = await openSqliteLog(data, { readOnly: true });
  try {
    return (await log.heads()).reduce((sum, { sequence }) => sum + sequence, 0);
  } finally {
    await log.close();
  }
}
