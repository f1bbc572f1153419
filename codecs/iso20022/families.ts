import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MxMessage } from './message.ts';
import { corporateActionMxEvents, corporateActionMxProblems } from './normalize-corporate-action.ts';
import { sese024Events, sese024Problems } from './normalize-sese024.ts';
import { statementFamilies } from './normalize-statement.ts';

/** What the messages of one kind mean, and what their events cannot be made without. */
export interface Family {
  problems(message: MxMessage): readonly Issue[];
  events(message: MxMessage, context: NormalizeContext): readonly Event[];
}

const corporateAction: Family = { problems: corporateActionMxProblems, events: corporateActionMxEvents };
const corporateActionMessages = [31, 32, 33, 34, 35, 36, 37, 39, 40, 41, 42, 44];

/** By message without variant and version. */
const families: ReadonlyMap<string, Family> = new Map([
  ['sese.024', { problems: sese024Problems, events: sese024Events }],
  ...statementFamilies,
  ...corporateActionMessages.map((number) => [`seev.0${number}`, corporateAction] as const),
]);

/** What a message means; undefined where nobody knows: it gives its tree, and `message.unknown`. */
export function familyOf({ schema }: MxMessage): Family | undefined {
  return schema === undefined ? undefined : families.get(schema.message.split('.').slice(0, 2).join('.'));
}
