import { canonicalDecimal } from '../core/decimal.ts';
import type { SettlementParty, SettlementStatus, StatusSaid } from './settlement-status.ts';

/**
 * Names of what a written message says otherwise than it was given to be written: lost on the way, cut, or more than
 * was given (a text whose second line reads as a field). `told` is what the message says when it is read again. Who
 * sends and receives is for the envelope, and what only it can say is not missed where there is none.
 */
export function statusDifferences(given: SettlementStatus, told: SettlementStatus): readonly string[] {
  const wanted = factsOf(given);
  const found = factsOf(told);
  const bare = told.messageId === '';
  return Object.keys(wanted).filter((name) => {
    if (bare && (name === 'messageId' || name === 'preparedAt')) return false;
    return wanted[name] !== found[name];
  });
}

/** Everything of a status as text, so that equal facts are equal: canonical decimals, single blanks, sets in order. */
function factsOf(status: SettlementStatus): Readonly<Record<string, string>> {
  const { transaction: said = {}, related = [] } = status;
  return {
    messageId: status.messageId,
    preparedAt: (status.preparedAt ?? '').replace(/\.\d+/, ''),
    instructionId: status.instructionId,
    related: setOf(related.map(({ by, id }) => `${by} ${id}`)),
    statuses: setOf(status.statuses.map(statusText)),
    account: said.account ?? '',
    security: `${said.isin ?? ''} ${said.cusip ?? ''}`,
    quantity: said.quantity === undefined ? '' : `${decimalOf(said.quantity)} ${said.unit ?? 'shares'}`,
    delivery: said.delivery ?? '',
    payment: said.payment ?? '',
    amount: said.amount === undefined ? '' : `${decimalOf(said.amount)} ${said.currency ?? ''}`,
    tradeDate: said.tradeDate ?? '',
    settlementDate: said.settlementDate ?? '',
    place: said.place ?? '',
    parties: setOf((said.parties ?? []).map(partyText)),
    text: oneLine(said.text),
  };
}

function statusText({ kind, code, scheme, reasons = [] }: StatusSaid): string {
  const said = reasons.map((reason) => [reason.code, reason.scheme ?? '', oneLine(reason.text)]);
  return JSON.stringify([kind, code, scheme ?? '', said]);
}

/** Of a chain only the agent has a place of its own in every standard; the others are known by their ids. */
function partyText({ role, id, scheme }: SettlementParty): string {
  return `${/^(DEAG|REAG)$/.test(role) ? role : ''} ${scheme} ${oneLine(id)}`;
}

function setOf(texts: readonly string[]): string {
  return JSON.stringify([...texts].sort());
}

function oneLine(text = ''): string {
  return text.trim().replace(/\s+/g, ' ');
}

function decimalOf(text: string): string {
  const read = canonicalDecimal(text);
  return read.ok ? read.value : text;
}
