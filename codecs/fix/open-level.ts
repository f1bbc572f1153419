import { role } from './dictionary.ts';
import { type LevelPlan, noLevel } from './level-plan.ts';
import { rootIndex } from './root-index.ts';

/** What `OpenLevel.plain` is in header, body and trailer. */
export const plainIn: readonly number[] = [
  role.member | role.header,
  role.member,
  role.member | role.trailer,
];
/** No field is plain: the next one has to be looked at. */
export const nothingPlain = -1;

/** An open level: the message, or an entry of a repeating group. Used again for each message. */
export class OpenLevel {
  plan: LevelPlan = noLevel;
  /** Where the tags of this depth stand in `seen`, which has, by tag, the stamp and number of the field that last had it. */
  seenAt = 0;
  /** From this stamp on, `seen` speaks of the present entry. */
  since = 0;
  /** What `placing` leaves of the roles of those fields that need no further look. */
  plain = nothingPlain;
  /** The tag that begins each entry of this message; the standard's first one where the sender follows it. */
  first = -1;
  /** How many required fields have not come yet. */
  missing = 0;
  /** The count's tag and field, and the entries that it promises; -1 where it is no number. */
  tag = 0;
  countField = 0;
  promised = 0;
  entries = 0;
  /** Number of the present entry, where it is written, and the place in the dictionary's order of its last field. */
  entry = 0;
  place = 0;
  last = 0;
  /** Number of the entry that the group stands in. */
  around = 0;

  /** Of a level, at a place of `seen` in which every stamp of before is below `since`. */
  begin(plan: LevelPlan, seenAt: number, since: number): void {
    this.plan = plan;
    this.seenAt = seenAt;
    this.since = since;
    this.first = plan.first;
    this.entries = 0;
  }
}

/** True when the present entry of a level has the tag already. */
export function holds(open: OpenLevel, tag: number): boolean {
  return (rootIndex.seen[open.seenAt + tag] as number) >= open.since;
}
