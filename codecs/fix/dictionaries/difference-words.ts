import type { FixTable } from '../dictionary.ts';
import type { Difference } from './difference.ts';
import { calledIn, messageIn, rowIn } from './members.ts';

/** Messages that are named in a sentence; of more, the number. */
const namedMax = 4;

/** A departure as a sentence, in the names of the dictionary that has them. */
export function differenceText(difference: Difference, ours: FixTable, theirs: FixTable): string {
  const { kind, tag = 0, value = '', before = '', after = '' } = difference;
  const named = (number: number): string =>
    theirs.fields[number] === undefined ? calledIn(ours, number) : calledIn(theirs, number);
  const field = named(tag);
  const where = whereOf(difference, ours, theirs, named);
  switch (kind) {
    case 'field-added':
      return `${field} is a new field of type ${after}`;
    case 'field-removed':
      return `${field} is no field any more`;
    case 'field-renamed':
      return `${tag} is called ${after}, not ${before}`;
    case 'type-changed':
      return `${field} is of type ${after}, not ${before}`;
    case 'list-added':
      return `${field} takes listed values only`;
    case 'list-removed':
      return `${field} takes any value, not only listed ones`;
    case 'value-added':
      return `${field} takes ${value} as well: ${after}`;
    case 'value-removed':
      return `${field} does not take ${value} any more: ${before}`;
    case 'value-renamed':
      return `${field}: ${value} means ${after}, not ${before}`;
    case 'message-added':
      return `${where} is a new message`;
    case 'message-removed':
      return `${where} is no message any more`;
    case 'message-renamed':
      return `the message ${difference.types.join(', ')} is called ${after}, not ${before}`;
    case 'category-changed':
      return `${where} is of category ${after}, not ${before}`;
    case 'member-added':
      return `${where} may hold ${field}`;
    case 'member-removed':
      return `${where} does not hold ${field} any more`;
    case 'member-moved':
      return `${where} holds ${field} here, not ${before === '' ? 'outside of the group' : `in ${before.split('/').map(Number).map(named).join(' / ')}`}`;
    case 'required-now':
      return `${where} needs ${field}`;
    case 'optional-now':
      return `${where} does not need ${field} any more`;
    case 'group-now':
      return `${where} has ${field} as the count of a repeating group, not as a plain field`;
    case 'field-now':
      return `${where} has ${field} as a plain field, not as the count of a repeating group`;
    case 'entry-begins':
      return `${where} begins with ${field}`;
    case 'order-changed':
      return `${where} has its fields in another order: ${after}, not ${before}`;
  }
}

function whereOf(
  { types, groups }: Difference,
  ours: FixTable,
  theirs: FixTable,
  named: (tag: number) => string,
): string {
  const messages = types.map((type) => {
    if (type === 'header' || type === 'trailer') return `the ${type}`;
    return rowIn(theirs.messages, type) === undefined ? messageIn(ours, type) : messageIn(theirs, type);
  });
  const shown =
    messages.length <= namedMax
      ? listed(messages)
      : `${messages.slice(0, namedMax - 1).join(', ')} and ${messages.length - namedMax + 1} other messages`;
  if (groups.length === 0) return shown;
  const entry = `an entry of ${groups.map(named).join(' / ')}`;
  return shown === '' ? entry : `${entry} in ${shown}`;
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
