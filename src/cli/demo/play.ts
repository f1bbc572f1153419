import assert from 'node:assert/strict';
import {
  dates,
  type FileId,
  fileKey,
  type Stream,
  streams,
  type TradeDayFile,
  type TradeDayOptions,
  tradeDays,
} from '../../../certification/simulators/trade-day/index.ts';
import type { Line } from './child.ts';
import { Stage } from './stage.ts';

export interface DemoOptions extends TradeDayOptions {
  readonly directory: string;
}

/** What the played days leave behind. */
export interface Played {
  readonly stage: Stage;
  /** What the queue did with what nobody could read. */
  readonly queue: { readonly dead: number };
}

const playMs = 60_000;

/** Plays 10 to 12 November, step by step: each begins when the gateway has taken the one before. */
export async function play(options: DemoOptions, say: (line: string) => void): Promise<Played> {
  const { files } = tradeDays(options).play;
  const stage = await Stage.open(options, dates.first, '06:40');
  try {
    say(`Other side: process ${stage.side.pid}. Gateway: process ${stage.gateway.pid}.`);
    const show = new Show(stage, files, say);
    await show.opening();
    await show.firstDay();
    await show.firstNight();
    await show.holiday();
    await show.evening();
    await show.settlementMorning();
    const { dead } = await stage.do({ do: 'tell' });
    return { stage, queue: { dead } };
  } catch (cause) {
    await stage.kill();
    throw cause;
  }
}

class Show {
  readonly #stage: Stage;
  readonly #files: readonly TradeDayFile[];
  readonly #say: (line: string) => void;

  constructor(stage: Stage, files: readonly TradeDayFile[], say: (line: string) => void) {
    this.#stage = stage;
    this.#files = files;
    this.#say = say;
  }

  /** The opening books come, and a person adopts them. */
  async opening(): Promise<void> {
    const [positions, cash] = [this.#file('positions-sod'), this.#file('cash-sod')];
    assert(positions !== undefined && cash !== undefined);
    await this.#stage.put(positions, cash);
    const names = ['--positions', `positions/${fileKey(positions)}`, '--cash', `cash/${fileKey(cash)}`];
    const why = ['--by', 'demo', '--reason', 'opening book of the demonstration'];
    await this.#stage.person(['book', 'adopt', ...names, ...why]);
    this.#say('10 Nov 06:40  Opening files taken; a person has adopted them as the baseline.');
  }

  async firstDay(): Promise<void> {
    await this.#at(dates.first, '09:20');
    await this.#stage.put(this.#file('nscc-first'));
    await this.#at(dates.first, '09:30');
    const sent = await Promise.all(streams.map((stream) => this.#trade(stream, 'first')));
    this.#say(
      `10 Nov 09:30  A trading day: ${sent.join(' and ')} reports of both sides, with all faults of FIX.`,
    );
  }

  /** The files of the 10th, in the order of their arrival. */
  async firstNight(): Promise<void> {
    const night = this.#files.filter(
      ({ arrives }) => arrives.date === dates.second && arrives.time < '07:00',
    );
    await this.#arrive(night);
    this.#say('11 Nov 06:15  Files of the 10th: one cut off, one out of balance, then whole ones.');
  }

  /** A day that trades and does not settle; in the middle of everything the gateway is killed. */
  async holiday(): Promise<void> {
    const stage = this.#stage;
    await this.#at(dates.second, '12:00');
    // Everything is slowed down, so that all of it is under way at the same time.
    await stage.do({ do: 'slow', readMs: 250 });
    const noon = this.#files.filter(
      ({ arrives }) => arrives.date === dates.second && arrives.time >= '12:00',
    );
    const before = new Map(noon.map((file) => [file.id, stage.watch.outcomes(file.name)]));
    for (const file of noon) await stage.do({ do: 'put', file: file.id });
    const published = stage.do({ do: 'publish', batch: 'holiday', everyMs: 60 });
    const played = streams.map((stream) => stage.do({ do: 'play', stream, part: 'second', rate: 500 }));
    await this.#killInMidstream();
    await stage.do({ do: 'slow', readMs: 0 });
    await Promise.all([published, ...played]);
    for (const stream of streams) await stage.do({ do: 'close', stream });
    for (const file of noon) await stage.taken(file, (before.get(file.id) ?? 0) + 1);
    await stage.queueEmpty();
    this.#say('11 Nov 16:00  A holiday of the depository: traded, not settled. Everything is there.');
  }

  /** Our own bust, when the clearing firm has closed its books of the day. */
  async evening(): Promise<void> {
    await this.#at(dates.second, '18:36');
    await this.#trade('orders', 'evening');
    this.#say('11 Nov 18:40  Our order system takes a trade back; the clearing firm has closed its books.');
  }

  async settlementMorning(): Promise<void> {
    const stage = this.#stage;
    const morning = this.#files.filter(({ arrives }) => arrives.date === dates.settlement);
    const early = morning.filter(({ late }) => !late);
    await this.#at(dates.settlement, '06:02');
    await stage.do({ do: 'publish', batch: 'morning', everyMs: 0 });
    await stage.queueEmpty();
    await this.#arrive(early);
    this.#say(
      "12 Nov 06:21  Files of the 11th: one is yesterday's under today's name; positions are missing.",
    );
    const late = morning.filter((file) => file.late);
    if (late.some(({ id }) => id === 'positions-second')) {
      await this.#at(dates.settlement, '06:31');
      await stage.missed('positions-eod');
    }
    await this.#arrive(late);
    this.#say('12 Nov 07:10  Positions came at 06:52, due 06:30; a corrected file followed.');
  }

  async #arrive(files: readonly TradeDayFile[]): Promise<void> {
    const sorted = files.toSorted((left, right) => (left.arrives.time < right.arrives.time ? -1 : 1));
    for (const file of sorted) {
      await this.#at(file.arrives.date, file.arrives.time);
      await this.#stage.put(file);
    }
  }

  /** Opens a session, plays to the end and closes it; how many reports were sent. */
  async #trade(stream: Stream, part: 'first' | 'evening'): Promise<number> {
    await this.#stage.do({ do: 'play', stream, part, rate: 0 });
    const sent = await this.#stage.side.next('the count of reports', (line) => played(line, stream), playMs);
    await this.#stage.do({ do: 'close', stream });
    return sent;
  }

  /** Kills the gateway while both sessions, the queue and a file are under way. Not where nobody asks for it. */
  async #killInMidstream(): Promise<void> {
    const { side } = this.#stage;
    const asked = await Promise.all(
      streams.map((stream) => side.next('the middle of the day', (line) => markOrEnd(line, stream), playMs)),
    );
    const [orders, clearer] = asked;
    if (orders?.mark !== true || clearer?.mark !== true) return;
    const settled = side.latest(asSettled) ?? 0;
    const file = side.latest(asReading) ?? 'no file';
    await this.#stage.gateway.end('SIGKILL');
    this.#say(
      `11 Nov 12:00  kill -9 of the gateway: ${orders.sent} and ${clearer.sent} reports sent, ${settled} statuses settled,`,
    );
    this.#say(`              ${file} half read. It is started again.`);
    await this.#stage.restartGateway();
  }

  #at(date: string, time: string): Promise<void> {
    return this.#stage.clock(date, time);
  }

  /** Undefined where the case that it belongs to is left out. */
  #file(id: FileId): TradeDayFile | undefined {
    return this.#files.find((file) => file.id === id);
  }
}

interface Said {
  readonly mark: boolean;
  readonly sent: number;
}

function markOrEnd(line: Line, stream: Stream): Said | undefined {
  const said = saidBy(line, stream);
  if (said?.['news'] !== 'mark' && said?.['news'] !== 'played') return undefined;
  return { mark: said['news'] === 'mark', sent: Number(said['sent']) };
}

function played(line: Line, stream: Stream): number | undefined {
  const said = saidBy(line, stream);
  return said?.['news'] === 'played' ? Number(said['sent']) : undefined;
}

function saidBy(line: Line, stream: Stream): Line | undefined {
  return line['news'] === 'fix' && line['stream'] === stream ? (line['said'] as Line) : undefined;
}

/** How many messages of the queue were accepted by now. */
function asSettled(line: Line): number | undefined {
  return line['news'] === 'settled' ? Number(line['accepted']) : undefined;
}

function asReading(line: Line): string | undefined {
  return line['news'] === 'reading' ? String(line['path']) : undefined;
}
