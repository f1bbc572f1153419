import { instructionEvents } from '../../src/contract/instruction-events.ts';
import type { SettlementDetails, SettlementInstruction } from '../../src/contract/settlement-instruction.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Family } from './families.ts';
import type { MtField } from './fields.ts';
import type { MtMessage } from './message.ts';
import { missingValue, readingInto } from './needed-values.ts';
import { actionOf, linkFields, messageFacts, type Read, readOnce } from './normalize-mt54x.ts';
import { relatedIn } from './normalize-mt548.ts';
import { datedField, quantityField } from './settlement-details.ts';
import { accountOf, partyOf, quantityOf, securityOf } from './settlement-values.ts';
import { findFields, findSequences } from './tree.ts';
import { dateOf, narrativeOf } from './values.ts';

/**
 * MT524: a move between two sub-balances of one account, such as into or out of segregation. It is an instruction:
 * nothing has moved yet. Source: ISO 15022, MT524; the depository's seg, memo-seg and DWAC inputs are written in it.
 */
export const intraPositionFamily: Family = {
  problems: (message) => readMovement(message).problems,
  events: (message, context) => {
    const { said, problems } = readMovement(message);
    return problems.length > 0 ? [] : instructionEvents(said, context);
  },
};

/** What an MT524 says. Both balances are needed: without them nobody knows what is to move where. */
export const readMovement = readOnce((message): Read<SettlementInstruction> => {
  const problems: Issue[] = [];
  const facts = messageFacts(message);
  const links = linkFields(message);
  const action = actionOf(message, actions, problems) ?? 'new';
  const cancels = action === 'cancel';
  const previous = links.find(({ qualifier }) => qualifier === 'PREV')?.content;
  const instructionId = cancels ? (previous ?? '') : facts.messageId;
  if (instructionId === '') problems.push(missingValue(cancels ? ':20C::PREV' : ':20C::SEME', message.root));
  const said: SettlementInstruction = {
    ...facts,
    action,
    instructionId,
    related: relatedIn(links),
    linked: links.filter(({ qualifier }) => qualifier === 'RELA').map(({ content }) => content),
    details: detailsOf(message, problems),
  };
  return { said, problems };
});

const actions = new Map<string, SettlementInstruction['action']>([
  ['NEWM', 'new'],
  ['CANC', 'cancel'],
]);

function detailsOf({ root }: MtMessage, problems: Issue[]): SettlementDetails {
  const read = readingInto(problems);
  const [details] = findSequences(root, 'INPOSDET');
  const one = (path: string): MtField | undefined =>
    details === undefined ? undefined : findFields(details, path)[0];
  const counted = read(quantityField(details, 'SETT'), quantityOf);
  const from = one('93A::FROM');
  const to = one('93A::TOBA');
  if (from === undefined) problems.push(missingValue(':93A::FROM', details ?? root));
  if (to === undefined) problems.push(missingValue(':93A::TOBA', details ?? root));
  const text = one('70E::SPRO');
  return {
    ...securityOf(one('35B')?.value ?? ''),
    account: accountOf(one('97a::SAFE')),
    quantity: counted?.quantity,
    unit: counted?.unit,
    settlementDate: read(datedField(details, 'SETT'), dateOf),
    safekeepingPlace: one('94a::SAFE')?.content,
    parties: details === undefined ? [] : findFields(details, '95a').map(partyOf),
    fromBalance: from === undefined ? undefined : balanceText(from),
    toBalance: to === undefined ? undefined : balanceText(to),
    text: text === undefined ? undefined : narrativeOf(text.content),
  };
}

/** `AWAS`; with its issuer in front where the code is not the standard's own: `DTCYID/SEGR`. */
function balanceText({ content, issuer }: MtField): string {
  return issuer === '' ? content : `${issuer}/${content}`;
}
