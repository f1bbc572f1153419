import type { MtField } from './fields.ts';
import words from './tables/words.json' with { type: 'json' };

/** What a field says, in words: `Settlement date` for `:98A::SETT`; empty where no table names it. */
export function fieldWord({ tag, qualifier }: MtField): string {
  const any = `${numberOf(tag)}a`;
  if (qualifier === '') return first([tag, `${tag}:`, any]);
  return first([`${tag}::${qualifier}`, `${any}::${qualifier}`, qualifier, tag, any]);
}

/** The word for a code of the standard in a field: `Against payment` for `APMT` of `:22H::PAYM`; empty where there is none. */
export function codeWord({ tag, qualifier }: MtField, code: string): string {
  const any = `${numberOf(tag)}a`;
  return first([
    `${tag}::${qualifier}/${code}`,
    `${any}::${qualifier}/${code}`,
    `${tag}/${code}`,
    `${any}/${code}`,
    code,
  ]);
}

/** The word of a list that belongs to no one field: `quantity/UNIT`. */
export function listWord(list: string, code: string): string {
  return first([`${list}/${code}`]);
}

const table = new Map(Object.entries(words));

function first(keys: readonly string[]): string {
  for (const key of keys) {
    const word = table.get(key);
    if (word !== undefined) return word;
  }
  return '';
}

function numberOf(tag: string): string {
  return tag.replace(/[A-Z]$/, '');
}
