import type { StatementHead, StatementKind } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mtIssue } from './issues.ts';
import type { MtMessage } from './message.ts';
import { accountOf, momentOf, type SequenceReader, sequenceReader, textOf } from './statement-values.ts';
import { findFields, type MtSequence, sequencesIn } from './tree.ts';

/** What a page of a statement says of itself, in its GENL. Source: ISO 15022, MT535, MT536, MT537, sequence A. */
export function readStatementHead(
  message: MtMessage,
  kind: StatementKind,
  problems: Issue[],
): StatementHead | undefined {
  const [general = message.root] = sequencesIn(message.root, 'GENL');
  const reader = sequenceReader(general, problems);
  const pages = reader.need('28E', pageOf);
  const period = kind === 'transactions' ? reader.need('69a::STAT', periodOf) : undefined;
  const at = period?.to ?? (kind === 'transactions' ? undefined : reader.need('98a::STAT', momentOf));
  const cancels = reader.content('23G')?.startsWith('CANC') ?? false;
  const previousId = previousIn(general);
  if (cancels && previousId === undefined) {
    const place = { offset: general.from, field: ':20C::PREV' };
    problems.push(mtIssue('MT_VALUE_NEEDED', ':20C::PREV is needed in a page that cancels', place));
  }
  if (pages === undefined || at === undefined) return undefined;
  return {
    kind,
    messageId: reader.content('20C::SEME') ?? '',
    number: reader.content('13a::STAT'),
    previousId,
    cancels,
    ...pages,
    sender: message.envelope.sender,
    receiver: message.envelope.receiver,
    preparedAt: preparedIn(reader),
    at,
    from: period?.from,
    basis: indicator(reader, '22F::STBA'),
    update: indicator(reader, '22F::CODE'),
    account: accountOf(reader.one('97a::SAFE')),
  };
}

function preparedIn(reader: SequenceReader): string | undefined {
  const moment = momentOf(reader.content('98a::PREP') ?? '');
  return moment?.includes('T') ? moment : undefined;
}

/** The message before it, which a page of the function CANC takes back. */
function previousIn(general: MtSequence): string | undefined {
  const fields = sequencesIn(general, 'LINK').flatMap((link) => findFields(link, '20C::PREV'));
  return fields.map(({ content }) => textOf(content)).find((id) => id !== undefined);
}

/** `SETT`; a code of another issuer has the issuer in front: it is another code. */
function indicator(reader: SequenceReader, path: string): string | undefined {
  const field = reader.one(path);
  if (field === undefined || field.content === '') return undefined;
  return field.issuer === '' ? field.content : `${field.issuer}/${field.content}`;
}

/** `2/MORE`: page and continuation, ONLY, MORE or LAST. Source: ISO 15022, field 28E. */
function pageOf(content: string): { page: number; last: boolean } | undefined {
  const match = /^(\d{1,5})\/(ONLY|MORE|LAST)$/.exec(content);
  const page = Number(match?.[1] ?? '0');
  return match === null || page < 1 ? undefined : { page, last: match[2] !== 'MORE' };
}

/** 69A: two dates; 69B: two times. */
function periodOf(content: string): { from: string; to: string } | undefined {
  const [first = '', second = ''] = content.split('/');
  const from = momentOf(first);
  const to = momentOf(second);
  return from === undefined || to === undefined ? undefined : { from, to };
}
