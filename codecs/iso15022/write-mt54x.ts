import assert from 'node:assert/strict';
import type { SettlementConfirmation } from '../../src/contract/settlement-confirmation.ts';
import type {
  MessageFacts,
  SettlementDetails,
  SettlementInstruction,
} from '../../src/contract/settlement-instruction.ts';
import type { RelatedId } from '../../src/contract/settlement-status.ts';
import type { TransactionCommand, TransactionRequest } from '../../src/contract/transaction-command.ts';
import linkQualifiers from './tables/links.json' with { type: 'json' };
import directions from './tables/settlement-directions.json' with { type: 'json' };
import { type WriteOptions, type WrittenField, writeMt } from './write.ts';
import {
  coded,
  comma,
  digitsOf,
  given,
  money,
  partyField,
  securityText,
  sequence,
  wrapped,
} from './written-fields.ts';

/**
 * The bytes of the MT540 to MT543 that says this, by its direction and payment. Values are written as they stand:
 * `compose` judges them, this does not. Source: ISO 15022, MT540 to MT543, sequences A, B, C, D and E.
 */
export function writeMt54x(said: SettlementInstruction, options: WriteOptions = {}): Uint8Array {
  const { details } = said;
  const type = typeFor(details, 'instruction');
  const cancels = said.action === 'cancel';
  const general = [
    ...headFields(said, cancels ? said.messageId : said.instructionId, functions[said.action]),
    ...(cancels ? link(given('20C', 'PREV', said.instructionId)) : []),
    ...relatedFields(said.related),
    ...(said.linked ?? []).flatMap((id) =>
      link([
        ['22F', ':LINK//WITH'],
        ['20C', `:RELA//${id}`],
      ]),
    ),
  ];
  return writtenAs(type, said, options, [
    ...sequence('GENL', general),
    ...sequence('TRADDET', tradeFields(details, [])),
    ...sequence('FIAC', accountFields(details, [['36B', `:SETT//${quantity(details, details.quantity)}`]])),
    ...repoFields(details),
    ...sequence('SETDET', settlementFields(details, 'SETT')),
  ]);
}

const functions = { new: 'NEWM', preadvice: 'PREA', cancel: 'CANC' } as const;

/** The bytes of the MT544 to MT547 that says this. Source: ISO 15022, MT544 to MT547. */
export function writeMtConfirmation(said: SettlementConfirmation, options: WriteOptions = {}): Uint8Array {
  const { details } = said;
  const general = [
    ...headFields(
      said,
      said.messageId,
      said.action === 'new' ? 'NEWM' : said.action === 'cancel' ? 'CANC' : 'RVSL',
    ),
    ...given('22F', 'PARS', said.partial),
    ...given('22H', 'PREC', said.preconfirmed),
    ...link([['20C', `:RELA//${said.instructionId}`]]),
    ...(said.previousId === undefined ? [] : link([['20C', `:PREV//${said.previousId}`]])),
    ...relatedFields(said.related),
    ...(said.linked ?? []).flatMap((id) => link([['20C', `:RELA//${id}`]])),
  ];
  const counted = (name: string, value: string | undefined) =>
    given('36B', name, value === undefined ? undefined : quantity(details, value));
  const quantities = [
    ...counted('ESTT', said.settled),
    ...counted('PSTT', said.previouslySettled),
    ...counted('RSTT', said.remaining),
  ];
  return writtenAs(typeFor(details, 'confirmation'), said, options, [
    ...sequence('GENL', general),
    ...sequence(
      'TRADDET',
      tradeFields(details, given('98A', 'ESET', said.effectiveDate?.replaceAll('-', ''))),
    ),
    ...sequence('FIAC', accountFields(details, quantities)),
    ...sequence('SETDET', settlementFields(details, 'ESTT')),
  ]);
}

/** The bytes of an MT524. Source: ISO 15022, MT524, sequences A and B. */
export function writeMt524(said: SettlementInstruction, options: WriteOptions = {}): Uint8Array {
  const { details } = said;
  const cancels = said.action === 'cancel';
  const general = [
    ...headFields(said, cancels ? said.messageId : said.instructionId, functions[said.action]),
    ...(cancels ? link([['20C', `:PREV//${said.instructionId}`]]) : []),
    ...relatedFields(said.related),
    ...(said.linked ?? []).flatMap((id) => link([['20C', `:RELA//${id}`]])),
  ];
  return writtenAs('524', said, options, [
    ...sequence('GENL', general),
    ...sequence('INPOSDET', [
      ...(details.parties ?? []).map(partyField),
      ...given('97A', 'SAFE', details.account),
      ...placeFields(details.safekeepingPlace),
      ...given(
        '36B',
        'SETT',
        details.quantity === undefined ? undefined : quantity(details, details.quantity),
      ),
      ['35B', securityText(details)],
      ...given('98A', 'SETT', details.settlementDate?.replaceAll('-', '')),
      ...given('70E', 'SPRO', details.text === undefined ? undefined : wrapped(details.text)),
      ...coded('93A', 'FROM', details.fromBalance),
      ...coded('93A', 'TOBA', details.toBalance),
    ]),
  ]);
}

/** The bytes of an MT530. Source: ISO 15022, MT530, sequences A and B. */
export function writeMt530(said: TransactionCommand, options: WriteOptions = {}): Uint8Array {
  const general = [...headFields(said, said.messageId, 'NEWM'), ...given('97A', 'SAFE', said.account)];
  return writtenAs('530', said, options, [
    ...sequence('GENL', general),
    ...said.requests.flatMap((request) => sequence('REQD', requestFields(request))),
  ]);
}

function requestFields({
  instructionId,
  related = [],
  linked = [],
  changes,
}: TransactionRequest): WrittenField[] {
  return [
    ...given('20C', 'PREV', instructionId === '' ? undefined : instructionId),
    ...related.flatMap(({ by, id }) => given('20C', linkQualifiers[by], id)),
    ...changes.map(({ kind, code, scheme = '' }): WrittenField => ['22F', `:${kind}/${scheme}/${code}`]),
    ...linked.flatMap((id) => sequence('LINK', [['20C', `:PREV//${id}`]])),
  ];
}

function typeFor({ delivery, payment }: SettlementDetails, sort: 'instruction' | 'confirmation'): string {
  const rows = directions.filter((row) => row.delivery === delivery && row.payment === payment);
  const row = rows.find(({ type }) => type < 'MT544' === (sort === 'instruction'));
  assert(row !== undefined, 'a message of settlement has a direction and a payment');
  return row.type.slice(2);
}

function writtenAs(
  type: string,
  { sender, receiver, preparedAt }: MessageFacts,
  options: WriteOptions,
  fields: readonly WrittenField[],
): Uint8Array {
  if (sender === undefined || receiver === undefined) return writeMt(type, fields, options);
  const inputTime = digitsOf(preparedAt ?? '2000-01-01T00:00:00Z').slice(2, 12);
  return writeMt(type, fields, { envelope: { sender, receiver, inputTime }, ...options });
}

function headFields({ preparedAt }: MessageFacts, reference: string, asks: string): WrittenField[] {
  return [
    ['20C', `:SEME//${reference}`],
    ['23G', asks],
    ...given('98E', 'PREP', preparedAt === undefined ? undefined : `${digitsOf(preparedAt)}/00`),
  ];
}

function link(fields: readonly WrittenField[]): WrittenField[] {
  return sequence('LINK', fields);
}

function relatedFields(related: readonly RelatedId[] = []): WrittenField[] {
  return related.flatMap(({ by, id }) => link(given('20C', linkQualifiers[by], id)));
}

function quantity({ unit }: SettlementDetails, value = '0'): string {
  return `${unit === 'face' ? 'FAMT' : 'UNIT'}/${comma(value)}`;
}

function tradeFields(details: SettlementDetails, effective: readonly WrittenField[]): WrittenField[] {
  return [
    ...given('98A', 'SETT', details.settlementDate?.replaceAll('-', '')),
    ...given('98A', 'TRAD', details.tradeDate?.replaceAll('-', '')),
    ...effective,
    ...priceFields(details),
    ['35B', securityText(details)],
    ...given('70E', 'SPRO', details.text === undefined ? undefined : wrapped(details.text)),
  ];
}

function priceFields({ price, priceType, priceCurrency = '' }: SettlementDetails): WrittenField[] {
  if (price === undefined) return [];
  if (priceType === 'amount') return given('90B', 'DEAL', `ACTU/${priceCurrency}${comma(price)}`);
  const minus = price.startsWith('-') ? 'N' : '';
  return given('90A', 'DEAL', `PRCT/${minus}${comma(price.replace('-', ''))}`);
}

function accountFields(details: SettlementDetails, quantities: readonly WrittenField[]): WrittenField[] {
  return [
    ...quantities,
    ...(details.parties ?? []).filter(({ role }) => role === 'ACOW').map(partyField),
    ...given('97A', 'SAFE', details.account),
    ...placeFields(details.safekeepingPlace),
  ];
}

/** 94F a depository or custodian by its BIC, 94B another kind of place, 94C a country. */
function placeFields(place: string | undefined): WrittenField[] {
  if (place === undefined) return [];
  if (/^[A-Z]{2}$/.test(place)) return given('94C', 'SAFE', place);
  return given(/^[A-Z]{4}\/[A-Z0-9]{8}([A-Z0-9]{3})?$/.test(place) ? '94F' : '94B', 'SAFE', place);
}

function repoFields({ closingDate }: SettlementDetails): WrittenField[] {
  return closingDate === undefined
    ? []
    : sequence('REPO', given('98A', 'TERM', closingDate.replaceAll('-', '')));
}

function settlementFields(details: SettlementDetails, settled: 'SETT' | 'ESTT'): WrittenField[] {
  const { amount, currency, accrued, leg, place } = details;
  const chain = (details.parties ?? []).filter(({ role }) => role !== 'ACOW');
  const amounts = [
    ...given('19A', 'ACRU', accrued === undefined ? undefined : money(accrued, currency)),
    ...given('19A', settled, amount === undefined ? undefined : money(amount, currency)),
  ];
  return [
    ...coded('22F', 'SETR', details.transactionType),
    ...(details.conditions ?? []).flatMap((code) => coded('22F', 'STCO', code)),
    ...given('22F', 'MACL', leg === undefined ? undefined : leg === 'street' ? 'MAKT' : 'CLNT'),
    ...chain.flatMap((party) => sequence('SETPRTY', [partyField(party)])),
    ...(place === undefined ? [] : sequence('SETPRTY', [['95P', `:PSET//${place}`]])),
    ...amounts.flatMap((field) => sequence('AMT', [field])),
  ];
}
