import { shownText } from '../../src/core/bytes.ts';
import type { Dictionary, FieldFact } from './dictionary.ts';
import { formOk } from './formats.ts';
import type { Tell } from './structure.ts';
import { tokenStride } from './tokens.ts';

/**
 * Tells every value that is empty, has not the form of its type, or is not in the standard's list. Data fields are
 * taken as they are. Tags that the dictionary does not have are told by the structure.
 */
export function checkValues(bytes: Buffer, index: Int32Array, dictionary: Dictionary, tell: Tell): void {
  const { anyValue } = dictionary;
  for (let at = 0; at < index.length; at += tokenStride) {
    const tag = index[at] as number;
    const from = index[at + 1] as number;
    const to = index[at + 2] as number;
    if (tag === 0) continue;
    if (from === to) {
      tell('FIX_VALUE_EMPTY', at / tokenStride, tag, 'has no value');
      continue;
    }
    if (tag >= anyValue.length || anyValue[tag] === 1) continue;
    const fact = dictionary.field(tag);
    if (fact !== undefined) checkValue(bytes, from, to, fact, at / tokenStride, tell);
  }
}

function checkValue(
  bytes: Buffer,
  from: number,
  to: number,
  fact: FieldFact,
  field: number,
  tell: Tell,
): void {
  if (!formOk(fact.kind, bytes, from, to)) {
    tell('FIX_VALUE_FORMAT', field, fact.tag, `cannot be "${shown(bytes, from, to)}"`);
    return;
  }
  if (fact.values === undefined) return;
  if (to - from === 1 && fact.letters?.[bytes[from] as number] === 1) return;
  const text = bytes.toString('latin1', from, to);
  const words = fact.kind === 'words' ? text.split(' ') : [text];
  for (const word of words) {
    if (!fact.values.has(word)) tell('FIX_VALUE_ENUM', field, fact.tag, `does not list "${shownText(word)}"`);
  }
}

function shown(bytes: Buffer, from: number, to: number): string {
  return shownText(bytes.toString('latin1', from, Math.min(to, from + 80)));
}
