import { allegementEvents } from '../../src/contract/allegement-events.ts';
import type {
  AllegementReport,
  AllegementStatement,
  SettlementAllegement,
} from '../../src/contract/settlement-allegement.ts';
import type { SettlementDetails } from '../../src/contract/settlement-instruction.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Family } from './families.ts';
import type { MtMessage } from './message.ts';
import { missingValue, readingInto } from './needed-values.ts';
import { actionOf, linkFields, messageFacts, type Read, readOnce } from './normalize-mt54x.ts';
import { relatedIn } from './normalize-mt548.ts';
import { detailSequences, detailsIn } from './settlement-details.ts';
import { accountOf } from './settlement-values.ts';
import { findFields, findSequences, type MtSequence } from './tree.ts';
import { dateOf, timeOf } from './values.ts';

/** MT578. Source: ISO 15022, MT578; the meanings are those of `allegementEvents`. */
export const allegementFamily: Family = familyOf(readOnce(readAllegement));

/** MT586: a statement of what is alleged, in pages. Source: ISO 15022, MT586. */
export const allegementStatementFamily: Family = familyOf(readOnce(readStatement));

function familyOf(read: (message: MtMessage) => Read<AllegementReport>): Family {
  return {
    problems: (message) => read(message).problems,
    events: (message, context) => {
      const { said, problems } = read(message);
      return problems.length > 0 ? [] : allegementEvents(said, context);
    },
  };
}

const functions = new Map<string, SettlementAllegement['action']>([
  ['NEWM', 'new'],
  ['CANC', 'cancel'],
  ['REMO', 'remove'],
]);

function readAllegement(message: MtMessage): Read<AllegementReport> {
  const problems: Issue[] = [];
  const links = linkFields(message);
  const [trade] = findSequences(message.root, 'TRADDET');
  const allegement: SettlementAllegement = {
    action: actionOf(message, functions, problems) ?? 'new',
    previousId: links.find(({ qualifier }) => qualifier === 'PREV')?.content,
    related: relatedIn(links),
    details: {
      ...detailsIn(detailSequences(message.root), 'SETT', problems),
      ...directionIn(trade, problems),
    },
  };
  return { said: { ...messageFacts(message), allegements: [allegement] }, problems };
}

/** Deliver or receive, against payment or free, from the side of the account's owner. */
function directionIn(
  sequence: MtSequence | undefined,
  problems: Issue[],
): Pick<SettlementDetails, 'delivery' | 'payment'> {
  const read = readingInto(problems);
  const one = (path: string) => (sequence === undefined ? undefined : findFields(sequence, path)[0]);
  return {
    delivery: read(one('22H::REDE'), (code) => deliveries.get(code)),
    payment: read(one('22H::PAYM'), (code) => payments.get(code)),
  };
}

const deliveries = new Map<string, 'deliver' | 'receive'>([
  ['DELI', 'deliver'],
  ['RECE', 'receive'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);

function readStatement(message: MtMessage): Read<AllegementReport> {
  const problems: Issue[] = [];
  const statement = statementOf(message);
  const allegements = message.sequences('ALLDET').map((sequence) => allegementIn(sequence, problems));
  if (statement.account === undefined) problems.push(missingValue(':97a::SAFE', message.root));
  return { said: { ...messageFacts(message), allegements, statement }, problems };
}

/** `00001/ONLY`: its page, and whether more of it follow. */
function statementOf(message: MtMessage): AllegementStatement {
  const [, page, more] = /^(\d{1,5})\/(LAST|MORE|ONLY)/.exec(message.field('GENL.28E')?.value ?? '') ?? [];
  const asOf = message.field('GENL.98a::STAT')?.content ?? '';
  return {
    account: accountOf(message.field('GENL.97a::SAFE')),
    asOf: timeOf(asOf) ?? dateOf(asOf),
    page: page === undefined ? undefined : Number(page),
    last: more === 'LAST' || more === 'ONLY',
    completeness: completeness.get(message.field('GENL.22F::CODE')?.content ?? ''),
    number: message.field('GENL.13a::STAT')?.content,
  };
}

const completeness = new Map<string, 'complete' | 'partial'>([
  ['COMP', 'complete'],
  ['DELT', 'partial'],
]);

const statuses = new Map<string, SettlementAllegement['action']>([
  ['CAND', 'cancel'],
  ['REMO', 'remove'],
  ['REJT', 'reject'],
]);

function allegementIn(sequence: MtSequence, problems: Issue[]): SettlementAllegement {
  const links = findSequences(sequence, 'LINK').flatMap((link) => findFields(link, '20a'));
  const inner = { ...detailSequences(sequence), trade: sequence };
  return {
    action: statuses.get(findFields(sequence, '25D::ALLE')[0]?.content ?? '') ?? 'new',
    previousId: links.find(({ qualifier }) => qualifier === 'RELA' || qualifier === 'PREV')?.content,
    related: relatedIn(links),
    details: { ...detailsIn(inner, 'SETT', problems), ...directionIn(sequence, problems) },
  };
}
