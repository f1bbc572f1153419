const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar date (`YYYY-MM-DD`) that it was in an IANA zone at an instant, daylight saving time included.
 * `isoUtcText` is ISO 8601 with `Z` or an offset. Throws a `RangeError` for a zone or an instant that does not exist:
 * configuration is checked before, so that is our own bug.
 */
export function dateInZone(isoUtcText: string, ianaZone: string): string {
  let format = formats.get(ianaZone);
  if (format === undefined) {
    // Canada writes dates as ISO 8601 does, but only parts are promised to stay as they are.
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-CA', { ...parts, timeZone: ianaZone, calendar: 'gregory' });
    formats.set(ianaZone, format);
  }
  const part = new Map(format.formatToParts(new Date(isoUtcText)).map(({ type, value }) => [type, value]));
  return `${part.get('year')?.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`;
}
