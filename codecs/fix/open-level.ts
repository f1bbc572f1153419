import { type LevelFact, role } from './dictionary.ts';

/** The bits of a role that have to be as `OpenLevel.plain` says. */
export const shape = role.member | role.group | role.header | role.trailer;
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
  roles: Uint8Array = new Uint8Array(0);
  /** By tag: the stamp and number of the field that last had it at this depth. */
  seen: Int32Array = new Int32Array(0);
  /** From this stamp on, `seen` speaks of the present entry. */
  since = 0;
  /** The shape of the fields that need no further look. */
  plain = nothingPlain;
  /** The tag that begins each entry of this message; the standard's first one where the sender follows it. */
  first = -1;
  /** How many required fields have not come yet. */
  missing = 0;
  required: readonly number[] = [];
  members: readonly number[] = [];
  groups: ReadonlyMap<number, LevelFact> = new Map();
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

  /** When stamps began anew: how many times they had, when `seen` was empty. */
  #round = 0;

  /** Of a level at this depth; what `seen` has of earlier ones is below every stamp of this one. */
  begin(level: LevelFact, round: number): void {
    this.roles = level.roles;
    if (this.seen.length < level.roles.length || this.#round !== round) {
      this.seen = new Int32Array(level.roles.length);
      this.#round = round;
    }
    this.required = level.required;
    this.members = level.members;
    this.groups = level.groups;
    this.first = level.first;
    this.entries = 0;
  }
}

/** What a tag is on a level; 0: it has no place there. */
export function roleOf(open: OpenLevel, tag: number): number {
  return tag < open.roles.length ? (open.roles[tag] as number) : 0;
}

/** True when the present entry of a level has the tag already. */
export function holds(open: OpenLevel, tag: number): boolean {
  return (open.seen[tag] as number) >= open.since;
}
