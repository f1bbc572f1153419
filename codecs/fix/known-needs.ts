import type { FixParts } from './message.ts';
import type { Checks } from './needed.ts';
import { readable } from './readable.ts';
import { needsPlace, type Shapes } from './shapes.ts';
import { tokenStride } from './tokens.ts';

/**
 * What the events of messages of one shape need, as far as messages of it were found to have it all: by the values that decide over it,
 * the checks that are left to make. It stands among the numbers of the shapes: where the first of its kinds begins, how many kinds
 * there are, and behind their own number the places of the fields that decide. A kind: where the next one begins, the values that
 * decide, and behind their own number the checks.
 */
const place = { first: 0, kinds: 1, deciders: 2 } as const;
const kindPlace = { next: 0, key: 1, checks: 2 } as const;
/** More kinds are not kept: their messages are judged anew each time. */
const kindsMax = 16;
/** The kinds of `readable.ts` are below 8; above them stands the place of the value. */
const kindBits = 3;
const kindMask = (1 << kindBits) - 1;

/** True where a message of a shape lacks nothing; false where that is not known. */
export function needsMet({ numbers }: Shapes, shape: number, wire: Uint8Array, index: Int32Array): boolean {
  const needs = numbers[shape + needsPlace] as number;
  if (needs === 0) return false;
  const key = keyOf(numbers, needs, wire, index);
  let kind = numbers[needs] as number;
  while (kind !== 0 && numbers[kind + kindPlace.key] !== key) kind = numbers[kind] as number;
  return kind !== 0 && allReadable(numbers, kind + kindPlace.checks, wire, index);
}

/** A message of a shape was judged by these checks, and lacks nothing; the values of the tags that decide are those of its kind. */
export function learnNeeds(
  shapes: Shapes,
  shape: number,
  message: FixParts,
  decidedBy: readonly number[],
  checks: Checks,
): void {
  const { wire, index } = message;
  const needs = (shapes.numbers[shape + needsPlace] as number) || addNeeds(shapes, shape, message, decidedBy);
  if (needs === 0 || shapes.numbers[needs + place.kinds] === kindsMax) return;
  const key = keyOf(shapes.numbers, needs, wire, index);
  if (key === manyCharacters) return;
  const packed = Array.from({ length: checks.length / 2 }, (_, check) => {
    const [at = 0, kind = 0] = checks.slice(check * 2);
    return (at << kindBits) | kind;
  });
  const kind = shapes.append([shapes.numbers[needs] as number, key, packed.length, ...packed]);
  if (kind === 0) return;
  shapes.numbers[needs] = kind;
  shapes.numbers[needs + place.kinds] = (shapes.numbers[needs + place.kinds] as number) + 1;
}

function addNeeds(shapes: Shapes, shape: number, message: FixParts, decidedBy: readonly number[]): number {
  const deciders = decidedBy.map((tag) => message.fieldOn(0, tag) * tokenStride).filter((at) => at >= 0);
  const needs = shapes.append([0, 0, deciders.length, ...deciders]);
  if (needs !== 0) shapes.numbers[shape + needsPlace] = needs;
  return needs;
}

/** Never the key of values. */
const manyCharacters = -1;

/** The values that decide, of one ASCII character each, as one number. */
function keyOf(numbers: Int32Array, needs: number, wire: Uint8Array, index: Int32Array): number {
  const from = needs + place.deciders + 1;
  const end = from + (numbers[needs + place.deciders] as number);
  let key = 0;
  for (let next = from; next < end; next++) {
    const at = numbers[next] as number;
    const value = index[at + 1] as number;
    const byte = wire[value] as number;
    if (index[at + 2] !== value + 1 || byte >= 0x80) return manyCharacters;
    key = (key << 7) | byte;
  }
  return key;
}

function allReadable(numbers: Int32Array, checks: number, wire: Uint8Array, index: Int32Array): boolean {
  const end = checks + 1 + (numbers[checks] as number);
  for (let next = checks + 1; next < end; next++) {
    const check = numbers[next] as number;
    const at = check >> kindBits;
    if (!readable(check & kindMask, wire, index[at + 1] as number, index[at + 2] as number)) return false;
  }
  return true;
}
