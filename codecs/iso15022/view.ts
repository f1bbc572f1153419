import type { JsonValue } from '../../src/core/json.ts';
import { envelopeView } from './envelope-view.ts';
import type { MtField } from './fields.ts';
import type { MtMessage } from './message.ts';
import type { SequenceFact } from './structure.ts';
import words from './tables/words.json' with { type: 'json' };
import { isSequence, type MtSequence } from './tree.ts';

type Row = { [key: string]: JsonValue | undefined };

/**
 * A message as JSON: its envelope, and its tree in wire order. A sequence has its code, its place in the structure and its
 * name; a field its tag and value, qualifier and issuer where it is generic, and the standard's words for what they say.
 */
export function viewOf(message: MtMessage): JsonValue {
  const { type, name, root, structure } = message;
  return {
    type,
    name,
    envelope: envelopeView(message),
    text: itemsOf(root, structure?.top ?? []),
  };
}

function itemsOf(sequence: MtSequence, facts: readonly SequenceFact[]): readonly JsonValue[] {
  return sequence.items.map((item) => {
    if (!isSequence(item)) return fieldRow(item);
    const fact = facts.find(({ id }) => id === item.id && id !== '');
    const named: Row = fact === undefined ? {} : { id: fact.id, name: fact.name };
    return { sequence: item.code, ...named, items: itemsOf(item, fact?.inner ?? []) };
  });
}

function fieldRow({ tag, value, qualifier, issuer, content }: MtField): Row {
  if (qualifier === '') return { tag, value, text: wordFor(`${tag}/${value}`) };
  return {
    tag,
    qualifier,
    name: wordFor(`${tag}::${qualifier}`) ?? wordFor(qualifier),
    issuer: issuer === '' ? undefined : issuer,
    value: content,
    text:
      issuer === ''
        ? (wordFor(`${tag}::${qualifier}/${content}`) ?? wordFor(`${tag}/${content}`))
        : undefined,
  };
}

const table = new Map(Object.entries(words));

function wordFor(key: string): string | undefined {
  return table.get(key);
}
