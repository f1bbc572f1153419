import groups from './tables/party-groups.json' with { type: 'json' };
import { tag } from './tag.ts';

/** The tags of one repeating group of parties. */
export interface PartyGroup {
  readonly count: number;
  readonly id: number;
  readonly source: number;
  readonly role: number;
  readonly subId: number;
  /** Count of the group of sub ids inside of an entry. */
  readonly subs: number;
}

/** The groups of parties that events are told of, by the names of `tables/party-groups.json`. */
export const partyGroups = {
  parties: tagged('parties'),
  rootParties: tagged('rootParties'),
  nestedParties: tagged('nestedParties'),
} as const;

function tagged(name: keyof typeof groups): PartyGroup {
  const { count, id, source, role, subId, subs } = groups[name];
  const of = (field: string): number => tag[field as keyof typeof tag];
  return {
    count: of(count),
    id: of(id),
    source: of(source),
    role: of(role),
    subId: of(subId),
    subs: of(subs),
  };
}
