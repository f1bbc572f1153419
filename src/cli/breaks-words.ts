import { addDecimals, decimalText, readDecimal } from '../core/decimal.ts';
import { maskAccount } from '../core/mask.ts';
import type { AgedBreak, HistoryRow, Member } from '../recon/index.ts';

/** `1,234.50`: an amount of dollars for people, to the cent. */
export function dollars(text: string): string {
  const [whole = '0', fraction = ''] = rounded(text).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.padEnd(2, '0')}`;
}

/** The sum of decimal texts. */
export function sumText(texts: readonly string[]): string {
  return decimalText(
    texts.reduce(
      (sum, text) => {
        const read = readDecimal(text);
        return read.ok ? addDecimals(sum, read.value) : sum;
      },
      { units: 0n, scale: 0 },
    ),
  );
}

/** Half a cent goes up, away from zero. */
function rounded(text: string): string {
  const read = readDecimal(text);
  if (!read.ok || read.value.scale <= 2) return text;
  const { units, scale } = read.value;
  const step = 10n ** BigInt(scale - 2);
  const half = (units < 0n ? -step : step) / 2n;
  return decimalText({ units: (units + half) / step, scale: 2 });
}

/**
 * Masks the account numbers of a break wherever a text holds one of them as a word; a number inside of another word is
 * somebody else's.
 */
export function accountsMask(accounts: readonly string[], unmasked: boolean): (text: string) => string {
  const known = accounts
    .filter((account) => account !== '')
    .sort((left, right) => right.length - left.length);
  if (unmasked || known.length === 0) return (text) => text;
  const words = known.map((account) => account.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${words})(?![A-Za-z0-9])`, 'g');
  return (text) => text.replace(pattern, maskAccount);
}

/** The break as people are shown it: account numbers masked wherever they stand. */
export function maskedBreak(one: AgedBreak, mask: (text: string) => string): AgedBreak {
  return {
    ...one,
    subject: mask(one.subject),
    sentence: mask(one.sentence),
    message: mask(one.message),
    accounts: one.accounts.map(mask),
    members: one.members.map(
      (member): Member => ({
        ...member,
        account: mask(member.account),
        ours: mask(member.ours),
        theirs: mask(member.theirs),
      }),
    ),
    evidence: one.evidence.map((each) => ({ ...each, what: mask(each.what) })),
    nextSteps: one.nextSteps.map(mask),
  };
}

export function maskedHistory(
  rows: readonly HistoryRow[],
  mask: (text: string) => string,
): readonly HistoryRow[] {
  return rows.map((row) => ({ ...row, text: mask(row.text) }));
}
