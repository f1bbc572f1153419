import { GatewayError } from '../../src/core/errors.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Field } from './compose.ts';
import { isHeaderTag } from './compose.ts';
import { isAdmin } from './emit.ts';

/** Fields that only the session writes. */
const ours = new Set([8, 9, 10, 34, 35, 43, 49, 52, 56, 89, 90, 91, 93, 122, 369]);

/** What `allowPosDup` leaves to whoever passes messages on: PossDupFlag(43), OrigSendingTime(122). */
const ofRepeats = new Set([43, 122]);

/** True for a field that only the session writes. */
export function isOurs(tag: number, allowPosDup = false): boolean {
  return ours.has(tag) && !(allowPosDup && ofRepeats.has(tag));
}

export interface Body {
  readonly header: readonly Field[];
  readonly fields: readonly Field[];
}

/**
 * The fields of a message that is to be sent: a list of `[tag, value]` in wire order (repeating groups need it), or an
 * object from tag to value. Of the session's own types an application may say Reject(3): before FIX 4.2 there is no
 * BusinessMessageReject(j). Throws `FIX_SEND` for anything else, and for what belongs to the session.
 */
export function readBody(type: string, body: JsonValue, allowPosDup = false): Body {
  if (!/^[A-Za-z0-9]{1,8}$/.test(type) || (isAdmin(type) && type !== '3'))
    throw wrong(`MsgType(35) cannot be "${type}"`);
  const fields = pairsOf(body).map((pair) => readField(pair, allowPosDup));
  fields.forEach((field, at) => {
    requireText(field, fields[at - 1]);
  });
  return {
    header: fields.filter(([tag]) => isHeaderTag(tag)),
    fields: fields.filter(([tag]) => !isHeaderTag(tag)),
  };
}

/** Whom a message over a template is for, by TargetCompID(56), and the body without it. Empty where it does not say. */
export function routed(body: JsonValue): { readonly compId: string; readonly rest: JsonValue } {
  if (isPairs(body)) {
    const found = body.find((pair) => Array.isArray(pair) && String(pair[0]) === '56');
    return {
      compId: Array.isArray(found) ? String(found[1] ?? '') : '',
      rest: body.filter((pair) => pair !== found),
    };
  }
  if (typeof body !== 'object' || body === null) return { compId: '', rest: body };
  const { 56: compId = '', ...rest } = body;
  return { compId: String(compId), rest };
}

function isPairs(body: JsonValue): body is readonly JsonValue[] {
  return Array.isArray(body);
}

function pairsOf(body: JsonValue): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body === 'object' && body !== null) return Object.entries(body);
  throw wrong('the body is neither a list nor an object');
}

function readField(pair: unknown, allowPosDup: boolean): Field {
  const [tag, value] = Array.isArray(pair) ? (pair as unknown[]) : [];
  const number = typeof tag === 'string' || typeof tag === 'number' ? Number(tag) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 1) throw wrong(`"${String(tag)}" is no tag`);
  if (isOurs(number, allowPosDup)) throw wrong(`field ${number} belongs to the session`);
  if (typeof value !== 'string' && typeof value !== 'number')
    throw wrong(`field ${number} is neither text nor number`);
  return [number, String(value)];
}

/** A value is not empty and holds no separator, except the data of a length field right before it. */
function requireText([tag, value]: Field, before: Field | undefined): void {
  if (value === '') throw wrong(`field ${tag} is empty`);
  if (/[^\u0000-\u00ff]/.test(value)) throw wrong(`field ${tag} has characters beyond Latin-1`);
  const isData = before !== undefined && Number(before[1]) === value.length;
  if (value.includes('\u0001') && !isData) throw wrong(`field ${tag} holds a separator`);
}

function wrong(message: string): GatewayError {
  return new GatewayError('FIX_SEND', message, {
    exitCode: 2,
    remedy: 'Give the body as a list of [tag, value] or as an object of tags, without the header.',
  });
}
