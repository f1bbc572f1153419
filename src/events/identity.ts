/**
 * `channel/origin#slot@revision`. The same message gives the same ids on every machine and in every year; different
 * parts give different ids, whatever characters they hold.
 */
export function eventId(channel: string, originText: string, slot: string, revision: number): string {
  return `${escaped(channel, /[%/#@]/g)}/${originText}#${escaped(slot, /[%#@]/g)}@${revision}`;
}

/** What makes a fact one fact. Empty and left out are the same. */
export interface BusinessKeyParts {
  /** What sort of fact: `trade`, `allocation`, `position`; keys of different sorts never meet. */
  readonly kind: string;
  readonly reportedBy?: string | undefined;
  /** What the reporter's ids are unique in, beyond the reporter and the day: a venue, a session, a file's key. */
  readonly scope?: string | undefined;
  readonly tradeDate?: string | undefined;
  /** The reporter's id of the fact: ExecID(17), TradeID(1003). */
  readonly id: string;
  readonly side?: string | undefined;
}

/**
 * `trade|CLR||2026-11-10|E1|buy`: kind, reporter, scope, trade date, id, side. Different parts give different texts: a
 * `|` or `%` inside of a part is written `%7C` or `%25`.
 */
export function businessKeyText(parts: BusinessKeyParts): string {
  const { kind, reportedBy = '', scope = '', tradeDate = '', id, side = '' } = parts;
  return [kind, reportedBy, scope, tradeDate, id, side].map(keyPartText).join('|');
}

/** A part of a business key as it stands there. */
export function keyPartText(part: string): string {
  return escaped(part, /[%|]/g);
}

/** The parts that {@link businessKeyText} wrote, in its order. */
export function businessKeyPartsOf(key: string): readonly string[] {
  return key.split('|').map((part) => part.replaceAll('%7C', '|').replaceAll('%25', '%'));
}

function escaped(text: string, reserved: RegExp): string {
  // Most texts hold nothing that is reserved, and looking is quicker than replacing nothing.
  if (text.search(reserved) < 0) return text;
  return text.replace(reserved, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
