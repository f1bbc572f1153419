import { maskAccount, maskSecret } from '../core/mask.ts';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import type { Event } from './event.ts';
import { type Members, membersOf } from './members.ts';

/**
 * The event as logs and exports may show it: personal fields masked, the same values masked wherever else they stand (in
 * a business key, in free text), unknown fields down to their length, because a newer catalogue may call them personal.
 */
export function maskedEvent(event: Event): Event {
  const { common, types } = catalogue();
  const data = types.get(event.type)?.message;
  const personal = new Set<string>();
  collectPersonal(membersOf(event), common, personal);
  if (data !== undefined) collectPersonal(membersOf(event.data), data, personal);
  // Longest first, so that an account that begins another one does not leave the rest of it standing.
  const values = [...personal].sort((left, right) => right.length - left.length);
  const masked = maskMembers(membersOf(event), common, values);
  return {
    ...masked,
    type: event.type,
    data: data === undefined ? {} : maskMembers(membersOf(event.data), data, values),
    ...(event.unknown && {
      unknown: event.unknown.map((field) => ({ ...field, raw: maskSecret(field.raw) })),
    }),
  } as unknown as Event;
}

function collectPersonal(members: Members, plan: MessagePlan, personal: Set<string>): void {
  for (const field of plan.fields) {
    for (const item of itemsOf(members[field.name])) {
      if (field.message !== undefined) collectPersonal(membersOf(item as object), field.message, personal);
      else if (typeof item === 'string' && isPersonal(field, members)) personal.add(item);
    }
  }
}

function isPersonal(field: FieldPlan, members: Members): boolean {
  return field.personal || field.personalRoles.some((role) => role === members['role']);
}

function maskMembers(
  members: Members,
  plan: MessagePlan,
  values: readonly string[],
): Record<string, unknown> {
  const masked: Record<string, unknown> = {};
  for (const field of plan.fields) {
    const value = members[field.name];
    if (value === undefined) continue;
    const mask = (item: unknown): unknown => maskValue(item, field, isPersonal(field, members), values);
    masked[field.name] = Array.isArray(value) ? value.map(mask) : mask(value);
  }
  return masked;
}

function maskValue(value: unknown, field: FieldPlan, personal: boolean, values: readonly string[]): unknown {
  if (field.message !== undefined) return maskMembers(membersOf(value as object), field.message, values);
  if (typeof value !== 'string') return value;
  return personal ? maskAccount(value) : maskInside(value, values);
}

/** Shorter values stand in too many words that are none of theirs. */
const valueCharsMin = 4;

/** A text with every personal value in it masked; a value that is the whole of a key's part is masked at any length. */
function maskInside(text: string, values: readonly string[]): string {
  const parts = text
    .split('|')
    .map((part) => (values.includes(part) && text !== part ? maskAccount(part) : part));
  let masked = parts.join('|');
  for (const value of values) {
    if (value.length >= valueCharsMin) masked = masked.replaceAll(value, maskAccount(value));
  }
  return masked;
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
