import assert from 'node:assert/strict';
import type { AppendOptions, ChannelHead } from '../contract/log.ts';
import type { SessionState } from '../contract/session.ts';
import type { JsonValue } from '../core/json.ts';

/** The position of a session in its channel. `out`: what the outbound numbers of this epoch count in, once there are any. */
export interface SessionPosition extends SessionState {
  readonly out?: string;
}

/** Where one session's numbers stand in the position of its channel. */
export interface SessionPlace {
  /** A commit failed: what the session thinks it is, the log does not hold. */
  readonly failed: boolean;
  /** What the channel's head says of it; what was failed is over. */
  take(head: ChannelHead): SessionPosition;
  /** What a batch with these numbers commits. `begins`: they are of a new epoch. */
  advance(position: SessionPosition, begins: boolean): AppendOptions;
  /** Whom a failure belongs to: told with {@link SessionPlace.fail} when it comes. */
  readonly generation: number;
  fail(generation: number): void;
}

/** The place of the one session of a channel. */
export function solePlace(): SessionPlace {
  return new Shared().place('');
}

/** The places of all sessions of one channel; they share the channel's position, and a failure of the log. */
export interface SessionPlaces {
  /** That of the channel itself, which no counterparty has. */
  readonly own: SessionPlace;
  place(session: string): SessionPlace;
}

export function sharedPlaces(): SessionPlaces {
  const shared = new Shared();
  return { own: shared.place(''), place: (session) => shared.place(session) };
}

/** Where a session stands by its channel's head; the beginning where the channel is new. */
export function positionOf(head: ChannelHead): SessionPosition {
  const { position } = head;
  if (position === undefined) return { epoch: head.epoch, nextIn: 1, nextOut: 1 };
  return positionIn(membersOf(position));
}

/** Where each session of a channel with several stands, by its name. */
export function positionsOf({ position }: ChannelHead): ReadonlyMap<string, SessionPosition> {
  const sessions = position === undefined ? undefined : membersOf(position)['sessions'];
  if (sessions === undefined) return new Map();
  assert(typeof sessions === 'string', 'sessions are lines of text');
  return new Map(sessions.split('\n').map(readLine));
}

/**
 * One session's numbers on a line: `FIRM-BRK1 2 17 9 1795507200000000 =`. The numbers of all stand in each commit of the
 * channel, and a text is handed on as it is, where a tree of objects is copied three times. `-`: not known; `=`: outbound
 * numbers count where this epoch's always do.
 */
function lineOf(name: string, { epoch, nextIn, nextOut, since, out }: SessionPosition): string {
  const scope = out === undefined ? '-' : out === usualOut(name, epoch) ? '=' : out;
  return `${name} ${epoch} ${nextIn} ${nextOut} ${since ?? '-'} ${scope}`;
}

function readLine(line: string): readonly [name: string, position: SessionPosition] {
  const [name = '', epoch, nextIn, nextOut, since, scope, ...more] = line.split(' ');
  const numbers = { epoch: Number(epoch), nextIn: Number(nextIn), nextOut: Number(nextOut) };
  assert(Object.values(numbers).every(Number.isSafeInteger) && more.length === 0, 'a line has six words');
  const out = scope === '=' ? usualOut(name, numbers.epoch) : scope;
  return [
    name,
    {
      ...numbers,
      ...(since !== '-' && { since: Number(since) }),
      ...(out !== undefined && out !== '-' && { out }),
    },
  ];
}

function usualOut(name: string, epoch: number): string {
  return `${name}/${epoch}/out`;
}

/** The channel's position with one session's numbers changed. */
export function withPosition(head: ChannelHead, session: string, position: SessionPosition): JsonValue {
  const all = new Map([...positionsOf(head), [session, position]]);
  return written(
    positionOf(head),
    [...all].map(([name, one]) => lineOf(name, one)),
  );
}

function written(own: SessionPosition, lines: readonly string[]): JsonValue {
  return lines.length === 0 ? { ...own } : { ...own, sessions: lines.join('\n') };
}

function positionIn(members: Members): SessionPosition {
  const { epoch, nextIn, nextOut, since, out } = members;
  assert(typeof epoch === 'number' && typeof nextIn === 'number' && typeof nextOut === 'number');
  return {
    epoch,
    nextIn,
    nextOut,
    ...(typeof since === 'number' && { since }),
    ...(typeof out === 'string' && { out }),
  };
}

interface Members {
  readonly [key: string]: JsonValue | undefined;
}

function membersOf(value: JsonValue): Members {
  assert(typeof value === 'object' && value !== null && !Array.isArray(value), 'a position is an object');
  return Object.fromEntries(Object.entries(value));
}

const beginning: SessionPosition = { epoch: 0, nextIn: 1, nextOut: 1 };

/** What the places of one channel share. `''` is the channel's own. */
class Shared {
  readonly #places = new Map<string, { failed: boolean }>();
  #own: SessionPosition = beginning;
  readonly #sessions = new Map<string, SessionPosition>();
  /** The same as it is written, so that a commit makes one line and not all of them. */
  readonly #lines = new Map<string, string>();
  /** The log counts durable beginnings of the channel, of which a new session epoch is one kind. */
  #logEpoch = 0;
  #generation = 0;

  place(name: string): SessionPlace {
    const mine = { failed: true };
    this.#places.set(name, mine);
    const shared = this;
    return {
      get failed() {
        return mine.failed;
      },
      get generation() {
        return shared.#generation;
      },
      take: (head) => {
        this.#take(name, head);
        mine.failed = false;
        return name === '' ? this.#own : (this.#sessions.get(name) ?? beginning);
      },
      advance: (position, begins) => this.#advance(name, position, begins),
      fail: (generation) => this.#fail(generation),
    };
  }

  /**
   * While nobody is at work the head is the truth about all. Else it is the truth about this one only: what the others have
   * on its way to the log, the head does not know yet.
   */
  #take(name: string, head: ChannelHead): void {
    const idle = [...this.#places.values()].every(({ failed }) => failed);
    const positions = positionsOf(head);
    if (idle) {
      this.#own = positionOf(head);
      this.#logEpoch = head.epoch;
      this.#sessions.clear();
      this.#lines.clear();
      for (const [session, position] of positions) this.#set(session, position);
    } else if (name === '') this.#own = positionOf(head);
    else this.#set(name, positions.get(name) ?? beginning);
  }

  #set(name: string, position: SessionPosition): void {
    this.#sessions.set(name, position);
    this.#lines.set(name, lineOf(name, position));
  }

  #advance(name: string, position: SessionPosition, begins: boolean): AppendOptions {
    if (name === '') this.#own = position;
    else this.#set(name, position);
    if (begins) this.#logEpoch++;
    const all = written(this.#own, [...this.#lines.values()]);
    return begins ? { position: all, epoch: this.#logEpoch } : { position: all };
  }

  /** What one lost, no other may count as committed: all begin again from the log. A failure of before that is over. */
  #fail(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    for (const place of this.#places.values()) place.failed = true;
  }
}
