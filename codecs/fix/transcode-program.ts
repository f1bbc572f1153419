import type { Piece } from '../../src/events/event-writer.ts';
import { keepNote, noteOf } from './shape-notes.ts';
import { tag } from './tag.ts';
import { findCommission, writeCommission, writeMember } from './transcode-parts.ts';
import type { Step } from './transcode-plan.ts';
import { writeWord } from './transcode-steps.ts';
import { writeDate, writeDecimal } from './transcode-values.ts';
import type { Transcription } from './transcription.ts';
import type { WordTable } from './word-table.ts';

/**
 * What is done to write an event of messages of one shape: which fields go where is found once, and what is left is to copy them. A
 * program is a stretch of numbers. Each number says in the low four bits what is done, in the next twelve the place of a field
 * in the flat index (one more than that, so that 0 is none), and above them by what: a member, or a step, words, a piece of below.
 */
const act = {
  step: 0,
  text: 1,
  word: 2,
  decimal: 3,
  date: 4,
  open: 5,
  close: 6,
  piece: 7,
  /** Two more numbers: the places of source and role, and of the sub id. */
  party: 8,
  /** One more number: the place of its currency. */
  commission: 9,
  enter: 10,
  leave: 11,
  find: 12,
} as const;
const placeShift = 4;
const placeMask = 0xfff;
const byShift = 16;

/** What programs refer to by number: rows and words of the tables of events, so they do not grow with the messages. */
const steps: Step[] = [];
const pieces: Piece[] = [];
const wordings: { readonly member: number; readonly words: WordTable }[] = [];

function numberOf<T>(list: T[], wanted: T): number {
  const known = list.indexOf(wanted);
  return known >= 0 ? known : list.push(wanted) - 1;
}

/** A program as it is put together. */
export class Program {
  readonly numbers: number[] = [];

  step(step: Step, place: number): void {
    this.#add(act.step, place, numberOf(steps, step));
  }

  /** Nothing where the field is not there. */
  text(member: number, place: number): void {
    if (place >= 0) this.#add(act.text, place, member);
  }

  word(member: number, place: number, words: WordTable): void {
    let number = wordings.findIndex((one) => one.member === member && one.words === words);
    if (number < 0) number = wordings.push({ member, words }) - 1;
    this.#add(act.word, place, number);
  }

  /** Of a value that is none, the step goes on with what else it may read. */
  decimal(step: Step, place: number): void {
    this.#add(act.decimal, place, numberOf(steps, step));
  }

  date(member: number, place: number): void {
    this.#add(act.date, place, member);
  }

  /** `likely` as `EventWriter.open` has it, up to 4,000. */
  open(member: number, likely: number): void {
    this.#add(act.open, likely, member);
  }

  close(): void {
    this.#add(act.close, -1, 0);
  }

  piece(piece: Piece): void {
    this.#add(act.piece, -1, numberOf(pieces, piece));
  }

  party(member: number, places: Parameters<typeof partyPlaces>[0]): void {
    if (places.id < 0) return;
    this.#add(act.party, places.id, member);
    this.numbers.push(...partyPlaces(places));
  }

  commission(member: number, place: number, currency: number): void {
    this.#add(act.commission, place, member);
    this.numbers.push(currency);
  }

  /** From here on, steps that say `entry` mean this one; its commission is found. */
  enter(entry: number): void {
    this.#add(act.enter, -1, entry);
    this.#add(act.find, -1, 0);
  }

  leave(): void {
    this.#add(act.leave, -1, 0);
  }

  #add(what: number, place: number, by: number): void {
    this.numbers.push(what | ((place + 1) << placeShift) | (by << byShift));
  }
}

function partyPlaces(places: {
  readonly id: number;
  readonly source: number;
  readonly role: number;
  readonly subId: number;
}): readonly [number, number] {
  return [(places.source + 1) | ((places.role + 1) << byShift), places.subId];
}

/** Where those stand that are open, innermost last: events nest four deep. */
const opened = new Int32Array(16);
const found = { place: -1, text: undefined };

/** Writes by the program that begins at `from`. */
export function execute(t: Transcription, numbers: Int32Array, from: number, to: number): void {
  const { writer, wire, index } = t;
  let depth = 0;
  for (let next = from; next < to; next++) {
    const one = numbers[next] as number;
    const place = ((one >> placeShift) & placeMask) - 1;
    const by = one >> byShift;
    switch (one & 15) {
      case act.text:
        writer.latin1(by, wire, index[place + 1] as number, index[place + 2] as number);
        break;
      case act.word: {
        const { member, words } = wordings[by] as (typeof wordings)[number];
        writeWord(t, member, place, words);
        break;
      }
      case act.decimal: {
        const step = steps[by] as Step;
        const [begin, end] = [index[place + 1] as number, index[place + 2] as number];
        if (!writeDecimal(writer, step.tag, wire, begin, end)) step.write(t, step, place);
        break;
      }
      case act.date:
        writeDate(writer, by, wire, index[place + 1] as number, index[place + 2] as number);
        break;
      case act.open:
        opened[depth++] = writer.open(by, place);
        break;
      case act.close:
        writer.close(opened[--depth] as number);
        break;
      case act.piece:
        writer.piece(pieces[by] as Piece);
        break;
      case act.party: {
        const both = numbers[++next] as number;
        const subId = numbers[++next] as number;
        writeMember(t, by, place, (both & 0xffff) - 1, (both >> byShift) - 1, subId);
        break;
      }
      case act.commission:
        found.place = place;
        writeCommission(t, by, numbers[++next] as number, found);
        break;
      case act.enter:
        t.enter(by);
        break;
      case act.leave:
        t.leave();
        break;
      case act.find:
        findCommission(t, tag.AllocQty, tag.AllocPrice);
        break;
      default: {
        const step = steps[by] as Step;
        step.write(t, step, place);
      }
    }
  }
}

/**
 * Writes by the program of this key that the shape of the message has; false where it has none. Where there may be one, `compile` makes
 * it for messages to come.
 */
export function wroteByProgram(t: Transcription, key: number, compile: () => Program): boolean {
  const { flat } = t;
  const at = noteOf(flat, key);
  if (at === 0) keepNote(flat, key, () => compile().numbers);
  else execute(t, flat.entries, at + 1, at + 1 + (flat.entries[at] as number));
  return at !== 0;
}
