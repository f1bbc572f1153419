import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import {
  type Dictionary,
  dictionaryOf,
  type FixTable,
  fix,
  fixCodec,
  loadDictionary,
} from '../../codecs/fix/index.ts';
import { standardTable } from '../../codecs/fix/load-dictionary.ts';
import { neededIssues } from '../../codecs/fix/normalize.ts';
import { standardDataOf, Tokenizer } from '../../codecs/fix/tokens.ts';
import { writeFix } from '../../codecs/fix/write.ts';
import { limits } from '../../src/core/limits.ts';
import { anyMessage } from '../fix-laws/any-message.ts';
import { randomOf } from '../mutation.ts';
import { framesOf } from './fix-corpus.ts';
import { answerRounds, type Ways } from './rounds.ts';

/**
 * Our side of `fix.ts`: for each line that it is sent, which names a way of reading, takes one round over the messages of a file and
 * answers with the microseconds of one core that a message took. `decode` is the public codec. The others are the same codec by
 * dictionaries that ask for less: what a check costs is the difference.
 */
const corpus = framesOf(readFileSync(process.argv[2] ?? ''));
const table = standardTable('FIX.4.4');
const tokenizer = new Tokenizer();

/** The fields of a table with no more than a type and no list of values. */
function plainer(type: (own: string) => string, listed: boolean): FixTable['fields'] {
  const fields = Object.entries(table.fields).map(([tag, [name, own, values]]) => {
    const row = listed && values !== undefined ? [name, type(own), values] : [name, type(own)];
    return [tag, row];
  });
  return Object.fromEntries(fields) as FixTable['fields'];
}

function withoutRequired({ header, trailer, components, messages, ...rest }: FixTable): FixTable {
  const free = (text: string): string => text.replaceAll('!', '');
  return {
    ...rest,
    header: free(header),
    trailer: free(trailer),
    components: Object.fromEntries(Object.entries(components).map(([name, text]) => [name, free(text)])),
    messages: Object.fromEntries(
      Object.entries(messages).map(([type, [name, category, body]]) => [type, [name, category, free(body)]]),
    ),
  };
}

/** The whole codec by a dictionary of its own. */
function decodeBy(made: FixTable): () => void {
  const dictionary: Dictionary = dictionaryOf(made);
  const codec = fixCodec({ dictionary: () => dictionary });
  return () => every(corpus, codec.decode);
}

/** Messages of every type of every version; those of one type behind one another, and mixed. */
function ofAllVersions(): { readonly sorted: readonly Buffer[]; readonly mixed: readonly Buffer[] } {
  const random = randomOf(44);
  const editions: [string, string?][] = [
    ...['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4'].map((begin): [string] => [begin]),
    ...['7', '8', '9'].map((applVerId): [string, string] => ['FIXT.1.1', applVerId]),
  ];
  const sorted = editions.flatMap(([begin, applVerId]) => {
    const dictionary = loadDictionary(begin, applVerId);
    return dictionary.types.flatMap((type) =>
      Array.from({ length: 20 }, () => writeFix(begin, anyMessage(dictionary, type, random, applVerId))),
    );
  });
  const mixed = sorted.toSorted(() => random() - 0.5);
  return { sorted: stream(sorted), mixed: stream(mixed) };
}

/** Copies that lie behind one another. */
function stream(messages: readonly Uint8Array[]): readonly Buffer[] {
  const all = Buffer.concat(messages);
  let at = 0;
  return messages.map(({ length }) => {
    at += length;
    return all.subarray(at - length, at);
  });
}

function every(
  messages: readonly Buffer[],
  read: (frame: { bytes: Buffer }) => { issues: readonly unknown[] },
): void {
  for (const bytes of messages) {
    if (read({ bytes }).issues.length > 0) throw new Error(`not sound: ${bytes.toString('latin1')}`);
  }
}

const text = (): string => 'STRING';
const same = (type: string): string => type;
let all: ReturnType<typeof ofAllVersions> | undefined;

const ways: Ways = {
  decode: () => [corpus.length, () => every(corpus, fix.decode)],
  tokens: () => [corpus.length, tokens],
  places: () => [corpus.length, decodeBy(withoutRequired({ ...table, fields: plainer(text, false) }))],
  required: () => [corpus.length, decodeBy({ ...table, fields: plainer(text, false) })],
  forms: () => [corpus.length, decodeBy({ ...table, fields: plainer(same, false) })],
  needed: neededWay,
  sorted: () => allWay('sorted'),
  mixed: () => allWay('mixed'),
};

function tokens(): void {
  for (const bytes of corpus) tokenizer.read(bytes, standardDataOf, limits.fixFieldsMax);
}

/** Of a few messages, made when they are asked for: what is kept has to be collected around. */
function neededWay(): readonly [number, () => void] {
  const messages = corpus.slice(0, 2000).flatMap((bytes) => fix.decode({ bytes }).message ?? []);
  return [messages.length, () => messages.forEach((message) => void neededIssues(message))];
}

function allWay(order: 'sorted' | 'mixed'): readonly [number, () => void] {
  all ??= ofAllVersions();
  const messages = all[order];
  return [messages.length, () => messages.forEach((bytes) => void fix.decode({ bytes }))];
}

await answerRounds(ways);
