import type { Dictionary, FieldFact } from './dictionary.ts';
import { form, formOk, hasForm } from './formats.ts';
import { WordList } from './word-list.ts';

/** What is asked of a value beyond the forms of `formats.ts`: the low four bits of a plan; above them, the number of its list. */
const listed = 9;
const listedWords = 10;
/** Beyond what a plan can hold: the dictionary is asked each time. */
const asked = 14;
/** The field has not been met yet. */
const unmet = 15;
const listShift = 4;
const listsMax = 4096;

const SPACE = 0x20;

/**
 * How the values of a dictionary's fields are judged, as small numbers by tag. A field is read from the dictionary when it is
 * met for the first time: few processes meet a tenth of them.
 */
export class ValuePlan {
  /** By tag: 0 where any value will do. Tags beyond its end are not known. */
  readonly plans: Uint16Array;
  readonly #dictionary: Dictionary;
  readonly #lists: WordList[] = [];
  /** Eight words for each list, one bit for each byte that alone is a value. */
  #letters = new Int32Array(0);

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.plans = Uint16Array.from(dictionary.anyValue, (any) => (any === 1 ? 0 : unmet));
  }

  /** True when the value, which is not empty, is as the plan of its field asks. */
  accepts(plan: number, bytes: Uint8Array, from: number, to: number): boolean {
    const kind = plan & 15;
    if (kind < listed) return hasForm(kind, bytes, from, to);
    if (kind > listedWords) return false;
    const list = plan >> listShift;
    if (to - from === 1) {
      const byte = bytes[from] as number;
      return (((this.#letters[(list << 3) | (byte >> 5)] as number) >> (byte & 31)) & 1) === 1;
    }
    return kind === listed ? this.#has(list, bytes, from, to) : this.#hasAll(list, bytes, from, to);
  }

  /** The plan of a field that is met for the first time; what was known of it, else. */
  planOf(tag: number): number {
    const plan = this.plans[tag] ?? 0;
    if (plan !== unmet) return plan;
    const fact = this.#dictionary.field(tag);
    const made = fact === undefined ? 0 : this.#plan(fact);
    this.plans[tag] = made;
    return made;
  }

  #plan({ kind, values }: FieldFact): number {
    if (values === undefined || kind === 'data') return form[kind];
    const list = this.#lists.length;
    if (list === listsMax) return asked;
    const words = [...values.keys()].map((value) => Buffer.from(value, 'latin1'));
    // A value that is listed without the form of its field's type is told as wrong, so it is not in the plan.
    const formed = words.filter((word) => formOk(kind, word, 0, word.length));
    this.#lists.push(new WordList(formed));
    this.#addLetters(list, formed);
    return (list << listShift) | (kind === 'words' ? listedWords : listed);
  }

  #addLetters(list: number, words: readonly Uint8Array[]): void {
    const end = (list + 1) << 3;
    if (this.#letters.length < end) {
      const grown = new Int32Array(end * 2);
      grown.set(this.#letters);
      this.#letters = grown;
    }
    for (const word of words) {
      const [byte = 0] = word;
      const at = (list << 3) | (byte >> 5);
      if (word.length === 1) this.#letters[at] = (this.#letters[at] ?? 0) | (1 << (byte & 31));
    }
  }

  #has(list: number, bytes: Uint8Array, from: number, to: number): boolean {
    return (this.#lists[list] as WordList).has(bytes, from, to);
  }

  #hasAll(list: number, bytes: Uint8Array, from: number, to: number): boolean {
    let word = from;
    for (let at = from; at <= to; at++) {
      if (at < to && bytes[at] !== SPACE) continue;
      if (!this.#has(list, bytes, word, at)) return false;
      word = at + 1;
    }
    return true;
  }
}

const plans = new WeakMap<Dictionary, ValuePlan>();

/** The plan of a dictionary, which all that read by it share. */
export function valuePlanOf(dictionary: Dictionary): ValuePlan {
  const known = plans.get(dictionary);
  if (known !== undefined) return known;
  const made = new ValuePlan(dictionary);
  plans.set(dictionary, made);
  return made;
}
