/** One entry of a repeating group; entry 0 is the message itself. */
export interface Entry {
  /** Tag of the group's count; 0 for the message. */
  readonly count: number;
  readonly parent: number;
  /** Field numbers: the first one, and behind the last one. */
  readonly from: number;
  readonly to: number;
}

/** Which field belongs to which entry. */
export interface Structure {
  readonly entries: readonly Entry[];
  readonly owners: Int32Array;
}
