/**
 * `YYYY-MM-DD` of a date or a time; undefined where that is no date of the calendar. Source: XML Schema Part 2, date and
 * dateTime.
 */
export function dateIn(text: string): string | undefined {
  const date = /^\d{4}-\d\d-\d\d(?=$|[TZ+-])/.exec(text)?.[0];
  if (date === undefined) return undefined;
  const made = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(date) ? date : undefined;
}

/** A time with its zone as it was said; undefined for anything else. Source: XML Schema Part 2, dateTime. */
export function timeIn(text: string | undefined): string | undefined {
  const form = /T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/;
  return text !== undefined && form.test(text) && dateIn(text) !== undefined ? text : undefined;
}
