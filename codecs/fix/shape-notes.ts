import type { FixParts } from './message.ts';
import { notesPlace } from './shapes.ts';

/**
 * What was found out about the messages of a shape and is kept with it, by a key of the finder's choice: numbers that follow from where
 * fields stand, and from no value. A note begins with where the next one of its shape begins, its key, and how many numbers it has.
 */
const headNumbers = 3;

/** Where the note of a key stands in `entries` of a message: the number of its numbers, then these. 0: there is none. */
export function noteOf({ entries, shape }: FixParts, key: number): number {
  if (shape === 0) return 0;
  let at = entries[shape + notesPlace] as number;
  while (at !== 0 && entries[at + 1] !== key) at = entries[at] as number;
  return at === 0 ? 0 : at + headNumbers - 1;
}

/** Keeps a note for messages to come; one that a message of before has not got yet is not found by it. */
export function keepNote(
  { entries, shape, shapes }: FixParts,
  key: number,
  numbers: () => readonly number[],
): void {
  // Where the shapes have got other memory since, this one may be forgotten.
  if (shape === 0 || shapes.numbers !== entries) return;
  const kept = numbers();
  const at = shapes.append([entries[shape + notesPlace] as number, key, kept.length, ...kept]);
  if (at !== 0) shapes.numbers[shape + notesPlace] = at;
}
