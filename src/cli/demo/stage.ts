import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type OtherSideNews,
  type SideCommand,
  type TradeDayFile,
  type TradeDayOptions,
  utcOf,
} from '../../../certification/simulators/trade-day/index.ts';
import { microsOfIso, systemClock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { createLogger, loadConfiguration, withControl } from '../../gateway/index.ts';
import { tradeDayConfiguration } from '../configurations.ts';
import { type Child, type Line, startClearport } from './child.ts';
import { freshDirectory } from './directory.ts';
import { LogWatch } from './log-watch.ts';

export interface StageOptions extends TradeDayOptions {
  /** Where everything of the demo is kept; absolute. */
  readonly directory: string;
}

/** How long a process may take to start, and a step to be taken, on a machine that has more to do. */
const startMs = 40_000;
const stepMs = 40_000;

interface Done {
  readonly at: string;
  readonly waiting: number;
  readonly dead: number;
}

/** How long the end of a process may stay untold. */
const lostMs = 1_000;
/** Pause between two questions. */
const lookMs = 20;

type Listening = Extract<OtherSideNews, { news: 'listening' }>;

/** Both processes of the demonstration, the clock that they share, and the log as a reader sees it. */
export class Stage {
  readonly directory: string;
  readonly configuration: string;
  readonly data: string;
  readonly side: Child;
  readonly listening: Listening;
  gateway: Child;
  readonly watch: LogWatch;
  readonly #clockFile: string;
  readonly #release: () => void;

  private constructor(
    place: Pick<Stage, 'directory' | 'configuration' | 'data'> & { readonly clockFile: string },
    release: () => void,
    side: Child,
    listening: Listening,
    gateway: Child,
    watch: LogWatch,
  ) {
    this.directory = place.directory;
    this.configuration = place.configuration;
    this.data = place.data;
    this.#clockFile = place.clockFile;
    this.#release = release;
    this.side = side;
    this.listening = listening;
    this.gateway = gateway;
    this.watch = watch;
  }

  /** Starts the other side, writes a configuration for it, and starts the gateway. */
  static async open(options: StageOptions, date: string, time: string): Promise<Stage> {
    const { directory, release } = await freshDirectory(options);
    const clockFile = join(directory, 'clock');
    await writeFile(clockFile, utcOf(date, time));
    const side = startSide(options, directory, clockFile);
    const begun = [side];
    try {
      const listening = await side.next('listening', asListening, startMs);
      const configuration = join(directory, 'clearport.yaml');
      await mkdir(join(directory, 'keys'), { recursive: true });
      await writeFile(join(directory, 'keys', 'queue-password'), listening.queue.password, { mode: 0o600 });
      await writeFile(
        configuration,
        tradeDayConfiguration({
          orders: listening.fix.orders,
          clearer: listening.fix['clearer-dropcopy'],
          sftp: listening.sftp,
          queue: listening.queue,
        }),
      );
      const data = join(directory, 'data');
      const place = { directory, configuration, data, clockFile };
      const gateway = await startGateway(place);
      begun.push(gateway);
      return new Stage(place, release, side, listening, gateway, await LogWatch.open(data));
    } catch (cause) {
      await Promise.all(begun.map((child) => child.end('SIGKILL')));
      release();
      throw cause;
    }
  }

  /** It is this time now, for both processes; resolves once both say so. No FIX session may be logged on. */
  async clock(date: string, time: string): Promise<void> {
    const iso = utcOf(date, time);
    const next = `${this.#clockFile}.next`;
    await writeFile(next, iso);
    await rename(next, this.#clockFile);
    const wanted = microsOfIso(iso) ?? 0;
    await this.#gatewayAt(wanted);
    for (;;) {
      const { at } = await this.do({ do: 'tell' });
      if ((microsOfIso(at) ?? 0) >= wanted) return;
    }
  }

  /** Tells the other side to do something; resolves once it is done, with the time there. Throws `DEMO_STUCK`. */
  async do(command: SideCommand): Promise<Done> {
    this.side.say(command as JsonValue);
    const wanted = JSON.stringify(command);
    const line = await this.side.next(
      `the end of ${wanted}`,
      (one) => (JSON.stringify(one['command']) === wanted ? one : undefined),
      stepMs,
    );
    if (line['news'] === 'failed') throw stuck(`the other side could not do ${wanted}: ${line['why']}`);
    return { at: String(line['at']), waiting: Number(line['waiting']), dead: Number(line['dead']) };
  }

  /** Puts files on the server; resolves once the gateway has decided about each and moved it out of the way. */
  async put(...files: readonly (TradeDayFile | undefined)[]): Promise<void> {
    await Promise.all(files.map((file) => (file === undefined ? undefined : this.#putOne(file))));
  }

  /** What the gateway makes of a file that was put there before. */
  async taken(file: TradeDayFile, outcomes: number): Promise<void> {
    await this.#gatewayTells(
      `a decision about ${file.name}`,
      () => this.watch.outcomes(file.name) >= outcomes,
    );
    const path = `/${file.content.feed}/${file.name}`;
    await this.side.next(
      `the archive of ${path}`,
      (line) => (line['news'] === 'renamed' && line['path'] === path ? true : undefined),
      stepMs,
    );
  }

  /** Resolves once every message of the queue is settled. Throws `DEMO_STUCK`. */
  async queueEmpty(): Promise<void> {
    const late = performance.now() + stepMs;
    for (;;) {
      const { waiting } = await this.do({ do: 'tell' });
      if (waiting === 0) return;
      if (performance.now() > late)
        throw stuck(`${waiting} messages of the queue were not settled within ${stepMs / 1000} s`);
      await wait(lookMs);
    }
  }

  /** Resolves once the gateway has told that this feed is late. */
  async missed(feed: string): Promise<void> {
    const told = (): boolean =>
      this.watch.feeds.some((event) => event.type === 'feed.expected' && event.data.feed === feed);
    await this.#gatewayTells(`an alarm about ${feed}`, told);
  }

  /** A person at the command line; the command has to succeed. */
  async person(args: readonly string[]): Promise<void> {
    const place = join(this.directory, 'person.log');
    const exit = await startClearport([...args, '--config', this.configuration, '--json'], place).ended();
    const command = `clearport ${args.slice(0, 2).join(' ')}`;
    if (this.gateway.gone) throw await this.#lost(`the end of ${command}`);
    if (exit !== 0) throw stuck(`${command} ended with ${exit}`, place);
  }

  async restartGateway(): Promise<void> {
    this.gateway = await startGateway({
      directory: this.directory,
      configuration: this.configuration,
      clockFile: this.#clockFile,
    });
  }

  async close(): Promise<number | string> {
    await this.watch.close();
    const exit = await this.gateway.end('SIGTERM');
    await this.side.end('SIGTERM');
    this.#release();
    return exit;
  }

  async kill(): Promise<void> {
    await this.watch.close();
    await Promise.all([this.gateway.end('SIGKILL'), this.side.end('SIGKILL')]);
    this.#release();
  }

  /** Resolves once the log says so. Throws `DEMO_STUCK`, at once where the gateway is gone. */
  async #gatewayTells(what: string, told: () => boolean): Promise<void> {
    const lost = this.gateway.ended().then(async () => {
      throw await this.#lost(what);
    });
    await Promise.race([this.watch.until(what, told, stepMs), lost]);
  }

  async #lost(what: string): Promise<GatewayError> {
    const exit = await this.gateway.ended();
    return stuck(`the gateway ended with ${exit} before ${what}`, join(this.directory, 'gateway.log'));
  }

  async #putOne(file: TradeDayFile): Promise<void> {
    const outcomes = this.watch.outcomes(file.name) + 1;
    await this.do({ do: 'put', file: file.id });
    await this.taken(file, outcomes);
  }

  async #gatewayAt(wanted: number): Promise<void> {
    const configuration = await loadConfiguration(this.configuration, {});
    const logger = createLogger({ level: 'silent', mask: configuration.mask });
    const asked = withControl({ configuration, clock: systemClock(), logger }, async (control) => {
      for (;;) {
        // Asked while no gateway runs, the log itself would answer, and it has no clock.
        if (this.gateway.gone) throw await this.#lost('its time');
        const { clock } = await control.status();
        if (clock !== undefined && (microsOfIso(clock.now) ?? 0) >= wanted) return;
      }
    });
    await asked.catch(async (cause: unknown) => {
      // A connection breaks before the end of a process is told.
      await Promise.race([this.gateway.ended(), wait(lostMs)]);
      throw this.gateway.gone ? await this.#lost('its time') : cause;
    });
  }
}

function startSide(options: StageOptions, directory: string, clockFile: string): Child {
  const { seed, executions, leaveOut } = options;
  const numbers = ['--seed', String(seed), '--executions', String(executions)];
  const paths = ['--keys', join(directory, 'keys'), '--clock', clockFile];
  const without = leaveOut.length === 0 ? [] : ['--leave-out', ...leaveOut];
  return startClearport(
    ['sim', 'clearing-firm', '--scenario', 'trade-day', ...numbers, ...paths, ...without],
    join(directory, 'other-side.log'),
    'plain',
  );
}

async function startGateway(place: {
  readonly directory: string;
  readonly configuration: string;
  readonly clockFile: string;
}): Promise<Child> {
  const gateway = startClearport(
    ['run', '--config', place.configuration, '--clock', place.clockFile, '--json'],
    join(place.directory, 'gateway.log'),
  );
  try {
    await gateway.next('ready', (line) => (line['ready'] === true ? true : undefined), startMs);
    return gateway;
  } catch (cause) {
    await gateway.end('SIGKILL');
    throw cause;
  }
}

function stuck(what: string, place?: string): GatewayError {
  return new GatewayError('DEMO_STUCK', what, place === undefined ? {} : { place });
}

function asListening(line: Line): Listening | undefined {
  return line['news'] === 'listening' ? (line as unknown as Listening) : undefined;
}
