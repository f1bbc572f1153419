/**
 * Numbers that one entry of a repeating group has in an index, behind those of the fields: the tag of its count, the number of the
 * entry that it stands in, its first field, and the field behind its last one. Entries stand in the order in which they begin;
 * entry 0 is the message itself, of no count. The fields of an entry are those of its stretch without the stretches of the entries
 * inside.
 */
export const entryStride = 4;
export const entryTag = 0;
export const entryParent = 1;
export const entryFrom = 2;
export const entryTo = 3;
