import { type Decimal, decimalText } from '../core/decimal.ts';
import { type Amounts, addTo, cellKey, cellOf, minus } from './amounts.ts';
import { effectOf } from './effect.ts';
import type { Cause, Day, Explanation, OtherName, Posting } from './terms.ts';

/** Transfers, corporate actions and cash that one side has and the other has not, or has otherwise. */
export function postingCauses(day: Day): readonly Explanation[] {
  return pairedPostings(day.ours.postings, day.theirs.postings).flatMap(({ ours, theirs }) => {
    const predicted = minus(effectOfAny(theirs, day.date), effectOfAny(ours, day.date));
    const told = theirs ?? ours;
    if (told === undefined || (ours !== undefined && theirs !== undefined && predicted.size === 0)) return [];
    return [postingExplanation(told, ours, theirs, predicted)];
  });
}

/**
 * What we hold under a name that the clearer does not use: theirs has it under its own. Exact by construction, so that
 * whatever else differs in the security is left over under the clearer's name.
 */
export function nameCauses(day: Day): readonly Explanation[] {
  return day.otherNames.flatMap((other) => {
    const predicted = renamed(day.ours.amounts, other);
    if (predicted.size === 0) return [];
    const explanation: Explanation = {
      cause: 'identifier',
      subject: `identifier|${other.name}|${other.canonical}`,
      owner: 'us',
      variants: [predicted],
      standsAlone: true,
      evidence: other.evidence,
      fields: [],
      detail: { about: 'name', other },
    };
    return [explanation];
  });
}

/** Less under our name, more under theirs. */
export function renamed(ours: Amounts, { name, canonical }: Pick<OtherName, 'name' | 'canonical'>): Amounts {
  const moved = new Map<string, Decimal>();
  for (const [key, quantity] of ours) {
    const cell = cellOf(key);
    if (cell.kind !== 'position' || cell.unit !== name) continue;
    addTo(moved, cellKey({ ...cell, unit: canonical }), quantity);
    addTo(moved, key, { ...quantity, units: -quantity.units });
  }
  return moved;
}

interface PostingPair {
  readonly ours?: Posting;
  readonly theirs?: Posting;
}

/** By kind, reference, account and security; then by what moved, one by one. */
function pairedPostings(ours: readonly Posting[], theirs: readonly Posting[]): readonly PostingPair[] {
  const rest = [...ours];
  const left: Posting[] = [];
  const pairs: PostingPair[] = [];
  const take = (their: Posting, same: (our: Posting) => boolean): boolean => {
    const at = rest.findIndex(same);
    const found = rest[at];
    if (found === undefined) return false;
    rest.splice(at, 1);
    pairs.push({ ours: found, theirs: their });
    return true;
  };
  const place = ({ kind, account, security }: Posting): string => `${kind}|${account}|${security ?? ''}`;
  for (const their of theirs) {
    const { reference } = their;
    if (!take(their, (our) => place(our) === place(their) && our.reference === reference)) left.push(their);
  }
  for (const their of left) {
    const moved = movedText(their);
    if (!take(their, (our) => place(our) === place(their) && movedText(our) === moved))
      pairs.push({ theirs: their });
  }
  return [...pairs, ...rest.map((one) => ({ ours: one }))];
}

function movedText({ quantity, cash, currency, settlementDate }: Posting): string {
  return [decimalText(quantity), decimalText(cash), currency, settlementDate].join('|');
}

function effectOfAny(posting: Posting | undefined, date: string): Amounts {
  return posting === undefined ? new Map() : effectOf(posting, date);
}

function postingExplanation(
  told: Posting,
  ours: Posting | undefined,
  theirs: Posting | undefined,
  predicted: Amounts,
): Explanation {
  const { kind, account, security = told.currency } = told;
  const bySettlement = new Map([...predicted].filter(([key]) => cellOf(key).basis === 'trade-date'));
  return {
    cause: causeOf(told, ours, theirs),
    subject:
      kind === 'corporate-action'
        ? `corporate-action|${told.reference}|${security}`
        : `${kind}|${told.reference}|${account}`,
    owner: theirs === undefined ? 'clearer' : 'us',
    // Some books count it by trade date first.
    variants: bySettlement.size === predicted.size ? [predicted] : [predicted, bySettlement],
    standsAlone: told.tradeDate !== '' && predicted.size > 0,
    evidence: [ours, theirs].flatMap((one) => one?.evidence ?? []),
    fields: [],
    detail: { about: 'posting', ...(ours && { ours }), ...(theirs && { theirs }) },
  };
}

function causeOf(told: Posting, ours: Posting | undefined, theirs: Posting | undefined): Cause {
  if (told.kind !== 'cash') return told.kind;
  if (ours !== undefined && theirs !== undefined) return 'mismatch';
  if (theirs === undefined) return 'missing-at-clearer';
  return /fee|charge/.test(told.description) ? 'fee' : 'unknown-to-us';
}
