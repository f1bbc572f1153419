import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/event.ts';
import type { FixMessage } from './message.ts';
import type { Checks, Problem } from './needed.ts';

/**
 * What the messages of one family mean. `problems` says what their events cannot be made without: decode tells it as
 * errors, so a message whose events would be missing never passes for a good one; `events` makes none of such a
 * message.
 *
 * A family that names in `decidedBy` the tags, outside of groups, whose values decide over what is needed, and collects the `checks`
 * that it makes, has them made alone where the shape of a message is known.
 */
export interface Family {
  readonly decidedBy?: readonly number[];
  problems(message: FixMessage, checks?: Checks): readonly Problem[];
  events(message: FixMessage, context: NormalizeContext): readonly Event[];
}
