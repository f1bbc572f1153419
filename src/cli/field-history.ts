import { standardFacts } from '../../codecs/fix/load-dictionary.ts';

/** What the versions of FIX did to a field, a line each: `FIX.4.1: 7 Undisclosed, 8 Cross`. Empty for a field of nobody's. */
export function fieldHistory(tag: number): readonly string[] {
  const since = standardFacts().fields[tag] ?? {};
  return Object.entries(since).map(([version, told]) => {
    if (told === null) return `FIX.${version}: gone`;
    if (Array.isArray(told)) {
      const [name, type, values = {}] = told;
      const codes = Object.keys(values);
      return `FIX.${version}: ${name}, ${type}${codes.length === 0 ? '' : `, ${codes.length} values`}`;
    }
    const changes = Object.entries(told).map(([value, word]) =>
      word === null ? `${value} gone` : `${value} ${word}`,
    );
    return `FIX.${version}: ${changes.join(', ')}`;
  });
}

let names: ReadonlyMap<number, string> | undefined;

/** `(LeavesQty, FIX.4.1)`: what a tag is called where some version has it, and the first one that does. Empty where none has. */
export function nameElsewhere(tag: number): string {
  names ??= new Map(
    Object.entries(standardFacts().fields).map(([key, since]) => [Number(key), firstName(since)]),
  );
  return names.get(tag) ?? '';
}

function firstName(since: ReturnType<typeof standardFacts>['fields'][string]): string {
  const [version, row] = Object.entries(since)[0] ?? [];
  return Array.isArray(row) ? `(${row[0]}, FIX.${version})` : '';
}
