import type { SettlementDetails } from '../../src/contract/settlement-instruction.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { MtField } from './fields.ts';
import { type FieldReader, readingInto } from './needed-values.ts';
import { accountOf, moneyOf, partyOf, priceOf, quantityOf, securityOf } from './settlement-values.ts';
import conditionQualifiers from './tables/settlement-conditions.json' with { type: 'json' };
import { findFields, findSequences, type MtSequence } from './tree.ts';
import { dateOf, narrativeOf } from './values.ts';

/** The sequences in which a message says its transaction; the same one where an MT586 has the trade in ALLDET itself. */
export interface DetailSequences {
  /** TRADDET: dates, price, security. */
  readonly trade: MtSequence | undefined;
  /** FIAC: quantity, account, safekeeping place. */
  readonly account: MtSequence | undefined;
  /** SETDET: type, parties, amounts. */
  readonly settlement: MtSequence | undefined;
  readonly repo: MtSequence | undefined;
}

/**
 * What MT540 to MT547, 578 and 586 say of their transaction. `settled` is the qualifier of its quantity and amount: SETT
 * instructed or alleged, ESTT settled. What stands there and cannot be read is a problem.
 */
export function detailsIn(
  sequences: DetailSequences,
  settled: 'SETT' | 'ESTT',
  problems: Issue[],
): SettlementDetails {
  const read = readingInto(problems);
  const account = accountIn(sequences.account, settled, read);
  const settlement = settlementIn(sequences.settlement, settled, read);
  return {
    ...tradeIn(sequences.trade, read),
    ...account,
    ...settlement,
    parties: [...(account.parties ?? []), ...(settlement.parties ?? [])],
    closingDate: read(datedField(sequences.repo, 'TERM'), dateOf),
  };
}

/** The sequences of a message that has TRADDET, FIAC, SETDET and REPO at its top. */
export function detailSequences(root: MtSequence): DetailSequences {
  const one = (code: string): MtSequence | undefined => findSequences(root, code)[0];
  return { trade: one('TRADDET'), account: one('FIAC'), settlement: one('SETDET'), repo: one('REPO') };
}

/** A date by its qualifier; a code in its place (98B: open, when issued) is no date. */
export function datedField(sequence: MtSequence | undefined, qualifier: string): MtField | undefined {
  const [field] = sequence === undefined ? [] : findFields(sequence, `98a::${qualifier}`);
  return field?.tag === '98B' ? undefined : field;
}

function first(sequence: MtSequence | undefined, path: string): MtField | undefined {
  return sequence === undefined ? undefined : findFields(sequence, path)[0];
}

function tradeIn(trade: MtSequence | undefined, read: FieldReader): SettlementDetails {
  const price = read(first(trade, '90a::DEAL'), priceOf);
  const text = first(trade, '70E::SPRO');
  return {
    ...securityOf(first(trade, '35B')?.value ?? ''),
    ...(price ?? {}),
    tradeDate: read(datedField(trade, 'TRAD'), dateOf),
    settlementDate: read(datedField(trade, 'SETT'), dateOf),
    text: text === undefined ? undefined : narrativeOf(text.content),
  };
}

function accountIn(
  account: MtSequence | undefined,
  settled: 'SETT' | 'ESTT',
  read: FieldReader,
): SettlementDetails {
  const counted = read(quantityField(account, settled), quantityOf);
  return {
    account: accountOf(first(account, '97a::SAFE')),
    quantity: counted?.quantity,
    unit: counted?.unit,
    safekeepingPlace: first(account, '94a::SAFE')?.content,
    parties: account === undefined ? [] : findFields(account, '95a::ACOW').map(partyOf),
  };
}

/** The quantity of this qualifier: its original face where it is told with its amortized value, too. */
export function quantityField(sequence: MtSequence | undefined, qualifier: string): MtField | undefined {
  const fields = sequence === undefined ? [] : findFields(sequence, `36a::${qualifier}`);
  return fields.find(({ content }) => content.startsWith('FAMT/')) ?? fields[0];
}

function settlementIn(
  settlement: MtSequence | undefined,
  settled: 'SETT' | 'ESTT',
  read: FieldReader,
): SettlementDetails {
  if (settlement === undefined) return {};
  const parties = findSequences(settlement, 'SETPRTY').flatMap((inner) => findFields(inner, '95a'));
  const amounts = findSequences(settlement, 'AMT').flatMap((inner) => findFields(inner, '19A'));
  const amountBy = (name: string) => amounts.find(({ qualifier }) => qualifier === name);
  const money = read(amountBy(settled), moneyOf);
  const accrued = read(amountBy('ACRU'), moneyOf);
  const type = first(settlement, '22F::SETR');
  return {
    transactionType: type === undefined ? undefined : codeText(type),
    conditions: conditionQualifiers.flatMap((name) => findFields(settlement, `22F::${name}`).map(codeText)),
    leg: legs.get(first(settlement, '22F::MACL')?.content ?? ''),
    amount: money?.amount,
    currency: money?.currency,
    accrued: accrued?.amount,
    place: parties.find(({ qualifier }) => qualifier === 'PSET')?.content,
    parties: parties.filter(isParty).map(partyOf),
  };
}

function isParty({ qualifier, content }: MtField): boolean {
  return qualifier !== 'PSET' && !/^(ALTE)?$/.test(qualifier) && content.trim() !== '';
}

/** `TRAD`; with its issuer in front where the code is not the standard's own: `GSCC/REPO`. */
function codeText({ content, issuer }: MtField): string {
  return issuer === '' ? content : `${issuer}/${content}`;
}

const legs = new Map<string, 'street' | 'customer'>([
  ['MAKT', 'street'],
  ['CLNT', 'customer'],
]);
