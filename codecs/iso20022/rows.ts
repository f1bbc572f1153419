import type { JsonValue } from '../../src/core/json.ts';
import type { MxParts } from './message.ts';
import type { ComplexType, SchemaType } from './schema.ts';
import { elementsIn, type MxElement, textIn } from './tree.ts';
import { codeInWords, nameInWords } from './words.ts';

/**
 * A message for people, element by element: its name on the wire, in words, its value, and what a code means; in `items` what stands
 * inside. `line` and `column` say where, so that an issue can stand beside it. Values that name an account are marked personal.
 */
export function rowsOf({ header, content, schema, root }: MxParts): readonly JsonValue[] {
  const message = rowOf(content, schema?.type, []);
  if (header === undefined || header === root) return [message];
  return [rowOf(header, undefined, []), message];
}

function rowOf(element: MxElement, type: SchemaType | undefined, above: readonly string[]): JsonValue {
  const { local, uri, line, column } = element;
  const inner = elementsIn(element);
  const path = [...above, local];
  const said = element.attributes.filter(({ name }) => !/^xmlns(:|$)/.test(name));
  const value = inner.length === 0 || textIn(element).trim() !== '' ? textIn(element).trim() : '';
  const text = value === '' ? undefined : wordOf(path, value, type);
  return {
    element: local,
    name: nameInWords(local),
    ...(value !== '' && { value }),
    ...(said.length > 0 && { attributes: said.map((one) => ({ name: one.name, value: one.value })) }),
    ...(text !== undefined && { text }),
    ...(personal(path) && value !== '' && { personal: 'account' }),
    line,
    column,
    ...(inner.length > 0 && {
      items: inner.map((one) => rowOf(one, one.uri === uri ? typeIn(type, one.local) : undefined, path)),
    }),
  };
}

function typeIn(type: SchemaType | undefined, local: string): SchemaType | undefined {
  return type?.kind === 'complex' ? (type as ComplexType).parts.get(local)?.type() : undefined;
}

/** Words of a code: of a type with a list, or of an element that the standard keeps for codes. */
function wordOf(path: readonly string[], value: string, type: SchemaType | undefined): string | undefined {
  const local = path.at(-1) ?? '';
  const listed = type?.kind === 'simple' && type.codes !== undefined;
  if (!listed && local !== 'Cd' && local !== 'DtCd') return undefined;
  return codeInWords(local === 'Cd' ? (path.at(-2) ?? '') : local, value);
}

/** An id of an account: `SfkpgAcct/Id`, `Acct/Id/Othr/Id`, `IBAN`. */
function personal(path: readonly string[]): boolean {
  const local = path.at(-1);
  if (local === 'IBAN' || (local ?? '').endsWith('Acct')) return true;
  return local === 'Id' && path.slice(-4, -1).some((name) => /Acct$/.test(name));
}
