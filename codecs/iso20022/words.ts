import table from './tables/words.json' with { type: 'json' };

const abbreviations: ReadonlyMap<string, string> = new Map(Object.entries(table.abbreviations));
const codes: ReadonlyMap<string, string> = new Map(Object.entries(table.codes));

/**
 * The name of an element spelled out: `SfkpgAcct` is `Safekeeping account`. ISO 20022 makes names of elements from the words of its
 * dictionary, each shortened the same way everywhere; `tables/words.json` is our own list of them. A word that is not in it stays.
 */
export function nameInWords(local: string): string {
  const known = names.get(local);
  if (known !== undefined) return known;
  const words = local
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)/)
    .map((word) => abbreviations.get(word) ?? (/^[A-Z][a-z]/.test(word) ? word.toLowerCase() : word));
  const text = words.join(' ');
  const name = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  if (names.size < namesMax) names.set(local, name);
  return name;
}

/** Names that were asked for; bounded, because unknown elements may have any. */
const names = new Map<string, string>();
const namesMax = 5000;

/** What a code means under an element, as far as `tables/words.json` says; undefined where it does not. */
export function codeInWords(local: string, code: string): string | undefined {
  return codes.get(`${local}/${code}`) ?? codes.get(code);
}
