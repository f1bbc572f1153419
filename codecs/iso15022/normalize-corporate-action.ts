import type { NormalizeContext } from '../../src/contract/codec.ts';
import type {
  AccountSaid,
  CorporateActionMessage,
  CorporateActionSaid,
  CorporateActionStatus,
  ElectionSaid,
} from '../../src/contract/corporate-action.ts';
import { corporateActionEvents } from '../../src/contract/corporate-action-events.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { accountOf, type FieldReader, fieldReader, securityOf } from './corporate-action-fields.ts';
import { optionsIn } from './corporate-action-options.ts';
import { amountSaid, quantitySaid } from './corporate-action-values.ts';
import { mtIssue } from './issues.ts';
import type { MtMessage } from './message.ts';
import { findFields, type MtSequence, sequencesIn } from './tree.ts';
import { narrativeOf, timeOf } from './values.ts';

/** What an MT564, 565, 566, 567 or 568 means; the meanings are those of `corporateActionEvents`. */
export function corporateActionMtEvents(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { said, problems } = readCorporateActionMt(message);
  const { standard, type } = message;
  return problems.length > 0 ? [] : corporateActionEvents(said, context, { standard, messageType: type });
}

/** What the events of the message cannot be made without, and is missing or unreadable. */
export function corporateActionMtProblems(message: MtMessage): readonly Issue[] {
  return readCorporateActionMt(message).problems;
}

interface Read {
  readonly said: CorporateActionSaid;
  readonly problems: readonly Issue[];
}

/** Decoding asks for the problems and normalizing for the events: a message is read once for both. */
const reads = new WeakMap<MtMessage, Read>();

/**
 * What a message of a corporate action says; a field that stands there and cannot be read is a problem, one that is left
 * out is not. Source: ISO 15022, MT564 to MT568.
 */
export function readCorporateActionMt(message: MtMessage): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const said = saidIn(message, fieldReader(problems));
  if (said.eventId === '') problems.push(needed(message, ':20C::CORP'));
  if (said.message === 'status' && said.statuses?.length === 0 && problems.length === 0)
    problems.push(needed(message, ':25D:'));
  const read = { said, problems };
  reads.set(message, read);
  return read;
}

function needed({ root }: MtMessage, field: string): Issue {
  return mtIssue('MT_VALUE_NEEDED', `${field} is needed and missing`, { offset: root.from, field });
}

function saidIn(message: MtMessage, reader: FieldReader): CorporateActionSaid {
  const { root, envelope } = message;
  const [general = root] = sequencesIn(root, 'GENL');
  const one = (path: string): string | undefined => findFields(general, path)[0]?.content;
  const links = sequencesIn(general, 'LINK').flatMap((link) => findFields(link, '20C'));
  const linked = (qualifier: string): string | undefined =>
    links.find((field) => field.qualifier === qualifier)?.content;
  const [details] = sequencesIn(root, 'CADETL');
  const kind = messageKind(message.type, one('23G') ?? '');
  const processing = one('25D::PROC');
  return {
    message: kind,
    function: (one('23G') ?? '').slice(0, 4),
    messageId: one('20C::SEME') ?? '',
    preparedAt: timeOf(one('98a::PREP') ?? ''),
    sender: envelope.sender,
    receiver: envelope.receiver,
    eventId: one('20C::CORP') ?? '',
    officialId: one('20C::COAF'),
    kind: one('22F::CAEV'),
    participation: one('22F::CAMV'),
    completeness: completenesses.get(processing ?? ''),
    confirmed: confirmations.get(processing ?? ''),
    page: pageOf(one('28E')),
    processes: details === undefined ? [] : findFields(details, '22F::ADDB').map(({ content }) => content),
    previousId: linked('PREV'),
    instructionId: linked('RELA'),
    linkedEvents: links
      .filter(({ qualifier }) => qualifier === 'CORP' || qualifier === 'COAF')
      .map(({ content }) => content),
    security: securityOf(
      [...sequencesIn(root, 'USECU'), ...(kind === 'status' ? sequencesIn(root, 'CADETL') : [])].flatMap(
        (one) => findFields(one, '35B'),
      )[0]?.value,
    ),
    accounts: accountsIn(root, reader),
    dates: details === undefined ? [] : reader.dates(details),
    rates: details === undefined ? [] : reader.rates(details),
    options: [...sequencesIn(root, 'CAOPTN'), ...sequencesIn(root, 'CACONF')].map((option) =>
      optionsIn(option, reader),
    ),
    election: electionIn(message, details, reader),
    statuses: sequencesIn(general, 'STAT').flatMap((status) => statusesIn(status, reader)),
    reversalReason: sequencesIn(general, 'REVR').flatMap((reason) => findFields(reason, '24B'))[0]?.content,
    text: textIn(root),
  };
}

function messageKind(type: string, code: string): CorporateActionMessage {
  if (type === 'MT565') return code.startsWith('CANC') ? 'instruction-cancellation' : 'instruction';
  if (type === 'MT566') return 'confirmation';
  if (type === 'MT567') return 'status';
  return type === 'MT568' ? 'narrative' : 'notification';
}

/** 25D::PROC. Source: ISO 15022, MT564, field 25D. */
const completenesses = new Map<string, 'complete' | 'preliminary' | 'entitlement'>([
  ['COMP', 'complete'],
  ['PREC', 'preliminary'],
  ['PREU', 'preliminary'],
  ['ENTL', 'entitlement'],
]);
const confirmations = new Map([
  ['COMP', true],
  ['PREC', true],
  ['PREU', false],
]);

/** 28E: `2/MORE`, `5/LAST`, `1/ONLY`. */
function pageOf(content: string | undefined): CorporateActionSaid['page'] {
  const match = /^(\d{1,5})\/(ONLY|MORE|LAST)$/.exec(content ?? '');
  return match === null ? undefined : { number: Number(match[1]), last: match[2] !== 'MORE' };
}

/** The accounts of ACCTINFO; of MT566 and MT568, which have none, of USECU itself; of MT567 that of CADETL. */
function accountsIn(root: MtSequence, reader: FieldReader): readonly AccountSaid[] {
  const [underlying] = sequencesIn(root, 'USECU');
  const listed = underlying === undefined ? [] : sequencesIn(underlying, 'ACCTINFO');
  const holders = listed.length > 0 ? listed : [underlying, ...sequencesIn(root, 'CADETL')];
  return holders.flatMap((holder): readonly AccountSaid[] => {
    if (holder === undefined) return [];
    const account = accountOf(findFields(holder, '97a::SAFE').find(({ tag }) => tag !== '97C'));
    if (account === undefined) return [];
    return [{ account, balances: reader.balances(holder) }];
  });
}

/** What CAINST instructs; in a status, what CADETL repeats of the instruction. */
function electionIn(
  { root, type }: MtMessage,
  details: MtSequence | undefined,
  reader: FieldReader,
): ElectionSaid | undefined {
  const from = type === 'MT567' ? details : sequencesIn(root, 'CAINST')[0];
  const number = from === undefined ? undefined : findFields(from, '13A::CAON')[0]?.content;
  if (from === undefined || number === undefined) return undefined;
  const instructed = findFields(from, type === 'MT567' ? '36a::STAQ' : '36a::QINS')[0];
  const coded = instructed?.tag === '36C';
  const quantity = coded ? undefined : reader.read(instructed, ({ content }) => quantitySaid(content));
  const money = reader.read(findFields(from, '19B')[0], amountSaid);
  const narrative = findFields(from, '70E::INST')[0];
  return {
    number,
    type: findFields(from, '22a::CAOP')[0]?.content ?? '',
    quantity: quantity?.quantity,
    unit: quantity?.unit,
    quantityCode: coded ? instructed?.content : undefined,
    amount: money?.amount,
    currency: money?.currency,
    text: narrative === undefined ? undefined : narrativeOf(narrative.content),
  };
}

function statusesIn(sequence: MtSequence, reader: FieldReader): readonly CorporateActionStatus[] {
  const reasons = sequencesIn(sequence, 'REAS');
  const codes = reasons
    .flatMap((one) => findFields(one, '24B'))
    .map((field) => ({ of: field.qualifier, code: field.content, scheme: field.issuer }));
  const words = reasons
    .flatMap((one) => findFields(one, '70D'))
    .map(({ content }) => narrativeOf(content))
    .join('; ');
  const fields = findFields(sequence, '25D');
  return fields.flatMap((field): readonly CorporateActionStatus[] => {
    const code = reader.read(field, ({ content }) => /^[A-Z0-9]{4}$/.exec(content)?.[0]);
    if (code === undefined) return [];
    const own = codes.filter(({ of }) => fields.length === 1 || of === code);
    return [
      {
        kind: field.qualifier,
        code,
        scheme: field.issuer,
        reasons: own.map(({ code: reason, scheme }) => ({ code: reason, scheme })),
        text: words === '' ? undefined : words,
      },
    ];
  });
}

/** All narrative of ADDINFO, in its order. */
function textIn(root: MtSequence): string | undefined {
  const found = sequencesIn(root, 'ADDINFO').flatMap((sequence) => findFields(sequence, '70a'));
  const words = found.map(({ content }) => narrativeOf(content)).filter((words) => words !== '');
  return words.length === 0 ? undefined : words.join('; ');
}
