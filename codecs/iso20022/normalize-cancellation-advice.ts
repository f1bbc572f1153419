import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import { saidBy } from '../../src/contract/settlement-attributes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { type MxMessage, textAt } from './message.ts';
import { accountAt, institutionIn } from './normalize-statement-head.ts';
import { elementReader } from './statement-values.ts';
import reports from './tables/cancelled-reports.json' with { type: 'json' };
import { elementsAt, elementsIn, type MxElement } from './tree.ts';
import { timeIn } from './values.ts';

/**
 * What a semt.020 means: the servicer takes back a message of its own. Of a report of holdings or transactions that is
 * `snapshot.cancelled`; of anything else nobody has given it a meaning yet, and it is told as `message.unknown` with the
 * name of what it refers to. Source: semt.020 SctiesMsgCxlAdvc, Ref.
 */
export function cancellationAdviceEvents(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const reference = referenceIn(message);
  const reportId = reference === undefined ? undefined : idIn(reference);
  if (reference === undefined || reportId === undefined) return [];
  const { header, standard, type } = message;
  const preparedAt = timeIn(textAt(header, 'CreDt'));
  const attributes = {
    reportedBy: saidBy(context, institutionIn(header, 'Fr')),
    account: accountAt(elementReader(message.content, [])),
    occurredAt: preparedAt,
    occurredZone: preparedAt?.endsWith('Z') ? 'UTC' : undefined,
  };
  const report = reports.find(({ name }) => name === reference.local);
  if (report === undefined) {
    const messageType = `${type} ${reference.local}`;
    return [eventOf(context, 'cancelled', 'message.unknown', attributes, { standard, messageType })];
  }
  return [eventOf(context, 'cancelled', 'snapshot.cancelled', attributes, { kind: report.kind, reportId })];
}

export function cancellationAdviceProblems(message: MxMessage): readonly Issue[] {
  const reference = referenceIn(message);
  if (reference !== undefined && idIn(reference) !== undefined) return [];
  const problems: Issue[] = [];
  elementReader(message.content, problems).need('Ref', () => undefined);
  return problems;
}

function referenceIn({ content }: MxMessage): MxElement | undefined {
  const [choice] = elementsAt(content, 'Ref');
  return choice === undefined ? undefined : elementsIn(choice).find(({ uri }) => uri === content.uri);
}

function idIn(reference: MxElement): string | undefined {
  return textAt(reference, 'TxId') ?? textOf(reference);
}

function textOf({ items }: MxElement): string | undefined {
  const text = items
    .filter((item) => typeof item === 'string')
    .join('')
    .trim();
  return text === '' ? undefined : text;
}
