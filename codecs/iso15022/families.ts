import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MtMessage } from './message.ts';
import { allegementFamily, allegementStatementFamily } from './normalize-allegement.ts';
import { cashMtEvents, cashMtProblems } from './normalize-cash.ts';
import { corporateActionMtEvents, corporateActionMtProblems } from './normalize-corporate-action.ts';
import { confirmationFamily, instructionFamily } from './normalize-mt54x.ts';
import { intraPositionFamily } from './normalize-mt524.ts';
import { commandFamily } from './normalize-mt530.ts';
import { mt548Events, mt548Problems } from './normalize-mt548.ts';
import { statementFamilies } from './normalize-statement.ts';
import { tradeFamily } from './normalize-trade.ts';

/** What the messages of one type mean, and what their events cannot be made without. */
export interface Family {
  problems(message: MtMessage): readonly Issue[];
  events(message: MtMessage, context: NormalizeContext): readonly Event[];
}

const corporateAction: Family = { problems: corporateActionMtProblems, events: corporateActionMtEvents };

const cash: Family = { problems: cashMtProblems, events: cashMtEvents };

/** By message type. A type without a family gives its tree, and `message.unknown`. */
export const families: ReadonlyMap<string, Family> = new Map([
  ['MT509', tradeFamily],
  ['MT513', tradeFamily],
  ['MT514', tradeFamily],
  ['MT515', tradeFamily],
  ['MT517', tradeFamily],
  ['MT518', tradeFamily],
  ['MT524', intraPositionFamily],
  ['MT530', commandFamily],
  ['MT540', instructionFamily],
  ['MT541', instructionFamily],
  ['MT542', instructionFamily],
  ['MT543', instructionFamily],
  ['MT544', confirmationFamily],
  ['MT545', confirmationFamily],
  ['MT546', confirmationFamily],
  ['MT547', confirmationFamily],
  ['MT578', allegementFamily],
  ['MT586', allegementStatementFamily],
  ['MT548', { problems: mt548Problems, events: mt548Events }],
  ...statementFamilies,
  ['MT564', corporateAction],
  ['MT565', corporateAction],
  ['MT566', corporateAction],
  ['MT567', corporateAction],
  ['MT568', corporateAction],
  ['MT900', cash],
  ['MT910', cash],
  ['MT940', cash],
  ['MT942', cash],
  ['MT950', cash],
]);
