import type { FixMessage } from '../../codecs/fix/index.ts';
import type { FixSessionOptions } from './options.ts';

/** A session, or a template of sessions, as a first message finds it. */
export interface Named {
  readonly options: FixSessionOptions;
}

/** What of a session's options the other side names it by, and in which fields of theirs. */
const places = [
  ['targetSubId', 50],
  ['senderSubId', 57],
  ['targetLocationId', 142],
  ['senderLocationId', 143],
] as const;

/**
 * The session that a first message asks for: by BeginString(8), SenderCompID(49) and TargetCompID(56). SenderSubID(50),
 * TargetSubID(57) and the location ids count only where they tell several sessions apart: a counterparty may leave them out.
 * A session of its own comes before a template that covers it, and the first of two templates before the second.
 */
export function sessionFor<T extends Named>(all: readonly T[], message: FixMessage): T | undefined {
  const asked = all.filter(({ options }) => isAsked(options, message));
  const own = asked.filter(({ options }) => !options.template);
  if (own.length <= 1) return own[0] ?? asked[0];
  const fitting = own.filter(({ options }) => fits(options, message));
  return fitting.toSorted((left, right) => named(right.options) - named(left.options))[0];
}

function isAsked(options: FixSessionOptions, message: FixMessage): boolean {
  if (message.beginString !== options.beginString || message.get(56) !== options.senderCompId) return false;
  const sender = message.get(49);
  return (
    sender !== undefined && (options.template ? covers(options, sender) : sender === options.targetCompId)
  );
}

function fits(options: FixSessionOptions, message: FixMessage): boolean {
  return places.every(([name, tag]) => options[name] === undefined || options[name] === message.get(tag));
}

function named(options: FixSessionOptions): number {
  return places.filter(([name]) => options[name] !== undefined).length;
}

/** True for a CompID that a template makes a session for: by its pattern, and by its list where there is one. */
export function covers(options: FixSessionOptions, compId: string): boolean {
  if (!isCompId(compId)) return false;
  const pattern = options.targetCompId.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  if (!new RegExp(`^${pattern.join('.*')}$`).test(compId)) return false;
  const list = counterpartiesOf(options);
  return list === undefined || list.includes(compId);
}

/** What stands in an origin and in a field: the same characters that an option may have, and no pattern. */
export function isCompId(text: string): boolean {
  return text.length <= 64 && /^[!-)+-.0-<>-~]+$/.test(text);
}

/** The CompIDs of a template's list; a text has one on each line, and may say more behind `#`. */
export function counterpartiesOf({ counterparties }: FixSessionOptions): readonly string[] | undefined {
  if (counterparties === undefined || typeof counterparties !== 'string') return counterparties;
  return counterparties
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
}
