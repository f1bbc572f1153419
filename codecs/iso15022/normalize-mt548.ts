import type { NormalizeContext } from '../../src/contract/codec.ts';
import { settlementEvents } from '../../src/contract/settlement-events.ts';
import type {
  RelatedId,
  SettlementStatus,
  SettlementTransaction,
  StatusReason,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import type { MtField } from './fields.ts';
import type { MtMessage } from './message.ts';
import { missingValue, readingInto, unreadableValue } from './needed-values.ts';
import { accountOf, moneyOf, partyOf, quantityOf, securityOf } from './settlement-values.ts';
import linkQualifiers from './tables/links.json' with { type: 'json' };
import { findFields, findSequences, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf, narrativeOf, timeOf } from './values.ts';

/** What an MT548 means. Source: ISO 15022, MT548; the meanings are those of `settlementEvents`. */
export function mt548Events(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { status, problems } = readMt548(message);
  return problems.length > 0 ? [] : settlementEvents(status, context, message.standard, message.type);
}

/** What the events of an MT548 cannot be made without, and is missing or unreadable. */
export function mt548Problems(message: MtMessage): readonly Issue[] {
  return readMt548(message).problems;
}

interface Read {
  readonly status: SettlementStatus;
  readonly problems: readonly Issue[];
}

/** What an MT548 says; a field that stands there and cannot be read is a problem, one that is left out is not. */
export function readMt548(message: MtMessage): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const read = readOf(message);
  reads.set(message, read);
  return read;
}

/** Decoding asks for the problems and normalizing for the status: a message is read once for both. */
const reads = new WeakMap<MtMessage, Read>();

function readOf(message: MtMessage): Read {
  const problems: Issue[] = [];
  const { envelope } = message;
  const instructionId = message.field('A1.20C::RELA')?.content ?? '';
  const statuses = message.sequences('A2').flatMap((sequence) => statusesIn(sequence, problems));
  if (instructionId === '') problems.push(missingValue(':20C::RELA', message.root));
  if (statuses.length === 0 && problems.length === 0) problems.push(missingValue(':25D:', message.root));
  const details = message.sequences('B')[0];
  const status: SettlementStatus = {
    messageId: message.field('A.20C::SEME')?.content ?? '',
    preparedAt: timeOf(message.field('A.98a::PREP')?.content ?? ''),
    sender: envelope.sender,
    receiver: envelope.receiver,
    instructionId,
    related: relatedIn(message.fields('A1.20a')),
    statuses,
    transaction: details === undefined ? undefined : transactionIn(details, problems),
  };
  return { status, problems };
}

/** The statuses of a sequence: one by the standard; where it says two, none is lost, and each has its own reasons. */
function statusesIn(sequence: MtSequence, problems: Issue[]): readonly StatusSaid[] {
  const fields = findFields(sequence, '25D');
  const reasons = sequencesIn(sequence, 'REAS').flatMap(reasonsIn);
  return fields.flatMap((field): readonly StatusSaid[] => {
    const { qualifier: kind, content: code, issuer: scheme } = field;
    if (!/^[A-Z0-9]{1,4}$/.test(code)) {
      problems.push(unreadableValue(field));
      return [];
    }
    const own = reasons.filter(({ of }) => fields.length === 1 || of === code || of === kind);
    return [{ kind, code, scheme, reasons: own.map(({ reason }) => reason) }];
  });
}

interface ReasonRead {
  /** The status that it is a reason of: the qualifier of 24B. */
  readonly of: string;
  readonly reason: StatusReason;
}

function reasonsIn(sequence: MtSequence): readonly ReasonRead[] {
  const [text] = findFields(sequence, '70D::REAS');
  const words = text === undefined ? {} : { text: narrativeOf(text.content) };
  return findFields(sequence, '24B').map(({ qualifier, content, issuer }, index) => {
    return { of: qualifier, reason: { code: content, scheme: issuer, ...(index === 0 && words) } };
  });
}

const linkKinds = new Map(
  Object.entries(linkQualifiers).map(([by, qualifier]) => [qualifier, by as RelatedId['by']]),
);

/** The references that are other names of the same instruction. */
export function relatedIn(fields: readonly MtField[]): readonly RelatedId[] {
  return fields.flatMap(({ qualifier, content }) => {
    const by = linkKinds.get(qualifier);
    return by === undefined || content === '' ? [] : [{ by, id: content }];
  });
}

function transactionIn(details: MtSequence, problems: Issue[]): SettlementTransaction {
  const one = (path: string): MtField | undefined => findFields(details, path)[0];
  const read = readingInto(problems);
  const quantity = read(one('36a::SETT'), quantityOf);
  const money = read(one('19A::SETT'), moneyOf);
  const spoken = findSequences(details, 'SETPRTY').flatMap((inner) => findFields(inner, '95a'));
  const settles = one('98B::SETT') === undefined ? one('98a::SETT') : undefined;
  const traded = one('98B::TRAD') === undefined ? one('98a::TRAD') : undefined;
  const narrative = one('70E::SPRO');
  return {
    ...securityOf(one('35B')?.value ?? ''),
    account: accountOf(one('97a::SAFE')),
    quantity: quantity?.quantity,
    unit: quantity?.unit,
    delivery: read(one('22H::REDE'), (code) => deliveries.get(code)),
    payment: read(one('22H::PAYM'), (code) => payments.get(code)),
    amount: money?.amount,
    currency: money?.currency,
    tradeDate: read(traded, dateOf),
    settlementDate: read(settles, dateOf),
    place: spoken.find(({ qualifier }) => qualifier === 'PSET')?.content,
    parties: spoken
      .filter(({ qualifier, content }) => qualifier !== 'PSET' && qualifier !== '' && content.trim() !== '')
      .map(partyOf),
    text: narrative === undefined ? undefined : narrativeOf(narrative.content),
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
