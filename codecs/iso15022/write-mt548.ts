import type {
  SettlementStatus,
  SettlementTransaction,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import linkQualifiers from './tables/links.json' with { type: 'json' };
import { type WriteOptions, type WrittenField, writeMt } from './write.ts';
import {
  comma,
  digitsOf,
  given,
  money,
  partyField,
  securityText,
  sequence,
  wrapped,
} from './written-fields.ts';

export interface Mt548Options {
  readonly lineEnd?: '\r\n' | '\n';
  /** False: a bare block 4, even where sender and receiver are known. */
  readonly envelope?: boolean;
}

/**
 * The bytes of an MT548 that says this, in the order of the standard. Values are written as they stand: `compose`
 * judges them, this does not. Source: ISO 15022, MT548, sequences A and B.
 */
export function writeMt548(status: SettlementStatus, options: Mt548Options = {}): Uint8Array {
  const { sender, receiver, preparedAt } = status;
  const fields = [...general(status), ...transaction(status.transaction)];
  const line: WriteOptions = options.lineEnd === undefined ? {} : { lineEnd: options.lineEnd };
  if (sender === undefined || receiver === undefined || options.envelope === false)
    return writeMt('548', fields, line);
  const inputTime = digitsOf(preparedAt ?? '2000-01-01T00:00:00Z').slice(2, 12);
  return writeMt('548', fields, { ...line, envelope: { sender, receiver, inputTime } });
}

function general({
  messageId,
  preparedAt,
  instructionId,
  related,
  statuses,
}: SettlementStatus): WrittenField[] {
  const cancellation = statuses.some(({ kind }) => kind === 'CPRC');
  const links: readonly WrittenField[] = [
    ['20C', `:RELA//${instructionId}`],
    ...(related ?? []).flatMap(({ by, id }) => given('20C', linkQualifiers[by], id)),
  ];
  return sequence('GENL', [
    ['20C', `:SEME//${messageId}`],
    ['23G', cancellation ? 'CAST' : 'INST'],
    ...given('98E', 'PREP', preparedAt === undefined ? undefined : `${digitsOf(preparedAt)}/00`),
    ...links.flatMap((link) => sequence('LINK', [link])),
    ...statuses.flatMap(statusFields),
  ]);
}

function statusFields({ kind, code, scheme = '', reasons = [] }: StatusSaid): WrittenField[] {
  return sequence('STAT', [
    ['25D', `:${kind}/${scheme}/${code}`],
    ...reasons.flatMap((reason) =>
      sequence('REAS', [
        ['24B', `:${scheme === '' ? code : kind}/${reason.scheme ?? ''}/${reason.code}`],
        ...given('70D', 'REAS', reason.text === undefined ? undefined : wrapped(reason.text)),
      ]),
    ),
  ]);
}

function transaction(said: SettlementTransaction | undefined): WrittenField[] {
  if (said === undefined) return [];
  const { amount, currency, delivery, payment } = said;
  const unit = said.unit === 'face' ? 'FAMT' : 'UNIT';
  return sequence('SETTRAN', [
    ['35B', securityText(said)],
    ...given('36B', 'SETT', said.quantity === undefined ? undefined : `${unit}/${comma(said.quantity)}`),
    ...given('19A', 'SETT', amount === undefined ? undefined : money(amount, currency)),
    ...given('97A', 'SAFE', said.account),
    ['22F', ':SETR//TRAD'],
    ...given('22H', 'REDE', delivery && (delivery === 'deliver' ? 'DELI' : 'RECE')),
    ...given('22H', 'PAYM', payment && (payment === 'free' ? 'FREE' : 'APMT')),
    ...given('98A', 'SETT', said.settlementDate?.replaceAll('-', '')),
    ...given('98A', 'TRAD', said.tradeDate?.replaceAll('-', '')),
    ...given('70E', 'SPRO', said.text === undefined ? undefined : wrapped(said.text)),
    ...(said.parties ?? []).flatMap((party) => sequence('SETPRTY', [partyField(party)])),
    ...(said.place === undefined ? [] : sequence('SETPRTY', [['95P', `:PSET//${said.place}`]])),
  ]);
}
