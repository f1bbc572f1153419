import assert from 'node:assert/strict';
import { catalogue, type MessagePlan } from '../../src/events/catalogue.ts';
import meaning from './tables/meaning.json' with { type: 'json' };
import table from './tables/transcode.json' with { type: 'json' };
import { tag } from './tag.ts';
import { entryMark, type Transcription } from './transcription.ts';
import { type Word, WordTable, wordOf } from './word-table.ts';

/** One member of an event: how it is written, and from which fields. */
export interface Step {
  /** The way of writing by its name. */
  readonly way: string;
  readonly write: Write;
  /** Number and wire type of the member, as it stands on the wire. */
  readonly tag: number;
  /** Tag of the field, 0 where a step reads none; {@link entryMark} is added to that of an entry. */
  readonly source: number;
  /** Tags that are asked next, where that one is not there. */
  readonly others: readonly number[];
  /** The words of a value that has one; empty where a step needs none. */
  readonly words: WordTable;
  /** What a step says of itself: what stands behind the colon. */
  readonly said: Word;
}

/**
 * Writes a member. A step that names fields is asked only where one of them is there, and told its place in the flat
 * index; one that names none is asked always, and knows where to look.
 */
export type Write = (transcription: Transcription, step: Step, place: number) => void;

/** Takes the steps of one part of an event, in their order. */
export function run(transcription: Transcription, steps: readonly Step[]): void {
  for (let next = 0; next < steps.length; next++) {
    const step = steps[next] as Step;
    let place = -1;
    if (step.source !== 0) {
      place = transcription.find(step);
      if (place < 0) continue;
    }
    step.write(transcription, step, place);
  }
}

/**
 * The steps of one part of `tables/transcode.json`, in the order of the catalogue, which is the order on the wire. Each
 * row is a member of the event and its rule: a way of writing, with a table of words behind a colon where it needs one,
 * and the names of fields. `entry.` before a name: of the side or account that the event is about.
 */
export function stepsOf(
  part: keyof typeof table,
  message: string,
  ways: Readonly<Record<string, Write>>,
): readonly Step[] {
  const plan = planNamed(message);
  return Object.entries(table[part])
    .map(([member, rule]) => {
      const field = plan.fields.find(({ name }) => name === member);
      assert(field !== undefined, `${message}.${member}`);
      return stepOf(rule, field.tag, ways);
    })
    .sort((left, right) => left.tag - right.tag);
}

function planNamed(name: string): MessagePlan {
  const { common, messages } = catalogue();
  const plan = name === common.name ? common : messages.find((one) => one.name === name);
  assert(plan !== undefined, name);
  return plan;
}

function stepOf(rule: string, member: number, ways: Readonly<Record<string, Write>>): Step {
  const [way = '', ...names] = rule.split(' ');
  const [name = '', said = ''] = way.split(':');
  const write = ways[name];
  assert(write !== undefined, rule);
  const words = Object.hasOwn(meaning, said) ? wordsOf(said as keyof typeof meaning) : noWords;
  const [source = 0, ...others] = names.map(sourceOf);
  return { way: name, write, tag: member, source, others, words, said: wordOf(said) };
}

function sourceOf(name: string): number {
  const [plain = '', mark] = name.startsWith('entry.') ? [name.slice(6), entryMark] : [name, 0];
  assert(plain in tag, name);
  return tag[plain as keyof typeof tag] + mark;
}

const tables = new Map<string, WordTable>();

/** The words of one table, made once. */
export function wordsOf(name: keyof typeof meaning): WordTable {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const made = new WordTable(name);
  tables.set(name, made);
  return made;
}

const noWords = wordsOf('putOrCall');
