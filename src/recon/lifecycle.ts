import { type Cell, cellKey } from './amounts.ts';
import type { FeedKind, Finding, Member } from './terms.ts';

/** A finding with its life: when it began, whether it is still there. */
export interface Break extends Finding {
  readonly status: 'open' | 'closed';
  /** Microseconds since 1970 at which it was found first, and the business date of that comparison. */
  readonly openedAt: number;
  readonly openedOn: string;
  readonly closedAt?: number;
  readonly closedOn?: string;
  /** Breaks that explain now what this one left unexplained: its history goes on with theirs. */
  readonly explainedBy?: readonly string[];
}

export interface HistoryRow {
  readonly id: string;
  /** The entry at which it was found. */
  readonly offset: number;
  readonly at: number;
  readonly date: string;
  readonly what: 'opened' | 'changed' | 'healed' | 'reopened' | 'explained';
  readonly text: string;
}

/** Where in the log a comparison was made, and what it looked at. */
export interface Moment {
  readonly offset: number;
  readonly at: number;
  readonly date: string;
  readonly looked: ReadonlySet<FeedKind>;
}

export interface Step {
  /** Every break that this comparison changed or made. */
  readonly breaks: readonly Break[];
  readonly history: readonly HistoryRow[];
}

/**
 * What becomes of breaks when a comparison is made. One that is found goes on; one that is not found any more heals, if
 * the comparison looked at everything that it consisted of. When another break of the same comparison takes over its
 * difference, it was explained, and the other one is as old as it was.
 */
export function advance(known: readonly Break[], findings: readonly Finding[], moment: Moment): Step {
  const byId = new Map(known.map((one) => [one.id, one]));
  const found = new Set(findings.map(({ id }) => id));
  const gone = known.filter(
    (one) => one.status === 'open' && !found.has(one.id) && isJudged(one, moment.looked),
  );
  const fresh = findings.filter(({ id }) => byId.get(id)?.status !== 'open');
  const places = placesOf(fresh);
  const heirs = new Map(gone.map((one) => [one.id, heirsOf(one, places)]));
  const formers = new Map<string, Break[]>();
  for (const one of gone)
    for (const id of heirs.get(one.id) ?? []) {
      const known = formers.get(id);
      if (known === undefined) formers.set(id, [one]);
      else known.push(one);
    }
  const breaks: Break[] = [];
  const history: HistoryRow[] = [];
  const row = (id: string, what: HistoryRow['what'], text: string): void => {
    history.push({ id, offset: moment.offset, at: moment.at, date: moment.date, what, text });
  };
  for (const one of gone) {
    const explainedBy = heirs.get(one.id) ?? [];
    breaks.push({ ...closed(one, moment), ...(explainedBy.length > 0 && { explainedBy }) });
    if (explainedBy.length === 0) row(one.id, 'healed', 'both sides agree');
    else row(one.id, 'explained', `it belongs to ${explainedBy.join(' and ')}`);
  }
  for (const finding of findings) {
    const before = byId.get(finding.id);
    const former = formers.get(finding.id) ?? [];
    const next = before?.status === 'open' ? goneOn(before, finding, moment) : begun(finding, former, moment);
    breaks.push(next);
    if (before === undefined) row(finding.id, 'opened', openedText(finding, former));
    else if (before.status === 'closed') row(finding.id, 'reopened', finding.sentence);
    else if (hasChanged(before, next)) row(finding.id, 'changed', finding.sentence);
  }
  return { breaks, history };
}

/** Whether a comparison looked at all that a break consisted of. */
function isJudged({ members }: Finding, looked: ReadonlySet<FeedKind>): boolean {
  return members.every(({ kind }) => kind === 'trade' || looked.has(kind === 'cash' ? 'cash' : 'positions'));
}

/** By cell, the new breaks that have a part in its difference. */
function placesOf(fresh: readonly Finding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const { id, members } of fresh)
    for (const key of members.flatMap((member) => keyOf(member) ?? [])) {
      const known = places.get(key);
      if (known === undefined) places.set(key, new Set([id]));
      else known.add(id);
    }
  return places;
}

/** The new breaks that together make up the difference of a cell that this one had. */
function heirsOf(gone: Finding, places: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  for (const member of gone.members) {
    const heirs = places.get(keyOf(member) ?? '');
    if (heirs !== undefined) return [...heirs];
  }
  return [];
}

function keyOf(member: Member): string | undefined {
  const { kind, basis, account, unit } = member;
  if (kind === 'trade' || basis === undefined) return undefined;
  const cell: Cell = { kind, basis, account, unit };
  return cellKey(cell);
}

function closed(one: Break, { at, date }: Moment): Break {
  return { ...one, status: 'closed', closedAt: at, closedOn: date };
}

function begun(finding: Finding, former: readonly Break[], { at, date }: Moment): Break {
  const oldest = [...former].sort((left, right) => left.openedAt - right.openedAt)[0];
  return {
    ...finding,
    status: 'open',
    openedAt: oldest?.openedAt ?? at,
    openedOn: oldest?.openedOn ?? date,
  };
}

/** What a comparison did not look at stays as it was found last. */
function goneOn(before: Break, finding: Finding, { looked }: Moment): Break {
  const kept = before.members.filter(({ kind }) => {
    return kind !== 'trade' && !looked.has(kind === 'cash' ? 'cash' : 'positions');
  });
  const { openedAt, openedOn } = before;
  const next: Break = { ...finding, status: 'open', openedAt, openedOn };
  if (kept.length === 0) return next;
  const members = [...kept, ...finding.members];
  const accounts = [...new Set([...before.accounts, ...finding.accounts])].sort();
  const securities = [...new Set([...before.securities, ...finding.securities])].sort();
  const { kind, atRisk, message } = before;
  return { ...next, kind, atRisk, message, members, accounts, securities };
}

/** Whether a break is another one than before: not when a file of another kind shows it too, or when a trade settles. */
function hasChanged(before: Finding, next: Finding): boolean {
  const kinds = new Set(before.members.map(({ kind }) => kind));
  return signature(before, kinds) !== signature(next, kinds);
}

function signature({ cause, members }: Finding, kinds: ReadonlySet<Member['kind']>): string {
  const shared = members.filter(({ kind }) => kinds.has(kind));
  const byTrade = shared.filter(({ basis }) => basis !== 'settlement-date');
  const counted = byTrade.length > 0 ? byTrade : shared;
  const lines = counted.map(({ kind, account, unit, field, ours, theirs, difference }) =>
    [kind, account, unit, field ?? '', ...(kind === 'trade' ? [ours, theirs] : [difference])].join('|'),
  );
  return [cause, ...lines.sort()].join('\n');
}

function openedText(finding: Finding, former: readonly Break[]): string {
  if (former.length === 0) return finding.sentence;
  const before = former.map(({ id, cause, openedOn }) => `${id} (${cause} since ${openedOn})`).join(' and ');
  return `${finding.sentence} Known before as ${before}.`;
}
