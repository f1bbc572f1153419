import { type Micros, microsOfIso } from '../core/clock.ts';

/** The instant of a time that says its zone by `Z` or an offset; undefined for any other text. */
export function instantOf(text: string | undefined): Micros | undefined {
  if (text === undefined) return undefined;
  const exact = microsOfIso(text);
  if (exact !== undefined || !/(?:Z|[+-]\d\d:\d\d)$/.test(text)) return exact;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis * 1000;
}
