import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/event.ts';
import type { FixMessage } from './message.ts';
import type { Problem } from './needed.ts';

/**
 * What the messages of one family mean. `problems` says what their events cannot be made without: decode tells it as
 * errors, so a message whose events would be missing never passes for a good one; `events` makes none of such a
 * message.
 */
export interface Family {
  problems(message: FixMessage): readonly Problem[];
  events(message: FixMessage, context: NormalizeContext): readonly Event[];
}
