const offset = /^(?:Z|UTC|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;
const formats = new Map<string, Intl.DateTimeFormat | undefined>();
/** Zones that are kept: a file names one, a hostile one a new one a line. */
const formatsMax = 64;

/** True for an IANA name, `UTC`, `Z`, or an offset such as `-05:00` or `-0500`. */
export function isZone(text: string): boolean {
  return offset.test(text) || formatOf(text) !== undefined;
}

/**
 * A local time with the offset that its zone had then: `2026-11-10T18:00:00-05:00`. A time that came twice, when clocks
 * went back, is the first of the two; one that never came counts by the offset before the change. Undefined where the
 * zone is none.
 */
export function withOffset(local: string, zone: string): string | undefined {
  if (offset.test(zone)) return local + offsetText(zone);
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return undefined;
  // The offset of a day earlier is the one before any change of this day: by it the first of two equal times is found.
  const before = offsetAt(format, wall - 86_400_000);
  const after = offsetAt(format, wall + 86_400_000);
  const first = wall - before * 60_000;
  const minutes = offsetAt(format, first) === before ? before : after;
  const agreed = offsetAt(format, wall - minutes * 60_000) === minutes ? minutes : before;
  return local + minutesText(agreed);
}

function offsetText(zone: string): string {
  if (zone === 'Z' || zone === 'UTC') return 'Z';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** Nothing changed before it. `Date.UTC` takes a year below 100 for one of the last century; 0001-01-01 stands for no date. */
const earliest = Date.UTC(1000, 0, 1);

/** Minutes that a zone is ahead of UTC at an instant. */
function offsetAt(format: Intl.DateTimeFormat, given: number): number {
  const instant = Math.max(given, earliest);
  const part = new Map(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]),
  );
  const at = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
  const wall = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return Math.round((wall - instant) / 60_000);
}

function minutesText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,39}$/.test(zone)) return undefined;
  if (!formats.has(zone)) {
    if (formats.size >= formatsMax) formats.clear();
    formats.set(zone, madeFormat(zone));
  }
  return formats.get(zone);
}

function madeFormat(zone: string): Intl.DateTimeFormat | undefined {
  const two = '2-digit' as const;
  const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...parts,
      timeZone: zone,
      hourCycle: 'h23',
      calendar: 'gregory',
    });
  } catch {
    // The engine has no other way to say that it does not know a zone.
    return undefined;
  }
}
