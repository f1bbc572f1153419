import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { type Dictionary, role } from './dictionary.ts';
import { standardDataOf } from './tokens.ts';
import { type ValuePlan, valuePlanOf } from './value-plan.ts';

/** What messages of one type have in common, ready to be written: made once, used for all of them. */
export interface FixTemplate {
  readonly beginString: string;
  readonly type: string;
  readonly dictionary: Dictionary;
  /** `8=FIX.4.4|9=`. */
  readonly prefix: Buffer;
  /** `35=8|`. */
  readonly first: Buffer;
  /** By tag, two words each: `31=` and bytes of no meaning. */
  readonly heads: Uint32Array;
  /** By tag: how many bytes of its words count. Tags beyond the end are written digit by digit. */
  readonly headBytes: Uint8Array;
  /** By tag: 1 where it belongs to the header; tags beyond its end do not. */
  readonly header: Uint8Array;
  /** By the tag of a data field: the tag of the length before it. */
  readonly lengthOf: Int32Array;
  readonly values: ValuePlan;
}

/** More than any BeginString(8) of the standard needs. */
const prefixBytesMax = 48;
/** Tags below are written by words that were made before: all of the standard's, and most of the users' own. */
const tagsEnd = 10_000;

/**
 * The template of a message type. `beginString` is what BeginString(8) says; left out: the version of the dictionary. A type
 * that the dictionary does not have is written all the same, with the header that all messages have.
 */
export function fixTemplate(
  dictionary: Dictionary,
  type: string,
  beginString: string = dictionary.version,
): FixTemplate {
  const prefix = Buffer.from(`8=${beginString}\u00019=`, 'latin1');
  assert(prefix.length <= prefixBytesMax, beginString);
  const first = Buffer.from(`35=${type}\u0001`, 'latin1');
  const level = dictionary.message(type)?.level ?? dictionary.envelope;
  const header = Uint8Array.from(level.roles, (bits) => ((bits & role.header) === 0 ? 0 : 1));
  const plain = { beginString, type, dictionary, prefix, first };
  return {
    ...plain,
    ...tagHeads(),
    header,
    lengthOf: lengthsOf(dictionary),
    values: valuePlanOf(dictionary),
  };
}

type Heads = Pick<FixTemplate, 'heads' | 'headBytes'>;
let made: Heads | undefined;

/** The same for all templates. */
function tagHeads(): Heads {
  if (made !== undefined) return made;
  const bytes = Buffer.alloc(8);
  const [heads, headBytes] = [new Uint32Array(tagsEnd * 2), new Uint8Array(tagsEnd)];
  for (let tag = 1; tag < tagsEnd; tag++) {
    const length = bytes.write(`${tag}=`, 'latin1');
    heads[tag * 2] = bytes.readUInt32LE(0);
    heads[tag * 2 + 1] = bytes.readUInt32LE(4);
    headBytes[tag] = length;
  }
  made = { heads, headBytes };
  return made;
}

const standardLengthOf = lengthsBy(standardDataOf);

/** A dialect may have data fields of its own. */
function lengthsOf({ dataOf }: Dictionary): Int32Array {
  return dataOf === undefined ? standardLengthOf : lengthsBy(dataOf);
}

function lengthsBy(dataOf: Int32Array): Int32Array {
  const lengthOf = new Int32Array(dataOf.reduce((most, data) => Math.max(most, data), 0) + 1);
  for (const [length, data] of dataOf.entries()) if (data > 0) lengthOf[data] = length;
  return lengthOf;
}
