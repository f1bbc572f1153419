import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MxMessage } from './message.ts';
import { cancellationAdviceEvents, cancellationAdviceProblems } from './normalize-cancellation-advice.ts';
import { cashFamilies } from './normalize-cash.ts';
import { corporateActionMxEvents, corporateActionMxProblems } from './normalize-corporate-action.ts';
import { intrapositionFamilies } from './normalize-intraposition.ts';
import { marginFamilies } from './normalize-margin.ts';
import { obligationFamilies } from './normalize-obligations.ts';
import { transferFamily } from './normalize-pacs009.ts';
import { cancellationFamily, instructionFamily } from './normalize-sese023.ts';
import { sese024Events, sese024Problems } from './normalize-sese024.ts';
import { confirmationFamily } from './normalize-sese025.ts';
import { cancellationStatusFamily } from './normalize-sese027.ts';
import { modificationFamily } from './normalize-sese030.ts';
import { statementFamilies } from './normalize-statement.ts';
import { tradeLegFamilies } from './normalize-trade-legs.ts';
import { familyOfPart } from './part-family.ts';

/** What the messages of one kind mean, and what their events cannot be made without. */
export interface Family {
  problems(message: MxMessage): readonly Issue[];
  events(message: MxMessage, context: NormalizeContext): readonly Event[];
}

const corporateAction: Family = { problems: corporateActionMxProblems, events: corporateActionMxEvents };
const corporateActionMessages = [31, 32, 33, 34, 35, 36, 37, 39, 40, 41, 42, 44];

/** By message without variant and version. */
const families: ReadonlyMap<string, Family> = new Map([
  ['sese.020', cancellationFamily],
  ['sese.023', instructionFamily],
  ['sese.025', confirmationFamily],
  ['sese.027', cancellationStatusFamily],
  ['sese.030', modificationFamily],
  ['sese.024', { problems: sese024Problems, events: sese024Events }],
  ...statementFamilies,
  ...cashFamilies,
  ['pacs.009', transferFamily],
  ...tradeLegFamilies,
  ...obligationFamilies,
  ...marginFamilies,
  ...intrapositionFamilies,
  ['semt.020', { problems: cancellationAdviceProblems, events: cancellationAdviceEvents }],
  ...corporateActionMessages.map((number) => [`seev.0${number}`, corporateAction] as const),
]);

/**
 * What a message means; undefined where nobody knows: it gives its tree, and `message.unknown`. Of a statement that is told in parts,
 * what this part means.
 */
export function familyOf({ schema, part }: MxMessage): Family | undefined {
  const set = schema?.message.split('.').slice(0, 2).join('.') ?? '';
  const family = families.get(set);
  return part === undefined ? family : familyOfPart(set, family, part);
}
