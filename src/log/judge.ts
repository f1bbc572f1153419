import { type Origin, originText } from '../contract/origin.ts';
import type { Micros } from '../core/clock.ts';
import { conflictOf, sameMeaning } from './draft.ts';
import { revisionError } from './failure.ts';
import type { Segment, Stored } from './segment-writer.ts';
import type { TakenOrigins } from './taken.ts';

/** An entry of the log, or one of this batch that has no offset yet. */
export type Target = { readonly offset: number } | { readonly kept: number };

/** What became of one draft, before the kept ones have their offsets. */
export type Verdict =
  | { readonly outcome: 'appended'; readonly kept: number }
  | { readonly outcome: 'repeated'; readonly target: Target; readonly at: Micros }
  | { readonly outcome: 'conflict'; readonly kept: number; readonly first: Target };

export interface Judgement {
  readonly kept: readonly Stored[];
  /** For a kept revision: what it voids. */
  readonly voids: ReadonlyMap<number, Target>;
  readonly verdicts: readonly Verdict[];
}

/** Reads an entry that is in the log already, for the one comparison that needs it whole. */
export type SameRevision = (offset: number, draft: Stored) => boolean;

/**
 * True when every entry of these segments is plainly new: numbers above the high-water mark of their scope, keys that
 * nobody has, no revisions. Then the segments go into the log as they are, and nothing is decoded.
 */
export function plainlyNew(taken: TakenOrigins, channel: string, segments: readonly Segment[]): boolean {
  const highest = new Map<string, number>();
  const keys = new Set<string>();
  for (const { plain } of segments) {
    if (plain === undefined) return false;
    for (const { scope, first, last } of plain.ranges) {
      if (first <= (highest.get(scope) ?? taken.highestOrdinal(channel, scope))) return false;
      highest.set(scope, last);
    }
    for (const origin of plain.keys) {
      const text = originText(origin);
      if (keys.has(text) || taken.firstOffset(channel, origin) !== undefined) return false;
      keys.add(text);
    }
  }
  return true;
}

/** Judges drafts one by one, against the log and each other. Changes nothing. Fails with `LOG_REVISION`. */
export function judge(
  taken: TakenOrigins,
  channel: string,
  drafts: readonly Stored[],
  sameRevision: SameRevision,
): Judgement {
  const judging = new Judging(taken, channel, sameRevision);
  for (const draft of drafts) {
    if (draft.kind === 'revision') judging.revision(draft);
    else judging.message(draft);
  }
  return judging;
}

class Judging implements Judgement {
  readonly kept: Stored[] = [];
  readonly voids = new Map<number, Target>();
  readonly verdicts: Verdict[] = [];
  /** Kept entries by origin and revision. */
  private readonly places = new Map<string, number>();
  private readonly taken: TakenOrigins;
  private readonly channel: string;
  private readonly sameRevision: SameRevision;

  constructor(taken: TakenOrigins, channel: string, sameRevision: SameRevision) {
    this.taken = taken;
    this.channel = channel;
    this.sameRevision = sameRevision;
  }

  message(draft: Stored): void {
    const first = this.first(draft.origin);
    if (first === undefined) {
      this.verdicts.push({ outcome: 'appended', kept: this.keep(draft) });
    } else if (first.digest === draft.digest) {
      this.repeat(first.target, draft);
    } else {
      this.conflict(draft, first.target);
    }
  }

  revision(draft: Stored): void {
    const there = this.target(draft.origin, draft.revision);
    if (there !== undefined && draft.revision > 0 && this.same(there, draft)) {
      this.repeat(there, draft);
      return;
    }
    const old = draft.revision > 0 ? this.target(draft.origin, draft.revision - 1) : undefined;
    if (old === undefined || there !== undefined) {
      throw revisionError(this.channel, draft, this.newest(draft.origin));
    }
    const kept = this.keep(draft);
    this.voids.set(kept, old);
    this.verdicts.push({ outcome: 'appended', kept });
  }

  private conflict(draft: Stored, first: Target): void {
    const conflict = conflictOf(draft);
    const there = this.first(conflict.origin);
    if (there !== undefined) this.repeat(there.target, draft);
    else this.verdicts.push({ outcome: 'conflict', kept: this.keep(conflict), first });
  }

  private repeat(target: Target, draft: Stored): void {
    this.verdicts.push({ outcome: 'repeated', target, at: draft.receivedAt });
  }

  private keep(draft: Stored): number {
    const index = this.kept.push(draft) - 1;
    this.places.set(placeKey(draft.origin, draft.revision), index);
    return index;
  }

  private first(origin: Origin): { readonly target: Target; readonly digest: string } | undefined {
    const kept = this.places.get(placeKey(origin, 0));
    if (kept !== undefined) return { target: { kept }, digest: this.kept[kept]?.digest ?? '' };
    const taken = this.taken.first(this.channel, origin);
    return taken && { target: { offset: taken.offset }, digest: taken.digest };
  }

  private target(origin: Origin, revision: number): Target | undefined {
    const kept = this.places.get(placeKey(origin, revision));
    if (kept !== undefined) return { kept };
    const offset = this.taken.revisionOffset(this.channel, origin, revision);
    return offset === undefined ? undefined : { offset };
  }

  private same(there: Target, draft: Stored): boolean {
    if ('offset' in there) return this.sameRevision(there.offset, draft);
    const kept = this.kept[there.kept];
    return kept !== undefined && kept.digest === draft.digest && sameMeaning(kept, draft);
  }

  private newest(origin: Origin): number | undefined {
    if (this.target(origin, 0) === undefined) return undefined;
    let newest = this.taken.newestRevision(this.channel, origin);
    while (this.places.has(placeKey(origin, newest + 1))) newest += 1;
    return newest;
  }
}

function placeKey(origin: Origin, revision: number): string {
  return `${revision}@${originText(origin)}`;
}
