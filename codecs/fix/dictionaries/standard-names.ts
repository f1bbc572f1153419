import type { FixTable } from '../dictionary.ts';
import { overTransport, standardTable } from '../load-dictionary.ts';
import { applications, transport } from '../versions.ts';

/** The versions of the standard by the names that people give them: `FIX.4.4`, `FIX.5.0SP2`, `FIXT.1.1`. */
export const dictionaryNames: readonly string[] = [...applications, transport];

/**
 * The table of a version as it is spoken: application messages of FIX 5.0 and later between header and trailer of FIXT. Undefined where
 * the standard has no version of the name.
 */
export function standardWhole(name: string): FixTable | undefined {
  return dictionaryNames.includes(name) ? spoken(standardTable(name)) : undefined;
}

/** A table as it is spoken: one without a header stands between those of FIXT. */
export function spoken(table: FixTable): FixTable {
  return table.header === '' ? overTransport(standardTable(transport), table) : table;
}
