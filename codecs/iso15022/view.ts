import type { JsonValue } from '../../src/core/json.ts';
import { envelopeView } from './envelope-view.ts';
import { fieldText } from './field-text.ts';
import { fieldWord } from './field-words.ts';
import type { MtField } from './fields.ts';
import type { MtMessage } from './message.ts';
import type { SequenceFact } from './structure.ts';
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
    return { sequence: item.code, ...named, at: item.from, items: itemsOf(item, fact?.inner ?? []) };
  });
}

function fieldRow(field: MtField): Row {
  const { tag, value, qualifier, issuer, content, from } = field;
  const generic = qualifier !== '';
  return {
    tag,
    qualifier: generic ? qualifier : undefined,
    name: given(fieldWord(field)),
    issuer: given(issuer),
    value: generic ? content : value,
    text: given(fieldText(field)),
    personal: holdsAccount(field) ? 'account' : undefined,
    at: from,
  };
}

/** Numbers of accounts are personal. Source: ISO 15022, fields 97a and 25. */
function holdsAccount({ tag, content }: MtField): boolean {
  return /^(97[ABDE]|25P?)$/.test(tag) && content !== '';
}

function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}
