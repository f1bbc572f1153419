import { fieldTag } from '../../src/events/catalogue.ts';
import { keyPartText } from '../../src/events/identity.ts';
import { tag } from './tag.ts';
import type { Step, Write } from './transcode-plan.ts';
import type { Transcription } from './transcription.ts';

/** Stands for a report without an id: its `#` is there all the same. */
export const unnamed = -2;

/** The id of a fact: a field, and where it takes more to tell it, two others behind `/` and `#`. Places, or -1. */
export interface FactId {
  readonly own: number;
  readonly second: number;
  readonly report: number;
}

/** What one event is about, and what it does to others: the ids that its keys are made of. */
export interface FactKeys {
  /** What sort of fact its own key is, and the keys that it refers to. */
  readonly kind: string;
  readonly related: string;
  readonly self: FactId;
  readonly replaces: FactId | undefined;
  readonly reverses: FactId | undefined;
}

export const keyWays: Readonly<Record<string, Write>> = { replaces, reverses, tradeId };

function replaces(t: Transcription, step: Step): void {
  const id = t.keys?.replaces;
  if (id !== undefined) writeKey(t, step.tag, t.keys?.related ?? '', id);
}

function reverses(t: Transcription, step: Step): void {
  const id = t.keys?.reverses;
  if (id !== undefined) writeKey(t, step.tag, t.keys?.related ?? '', id);
}

const ownKey = fieldTag('Event', 'businessKey');

export function writeOwnKey(t: Transcription): void {
  if (t.keys !== undefined) writeKey(t, ownKey, t.keys.kind, t.keys.self);
}

/** `businessKeyText` of `src/events`. */
function writeKey(t: Transcription, to: number, kind: string, { own, second, report }: FactId): void {
  const { writer } = t;
  const open = writer.open(to, 0);
  writer.piece(t.envelope.key(kind, t));
  keyPart(t, own);
  if (second >= 0) {
    writer.byte(slash);
    keyPart(t, second);
  }
  if (report !== -1) {
    writer.byte(hash);
    keyPart(t, report);
  }
  writer.byte(bar);
  if (t.side !== undefined) writer.piece(t.side.plain);
  writer.close(open);
}

const bar = 0x7c;
const percent = 0x25;
const slash = 0x2f;
const hash = 0x23;

/** A field as a part of a key: `|` and `%` are written `%7C` and `%25`. */
function keyPart(t: Transcription, place: number): void {
  if (place < 0) return;
  const { wire, writer } = t;
  const from = t.from(place);
  const to = t.to(place);
  writer.room(to - from);
  const { bytes, at } = writer;
  for (let next = from; next < to; next++) {
    const byte = wire[next] as number;
    if (byte === bar || byte === percent || byte >= 0x80) {
      writer.string(keyPartText(wire.toString('latin1', from, to)));
      return;
    }
    bytes[at + next - from] = byte;
  }
  writer.at = at + to - from;
}

/** TradeID(1003), with SecondaryTradeID(1040) where there is one; of a feed without it, TradeReportID(571). */
export function tradeIdOf(t: Transcription): FactId {
  const own = t.root.at(tag.TradeID);
  if (own < 0) return { own: t.root.at(tag.TradeReportID), second: -1, report: -1 };
  return { own, second: t.root.at(tag.SecondaryTradeID), report: -1 };
}

function tradeId(t: Transcription, step: Step): void {
  const { own, second } = tradeIdOf(t);
  if (own < 0) return;
  const { writer, wire } = t;
  const open = writer.open(step.tag, 0);
  writer.characters(wire, t.from(own), t.to(own));
  if (second >= 0) {
    writer.byte(slash);
    writer.characters(wire, t.from(second), t.to(second));
  }
  writer.close(open);
}
