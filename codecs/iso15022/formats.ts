import { compileFormat, type FormatScanner } from './format-scan.ts';
import formats from './tables/formats.json' with { type: 'json' };

/** Whether a value has the format of its tag and option; undefined where the table has none. Notation: {@link compileFormat}. */
export function formatOk(tag: string, value: string): boolean | undefined {
  return scannerOf(tag)?.(value, 0, value.length);
}

/** The scanner of a tag's format, which judges a value where it stands; undefined where the table has none. */
export function scannerOf(tag: string): FormatScanner | undefined {
  const known = scanners.get(tag);
  const format = table.get(tag);
  if (known !== undefined || format === undefined) return known;
  const made = compileFormat(format);
  scanners.set(tag, made);
  return made;
}

/** `:4!c/[8c]/4!c`, as the standard writes it; undefined where the table has none. */
export function formatText(tag: string): string | undefined {
  return table.get(tag);
}

const table = new Map(Object.entries(formats));
const scanners = new Map<string, FormatScanner>();
