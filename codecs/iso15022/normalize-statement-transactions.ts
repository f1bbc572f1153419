import type { SettlementTransaction } from '../../src/contract/settlement-status.ts';
import type { StatedPending, StatedPosting, StatedTotal } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { FinPlace } from './normalize-statement-holdings.ts';
import {
  balanceOf,
  moneyOf,
  partyOf,
  placeOf,
  quantityOf,
  referencesIn,
  type SequenceReader,
  securityOf,
  sequenceReader,
  statusesIn,
  textOf,
} from './statement-values.ts';
import { findFields, type MtSequence, sequencesIn } from './tree.ts';
import { dateOf } from './values.ts';

/** The balances before and behind the transactions of a FIN of MT536: FIOP, INOP, INCL, FICL. */
export function totalsIn({ fin, account, location }: FinPlace, problems: Issue[]): readonly StatedTotal[] {
  const reader = sequenceReader(fin, problems);
  const place = placeOf(reader.one('94a::SAFE')) ?? location;
  return reader.each('93a', ({ qualifier, content }) => {
    const balance = balanceOf(content);
    if (balance === undefined) return undefined;
    const { quantity, unit } = balance;
    return {
      ...securityOf(reader.one('35B')?.value ?? ''),
      account,
      kind: qualifier,
      quantity,
      unit,
      location: place,
    };
  });
}

/** The postings of a FIN of MT536, one for each TRAN. Source: ISO 15022, MT536, sequence B1a. */
export function postingsIn({ fin, account }: FinPlace, problems: Issue[]): readonly StatedPosting[] {
  const [security] = findFields(fin, '35B');
  if (security === undefined) sequenceReader(fin, problems).need('35B', textOf);
  return sequencesIn(fin, 'TRAN').map((tran) => {
    const [details] = sequencesIn(tran, 'TRANSDET');
    const links = referencesIn(sequencesIn(tran, 'LINK'));
    const named = { ...securityOf(security?.value ?? ''), account };
    if (details === undefined) return { ...links, transaction: named };
    const reader = sequenceReader(details, problems);
    const moved = reader.one('25D::MOVE');
    return {
      ...links,
      transaction: { ...detailsIn(reader, 'PSTA'), ...named },
      activity: reader.content('22F::TRAN'),
      type: reader.content('22F::SETR') ?? reader.content('22F::CAEV'),
      effectiveDate: reader.need('98a::ESET', dateOf),
      reversal: moved?.content === 'REVE',
    };
  });
}

/** One group of MT537: a STAT with its TRAN, or a TRANS with its STAT. Source: ISO 15022, MT537, sequences B and C. */
export function pendingIn(group: MtSequence, problems: Issue[]): readonly StatedPending[] {
  if (group.code === 'STAT') {
    const statuses = statusesIn(sequenceReader(group, problems));
    return sequencesIn(group, 'TRAN').map((tran) => ({ ...pendingOf(tran, problems), statuses }));
  }
  const statuses = sequencesIn(group, 'STAT').flatMap((stat) => statusesIn(sequenceReader(stat, problems)));
  return [{ ...pendingOf(group, problems), statuses }];
}

function pendingOf(tran: MtSequence, problems: Issue[]): Omit<StatedPending, 'statuses'> {
  const [details] = sequencesIn(tran, 'TRANSDET');
  const links = referencesIn(sequencesIn(tran, 'LINK'));
  if (details === undefined) return links;
  const reader = sequenceReader(details, problems);
  const security = securityOf(reader.one('35B')?.value ?? '');
  return { ...links, transaction: { ...detailsIn(reader, 'PSTA'), ...security } };
}

/** The original face where it is told with its amortized value, too. */
function quantityIn(reader: SequenceReader, qualifier: string): ReturnType<typeof quantityOf> {
  const path = `36a::${qualifier}`;
  const face = reader.all(path).find(({ content }) => content.startsWith('FAMT/'));
  return (face === undefined ? undefined : quantityOf(face.content)) ?? reader.read(path, quantityOf);
}

/** A transaction as it was posted or is to be: quantity and amount go by `PSTA`, older ones by `SETT`. */
function detailsIn(reader: SequenceReader, posted: string): SettlementTransaction {
  const quantity = quantityIn(reader, posted) ?? quantityIn(reader, 'SETT');
  const money = reader.read(`19A::${posted}`, moneyOf) ?? reader.read('19A::SETT', moneyOf);
  const spoken = sequencesIn(reader.sequence, 'SETPRTY').flatMap((inner) => findFields(inner, '95a'));
  return {
    quantity: quantity?.quantity,
    unit: quantity?.unit,
    delivery: reader.read('22H::REDE', (code) => deliveries.get(code)),
    payment: reader.read('22H::PAYM', (code) => payments.get(code)),
    amount: money?.amount,
    currency: money?.currency,
    tradeDate: dated(reader, 'TRAD'),
    settlementDate: dated(reader, 'SETT'),
    place: spoken.find(({ qualifier }) => qualifier === 'PSET')?.content,
    parties: spoken
      .filter(({ qualifier, content, tag }) => qualifier !== 'PSET' && tag !== '95L' && content.trim() !== '')
      .map(partyOf),
    text: reader.read('70E::TRDE', textOf),
  };
}

/** 98B is a code (OPEN) and no date. */
function dated(reader: SequenceReader, qualifier: string): string | undefined {
  return reader.one(`98B::${qualifier}`) === undefined ? reader.read(`98a::${qualifier}`, dateOf) : undefined;
}

const deliveries = new Map<string, 'deliver' | 'receive'>([
  ['DELI', 'deliver'],
  ['RECE', 'receive'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);
