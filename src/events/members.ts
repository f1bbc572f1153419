/** An event or a part of it, by the names of its members: how the catalogue's plans read it. */
export type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: object): Members {
  return value as Members;
}
