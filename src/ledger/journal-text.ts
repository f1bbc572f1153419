import { decimalText } from '../core/decimal.ts';
import type { LedgerPosition } from './carry.ts';
import { type Transaction, transactionId } from './transaction.ts';

/** What every journal of ours begins with. */
export const journalOpening = '; Clearport journal of ';

/** First lines of a new journal. */
export function journalHead(tenant: string): string {
  return [
    `${journalOpening}${tenant}: plain text, only ever appended to. Include it from a journal of your own.`,
    '; A comment with a position ends each step; what stands behind the last one was not finished, and is written again.',
    '',
    '',
  ].join('\n');
}

/**
 * One transaction as ledger and hledger read it: date, settlement date behind `=`, code, memo; legs with the commodity in
 * quotes. Source: the ledger-cli manual, "Transactions" and "Commodity notation".
 */
export function journalText(transaction: Transaction): string {
  const { date, settlementDate, reverses, because, memo, eventId, postings } = transaction;
  const days = date === settlementDate ? date : `${date}=${settlementDate}`;
  const said = reverses ? `taken back (${because}): ${memo}` : memo;
  const width = Math.max(...postings.map(({ account }) => account.length));
  const legs = postings.map(({ account, unit, amount }) => {
    return `    ${account.padEnd(width)}  ${decimalText(amount)} ${commodity(unit)}`;
  });
  const head = `${days} * (${transactionId(transaction)}) ${oneLine(said)}`;
  return `${[head, `    ; event: ${oneLine(eventId)}`, ...legs].join('\n')}\n\n`;
}

const marker = '; clearport position';

export function positionLine({ offset, chain }: LedgerPosition): string {
  return `${marker} ${offset} ${chain}`;
}

/** Characters of the longest line with a position: marker, offset, and a chain value of 64 digits. */
export const positionLengthMax = marker.length + 1 + 16 + 1 + 64;

/** The position that a line holds; undefined for every other line. */
export function positionIn(line: string): LedgerPosition | undefined {
  const match = /^; clearport position (\d{1,16}) ([0-9a-f]{0,64})$/.exec(line);
  return match === null ? undefined : { offset: Number(match[1]), chain: match[2] ?? '' };
}

/** Letters alone stand as they are, such as USD; anything else in quotes. */
function commodity(unit: string): string {
  return /^[A-Za-z]+$/.test(unit) ? unit : `"${oneLine(unit).replaceAll('"', "'")}"`;
}

/** What others wrote could break a line, and with it the journal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(';', ',');
}
