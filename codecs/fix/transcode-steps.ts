import { fieldTag } from '../../src/events/catalogue.ts';
import { isStatus } from './normalize-execution.ts';
import type { Step, Write, wordsOf } from './transcode-plan.ts';
import { writeDate, writeDecimal, writeTime } from './transcode-values.ts';
import type { Transcription } from './transcription.ts';

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

function text(t: Transcription, { tag: member, sources }: Step): void {
  const place = t.find(sources);
  if (place >= 0) t.writer.latin1(member, t.wire, t.from(place), t.to(place));
}

/** The catalogue's word for a value, or the value itself. */
function word(t: Transcription, { tag: member, sources, words }: Step): void {
  const place = t.find(sources);
  if (place >= 0) writeWord(t, member, place, words);
}

export function writeWord(
  t: Transcription,
  member: number,
  place: number,
  words: ReturnType<typeof wordsOf>,
): void {
  const from = t.from(place);
  const to = t.to(place);
  const found = words.word(t.wire, from, to);
  if (found === undefined) t.writer.latin1(member, t.wire, from, to);
  else writeBytes(t, member, found);
}

/** A text of which the bytes are known. */
export function writeBytes(t: Transcription, member: number, bytes: Uint8Array): void {
  const open = t.writer.open(member, bytes.length);
  t.writer.raw(bytes);
  t.writer.close(open);
}

/** Of several fields the first that can be read. */
function decimal(t: Transcription, { tag: member, sources }: Step): void {
  for (let next = 0; next < sources.length; next++) {
    const place = t.at(sources[next] as number);
    if (place >= 0 && writeDecimal(t.writer, member, t.wire, t.from(place), t.to(place))) return;
  }
}

function date(t: Transcription, { tag: member, sources }: Step): void {
  const place = t.find(sources);
  if (place >= 0) writeDate(t.writer, member, t.wire, t.from(place), t.to(place));
}

/** When it happened, and that this is UTC. */
function occurred(t: Transcription, { tag: member, sources }: Step): void {
  for (let next = 0; next < sources.length; next++) {
    const place = t.at(sources[next] as number);
    if (place < 0 || !writeTime(t.writer, member, t.wire, t.from(place), t.to(place))) continue;
    t.writer.raw(utc);
    return;
  }
}

const utc = textField('Event', 'occurredZone', 'UTC');

function received(t: Transcription, { tag: member }: Step): void {
  writeBytes(t, member, t.received.bytes);
}

function computed(t: Transcription): void {
  if (t.dateComputed) t.writer.raw(computedDate);
  if (t.chargesComputed)
    t.writer.raw(t.message.type === 'AS' || t.message.type === 'J' ? computedAllocations : computedCharges);
}

const computedDate = textField('Event', 'computed', 'data.tradeDate');
const computedCharges = textField('Event', 'computed', 'data.charges');
const computedAllocations = textField('Event', 'computed', 'data.allocations.charges');

function dated(t: Transcription, { tag: member }: Step): void {
  if (t.dated) writeBytes(t, member, t.date);
}

function side(t: Transcription, { tag: member }: Step): void {
  if (t.side !== undefined) writeBytes(t, member, t.side);
}

/** PossResend(97): said only where it is Y. */
function resent(t: Transcription, { tag: member, sources }: Step): void {
  if (isLetter(t, t.find(sources), yes)) t.writer.count(member, 1);
}

/** LastFragment(893): a message that is not said to go on is whole. */
function complete(t: Transcription, { tag: member, sources }: Step): void {
  t.writer.count(member, isLetter(t, t.find(sources), no) ? 0 : 1);
}

const yes = 0x59;
const no = 0x4e;

function isLetter(t: Transcription, place: number, letter: number): boolean {
  return place >= 0 && t.to(place) - t.from(place) === 1 && t.wire[t.from(place)] === letter;
}

/** What an order report says; until FIX 4.2, ExecTransType(20) may say that it is only a status. */
function report(t: Transcription, step: Step): void {
  if (isStatus(t.message)) t.writer.text(step.tag, 'status');
  else word(t, step);
}

/** The same for every message of a type. */
function say(t: Transcription, { tag: member, said }: Step): void {
  t.writer.text(member, said);
}

/** A field whose text is always the same. */
function textField(message: string, name: string, value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(fieldTag(message, name)), Buffer.from([bytes.length]), bytes]);
}

function varint(value: number): Uint8Array {
  return value < 0x80 ? Buffer.from([value]) : Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}
