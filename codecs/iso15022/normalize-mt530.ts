import { commandEvents } from '../../src/contract/instruction-events.ts';
import type {
  ProcessingChange,
  TransactionCommand,
  TransactionRequest,
} from '../../src/contract/transaction-command.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Family } from './families.ts';
import { missingValue } from './needed-values.ts';
import { actionOf, messageFacts, type Read, readOnce } from './normalize-mt54x.ts';
import { relatedIn } from './normalize-mt548.ts';
import { accountOf } from './settlement-values.ts';
import { findFields, findSequences, type MtSequence } from './tree.ts';

/** MT530. Source: ISO 15022, MT530, sequences A and B; the meanings are those of `commandEvents`. */
export const commandFamily: Family = {
  problems: (message) => readCommandMessage(message).problems,
  events: (message, context) => {
    const { said, problems } = readCommandMessage(message);
    return problems.length > 0 ? [] : commandEvents(said, context);
  },
};

/** What an MT530 says. A request has to name an instruction and a change. */
export const readCommandMessage = readOnce((message): Read<TransactionCommand> => {
  const problems: Issue[] = [];
  const requests = message.sequences('REQD').map((sequence) => requestIn(sequence, problems));
  actionOf(message, new Map([['NEWM', 'new']]), problems);
  if (requests.length === 0) problems.push(missingValue('REQD', message.root));
  const account = accountOf(message.field('GENL.97a::SAFE'));
  return { said: { ...messageFacts(message), account, requests }, problems };
});

function requestIn(sequence: MtSequence, problems: Issue[]): TransactionRequest {
  const names = findFields(sequence, '20a');
  const instructionId = names.find(({ qualifier }) => qualifier === 'PREV')?.content ?? '';
  const related = relatedIn(names);
  const links = findSequences(sequence, 'LINK').flatMap((link) => findFields(link, '20a'));
  const changes = findFields(sequence, '22F').map(({ qualifier, content, issuer }): ProcessingChange => {
    return { kind: qualifier, code: content, scheme: issuer };
  });
  if (instructionId === '' && related.length === 0) problems.push(missingValue(':20C::PREV', sequence));
  if (changes.length === 0) problems.push(missingValue(':22F:', sequence));
  return { instructionId, related, linked: links.map(({ content }) => content), changes };
}
