import type { NormalizeContext } from '../contract/codec.ts';
import type { EntryDraft } from '../contract/entry.ts';
import { eventOf } from '../contract/normalize.ts';
import { latin1Text } from '../core/bytes.ts';
import { isoOfMicros } from '../core/clock.ts';
import type { JsonValue } from '../core/json.ts';
import { type Event, encodeEvent } from '../events/index.ts';
import { contextOf, type EntryMaking, type Received } from './entry-making.ts';

/** The entry of what a session told about itself, with its event where there is one. */
export function sessionEntry(making: EntryMaking, received: Received): EntryDraft {
  const { kind, direction, origin, receivedAt, bytes, issues } = received;
  const told = jsonOf(bytes);
  const event = sessionEvent(contextOf(making.channel, making.tenant, received, 0), told);
  const events = event === undefined ? [] : [encodeEvent(event)];
  const type = textOf(told, 'signal');
  return { kind, direction, origin, receivedAt, bytes, issues, events, ...(type !== undefined && { type }) };
}

function sessionEvent(context: NormalizeContext, told: JsonValue): Event | undefined {
  const session = textOf(told, 'session');
  const state = memberOf(told, 'state');
  const numbers = {
    epoch: numberOf(state, 'epoch'),
    nextIn: numberOf(state, 'nextIn'),
    nextOut: numberOf(state, 'nextOut'),
  };
  const range = { from: numberOf(told, 'from'), to: numberOf(told, 'to') };
  switch (textOf(told, 'signal')) {
    case 'up':
      return eventOf(
        context,
        'session',
        'session.up',
        {},
        { session, ...numbers, peer: textOf(told, 'peer') },
      );
    case 'down': {
      const why = { reason: textOf(told, 'reason'), by: textOf(told, 'by') };
      return eventOf(context, 'session', 'session.down', {}, { session, ...numbers, ...why });
    }
    case 'gap':
      return eventOf(context, 'session', 'session.gap', {}, { session, ...range });
    case 'filled': {
      const filled = isoOfMicros(context.receivedAt);
      return eventOf(context, 'session', 'session.gap', {}, { session, ...range, filled });
    }
    default:
      return undefined;
  }
}

/** JSON that an adapter wrote; null for anything else. */
function jsonOf(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(Buffer.from(latin1Text(bytes), 'latin1').toString('utf8'));
  } catch {
    return null;
  }
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function textOf(value: JsonValue | undefined, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : undefined;
}

function numberOf(value: JsonValue | undefined, key: string): number | undefined {
  const member = memberOf(value, key);
  return typeof member === 'number' ? member : undefined;
}
