import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/event.ts';
import type { FixMessage } from './message.ts';

export function normalizeFix(_message: FixMessage, _context: NormalizeContext): readonly Event[] {
  return [];
}
