/**
 * The calendar date of a UTC time in a zone: `2026-11-10` of `2026-11-11T02:00:00Z` in `America/New_York`. Undefined
 * for a time that is none. The zone is the channel's, checked with its configuration.
 */
export function dateInZone(time: string, zone: string): string | undefined {
  const quarter = `${time.slice(0, 14)}${String(Math.floor(Number(time.slice(14, 16)) / 15) * 15).padStart(2, '0')}`;
  const key = `${zone} ${quarter}`;
  const known = dates.get(key);
  if (known !== undefined) return known;
  const instant = Date.parse(`${quarter}:00Z`);
  if (Number.isNaN(instant)) return undefined;
  const date = formatterOf(zone).format(instant);
  if (dates.size >= datesMax) dates.clear();
  dates.set(key, date);
  return date;
}

/** Offsets of zones are whole quarters of an hour since 1972, so a quarter of an hour has one date in each. */
const dates = new Map<string, string>();
const datesMax = 4096;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const options = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en-CA', options);
  formatters.set(zone, made);
  return made;
}
