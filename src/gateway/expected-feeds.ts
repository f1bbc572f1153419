import { addDays } from '../calendar/index.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { dateInZone } from '../core/zone.ts';
import { type Due, dueOf, duesBetween, expectationOf } from './expected.ts';
import { commit, type IntakePorts, nameOf } from './file-ports.ts';
import { type FilePosition, filePositionOf, type KeptPosition, keptOf } from './file-position.ts';
import { feedEntry } from './file-signals.ts';
import type { Expectation } from './schema-files.ts';

/** Scope of what was told about arrivals that did not come. No key of a file makes it. */
const expectedScope = '%expected';
/** How long an arrival is missed. Reason: a gateway that was down over a long weekend tells all of it, and no more. */
const missedDaysMax = 7;
/** Due dates that are kept as met, for each feed: more than can be missed. */
const metDatesMax = 12;

/** An arrival that is late now. */
export interface LateFeed {
  readonly feed: string;
  readonly businessDate: string;
  readonly dueAt: string;
}

/** The files that a channel expects: which arrival a file meets, and which arrivals do not come. */
export class ExpectedFeeds {
  readonly #expectations: readonly Expectation[];
  readonly #zone: string;
  readonly #told = new Set<string>();
  #late: readonly Due[] = [];
  #begun: Micros | undefined;

  constructor(expectations: readonly Expectation[], zone: string) {
    this.#expectations = expectations;
    this.#zone = zone;
  }

  get late(): readonly LateFeed[] {
    return this.#late.map(({ feed, businessDate, dueAt }) => ({
      feed,
      businessDate,
      dueAt: isoOfMicros(dueAt),
    }));
  }

  /** The position of a file with the feed that it is. Of a file that is let in, also with the arrival that it meets. */
  known(position: FilePosition, arrivedAt: Micros | undefined): FilePosition {
    const expectation = expectationOf(this.#expectations, position.name, position.key);
    if (expectation === undefined) return position;
    const feed = expectation.name;
    if (arrivedAt === undefined) return { ...position, feed };
    const { met = {}, judged } = position;
    const dates = met[feed] ?? [];
    // A file that takes the place of another one is of the same day.
    const taken = position.generation === undefined ? dates : [];
    const due = dueOf(expectation, { ...judged, arrivedAt }, taken, this.#zone);
    if (due === undefined) return { ...position, feed };
    const late = arrivedAt >= due.lateAt && !dates.includes(due.date);
    const all = [...dates.filter((date) => date !== due.date), due.date].sort().slice(-metDatesMax);
    return {
      ...position,
      feed,
      due: { date: due.date, dueAt: isoOfMicros(due.dueAt), late },
      met: { ...met, [feed]: all },
    };
  }

  /**
   * Tells what is late now and has not been told: one entry for each feed and day, over every restart. Gives the
   * arrivals that are late for the first time in this process. `settling` are files that lie there and are about to be
   * taken, with the time since when: what was there in time, or when we began to look, is not told as missing meanwhile.
   */
  async tell(ports: IntakePorts, settling: readonly Micros[] = []): Promise<readonly Due[]> {
    if (this.#expectations.length === 0) return [];
    const now = ports.clock.now();
    this.#begun ??= now;
    const begun = this.#begun;
    const settlingSince = Math.min(...settling);
    const { since: waitsSince, met = {} } = await this.#standing(ports, now);
    const today = dateInZone(isoOfMicros(now), this.#zone);
    const dues = duesBetween(this.#expectations, addDays(today, -missedDaysMax), today, this.#zone);
    this.#late = dues.filter(
      ({ feed, date, dueAt, lateAt }) =>
        lateAt <= now &&
        dueAt >= waitsSince &&
        settlingSince >= lateAt &&
        settlingSince > begun &&
        !(met[feed] ?? []).includes(date),
    );
    const fresh = this.#late.filter((due) => !this.#told.has(keyOf(due)));
    for (const due of fresh) {
      await this.#tellOne(ports, due, now);
      this.#told.add(keyOf(due));
    }
    return fresh;
  }

  /** Milliseconds to the next moment at which something can become late; undefined where nothing can within a day. */
  nextMs(now: Micros): number | undefined {
    const today = dateInZone(isoOfMicros(now), this.#zone);
    const dues = duesBetween(this.#expectations, today, addDays(today, 1), this.#zone);
    const next = dues.map(({ lateAt }) => lateAt).filter((lateAt) => lateAt > now);
    return next.length === 0 ? undefined : Math.ceil((Math.min(...next) - now) / 1000);
  }

  /** What the channel keeps; the first time, from when on it waits: what was due before it existed is not missed. */
  async #standing(ports: IntakePorts, now: Micros): Promise<KeptPosition & { readonly since: Micros }> {
    const head = await ports.log.head(nameOf(ports));
    const kept = keptOf(head);
    if (kept.since !== undefined) return { ...kept, since: kept.since };
    const begun = { ...filePositionOf(head), ...kept, since: now };
    await commit(ports, [], begun);
    return begun;
  }

  async #tellOne(ports: IntakePorts, due: Due, now: Micros): Promise<void> {
    const origin = { scope: expectedScope, key: keyOf(due) };
    if ((await ports.log.find(nameOf(ports), origin)) !== undefined) return;
    const { feed, businessDate, cycle } = due;
    const entry = feedEntry(ports.making, origin, now, {
      signal: 'feed.expected',
      feed,
      dueAt: isoOfMicros(due.dueAt),
      businessDate,
      ...(cycle !== undefined && { cycle }),
    });
    await ports.log.append(nameOf(ports), [entry]);
  }
}

function keyOf({ feed, date }: Due): string {
  return `${feed}/${date}`;
}
