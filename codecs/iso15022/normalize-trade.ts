import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { StatusReason, StatusSaid } from '../../src/contract/settlement-status.ts';
import type {
  TradeCode,
  TradeReference,
  TradeReport,
  TradeReportKind,
} from '../../src/contract/trade-report.ts';
import { tradeReportEvents } from '../../src/contract/trade-report-events.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './families.ts';
import type { MtMessage } from './message.ts';
import { missingValue, unreadableValue } from './needed-values.ts';
import { tradeIn } from './trade-details.ts';
import { findFields, findSequences, type MtSequence, sequencesIn } from './tree.ts';
import { narrativeOf, timeOf } from './values.ts';

/** MT509, 513, 514, 515, 517 and 518: what they mean is `tradeReportEvents`. */
export const tradeFamily: Family = {
  problems: (message) => readTradeMt(message).problems,
  events: tradeMtEvents,
};

function tradeMtEvents(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { report, problems } = readTradeMt(message);
  return problems.length > 0 ? [] : tradeReportEvents(report, context, message.standard, message.type);
}

export interface TradeRead {
  readonly report: TradeReport;
  readonly problems: readonly Issue[];
}

/** What the message says of its trade; a field that stands there, is needed and cannot be read is a problem. */
export function readTradeMt(message: MtMessage): TradeRead {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const read = readOf(message);
  reads.set(message, read);
  return read;
}

/** Decoding asks for the problems and normalizing for the report: a message is read once for both. */
const reads = new WeakMap<MtMessage, TradeRead>();

const kinds = new Map<string, TradeReportKind>([
  ['MT509', 'status'],
  ['MT513', 'execution'],
  ['MT514', 'allocation'],
  ['MT515', 'confirmation'],
  ['MT517', 'affirmation'],
  ['MT518', 'contra'],
]);

/** The sequence that holds the trade: 515, 518 and 514, then 513, then 509. */
const detailCodes = ['CONFDET', 'ORDRDET', 'TRADE'];

function readOf(message: MtMessage): TradeRead {
  const problems: Issue[] = [];
  const { envelope, root } = message;
  const kind = kinds.get(message.type) ?? 'confirmation';
  const messageId = message.field('GENL.20C::SEME')?.content.trim() ?? '';
  const details = detailCodes.flatMap((code) => sequencesIn(root, code))[0];
  const statuses = message.sequences('GENL/STAT').flatMap((one) => statusesIn(one, problems));
  if (messageId === '') problems.push(missingValue(':20C::SEME', root));
  if (kind === 'status' && statuses.length === 0 && problems.length === 0)
    problems.push(missingValue(':25D:', root));
  if (details === undefined && kind !== 'status' && kind !== 'affirmation')
    problems.push(missingValue('the trade', root));
  const affirmed = findFields(root, 'GENL.25D').map((field): StatusSaid => {
    return { kind: field.qualifier, code: field.content, scheme: field.issuer };
  });
  const report: TradeReport = {
    kind,
    messageId,
    preparedAt: timeOf(message.field('GENL.98a::PREP')?.content ?? ''),
    sender: envelope.sender,
    receiver: envelope.receiver,
    function: message.field('GENL.23G')?.value.slice(0, 4) ?? '',
    tradeType: codeIn(root, 'GENL.22F::TRTR'),
    process: details === undefined ? undefined : codeIn(details, '22F::PROC'),
    references: referencesIn(message),
    statuses: kind === 'affirmation' ? affirmed : statuses,
    trade: details === undefined ? undefined : tradeIn(details, root, problems, kind !== 'status'),
  };
  return { report, problems };
}

function codeIn(sequence: MtSequence, path: string): TradeCode | undefined {
  const [field] = findFields(sequence, path);
  return field === undefined ? undefined : { code: field.content.trim(), scheme: field.issuer };
}

/** Blanks in front of a reference are met (`:20C::MAST// GOVRV2069504`); NONREF says that there is none. */
function referencesIn(message: MtMessage): readonly TradeReference[] {
  return message.fields('GENL/LINK.20a').flatMap(({ qualifier, content }): readonly TradeReference[] => {
    const id = content.trim();
    return id === '' || id === 'NONREF' || qualifier === '' ? [] : [{ by: qualifier, id }];
  });
}

function statusesIn(sequence: MtSequence, problems: Issue[]): readonly StatusSaid[] {
  const fields = findFields(sequence, '25D');
  const reasons = findSequences(sequence, 'REAS').flatMap(reasonsIn);
  return fields.flatMap((field): readonly StatusSaid[] => {
    if (/^[A-Z0-9]{1,4}$/.test(field.content))
      return [{ kind: field.qualifier, code: field.content, scheme: field.issuer, reasons }];
    problems.push(unreadableValue(field));
    return [];
  });
}

function reasonsIn(sequence: MtSequence): readonly StatusReason[] {
  const [words] = findFields(sequence, '70D::REAS');
  const text = words === undefined ? {} : { text: narrativeOf(words.content) };
  return findFields(sequence, '24B').map(({ content, issuer }, index) => {
    return { code: content, scheme: issuer, ...(index === 0 && text) };
  });
}
