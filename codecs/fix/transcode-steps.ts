import { fieldTag } from '../../src/events/catalogue.ts';
import { EventWriter, type Piece, pieceOf } from '../../src/events/event-writer.ts';
import { isStatus } from './normalize-execution.ts';
import { tag } from './tag.ts';
import type { Step, Write } from './transcode-plan.ts';
import { writeDate, writeDecimal, writeTime } from './transcode-values.ts';
import type { Transcription } from './transcription.ts';
import type { WordTable } from './word-table.ts';

/** The ways of writing that any event knows; those of its parts stand in `transcode-parts.ts`. */
export const plainWays: Readonly<Record<string, Write>> = {
  text,
  word,
  decimal,
  date,
  occurred,
  received,
  computed,
  dated,
  side,
  resent,
  complete,
  report,
  say,
};

function text(t: Transcription, step: Step, place: number): void {
  t.writer.latin1(step.tag, t.wire, t.from(place), t.to(place));
}

/** The catalogue's word for a value, or the value itself. */
function word(t: Transcription, step: Step, place: number): void {
  writeWord(t, step.tag, place, step.words);
}

export function writeWord(t: Transcription, member: number, place: number, words: WordTable): void {
  const from = t.from(place);
  const to = t.to(place);
  const found = words.word(t.wire, from, to);
  if (found === undefined) t.writer.latin1(member, t.wire, from, to);
  else t.writer.framed(member, found.framed);
}

/** Of several fields the first that can be read. */
function decimal(t: Transcription, step: Step, place: number): void {
  if (writeDecimal(t.writer, step.tag, t.wire, t.from(place), t.to(place))) return;
  for (const other of step.others) {
    const next = t.at(other);
    if (next >= 0 && writeDecimal(t.writer, step.tag, t.wire, t.from(next), t.to(next))) return;
  }
}

function date(t: Transcription, step: Step, place: number): void {
  writeDate(t.writer, step.tag, t.wire, t.from(place), t.to(place));
}

/** When it happened, by the first of several fields that can be read; and that this is UTC. */
function occurred(t: Transcription, step: Step): void {
  const { source, others } = step;
  if (wroteTime(t, step, source) || others.some((other) => wroteTime(t, step, other))) t.writer.piece(utc);
}

function wroteTime(t: Transcription, step: Step, source: number): boolean {
  const place = t.at(source);
  return place >= 0 && writeTime(t.writer, step.tag, t.wire, t.from(place), t.to(place));
}

const utc = textField('Event', 'occurredZone', 'UTC');

function received(t: Transcription, { tag: member }: Step): void {
  t.writer.framed(member, t.received.framed);
}

function computed(t: Transcription): void {
  if (t.dateComputed) t.writer.piece(computedDate);
  if (t.chargesComputed)
    t.writer.piece(t.message.type === 'AS' || t.message.type === 'J' ? computedAllocations : computedCharges);
}

const computedDate = textField('Event', 'computed', 'data.tradeDate');
const computedCharges = textField('Event', 'computed', 'data.charges');
const computedAllocations = textField('Event', 'computed', 'data.allocations.charges');

function dated(t: Transcription, { tag: member }: Step): void {
  if (t.dated) t.writer.framed(member, t.date);
}

function side(t: Transcription, { tag: member }: Step): void {
  if (t.side !== undefined) t.writer.framed(member, t.side.framed);
}

/** PossResend(97): said only where it is Y. */
function resent(t: Transcription, step: Step): void {
  if (t.resent || isLetter(t, t.root.at(tag.PossResend), yes)) t.writer.count(step.tag, 1);
}

/** LastFragment(893): a message that is not said to go on is whole. */
function complete(t: Transcription, step: Step): void {
  t.writer.count(step.tag, isLetter(t, t.root.at(tag.LastFragment), no) ? 0 : 1);
}

const yes = 0x59;
const no = 0x4e;

function isLetter(t: Transcription, place: number, letter: number): boolean {
  return place >= 0 && t.to(place) - t.from(place) === 1 && t.wire[t.from(place)] === letter;
}

/** What an order report says; until FIX 4.2, ExecTransType(20) may say that it is only a status. */
function report(t: Transcription, step: Step): void {
  const place = t.find(reported);
  if (isStatus(t.message)) t.writer.text(step.tag, 'status');
  else if (place >= 0) word(t, step, place);
}

const reported = { source: tag.ExecType, others: [tag.OrdStatus] };

/** The same for every message of a type. */
function say(t: Transcription, { tag: member, said }: Step): void {
  t.writer.framed(member, said.framed);
}

/** A whole field whose text is always the same. */
export function textField(message: string, name: string, value: string): Piece {
  const writer = new EventWriter();
  writer.begin();
  writer.text(fieldTag(message, name), value);
  return pieceOf(writer.finish());
}
