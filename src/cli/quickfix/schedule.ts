import { assume, type Draft, left, put, take, takeYesNo, wrong } from './draft.ts';
import type { Setting } from './settings.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The hours of a session. Source: QuickFIX, "Configuring QuickFIX"; its Java edition for zones behind a time. */
export function readSchedule(draft: Draft): void {
  const nonStop = takeYesNo(draft, 'NonStopSession');
  const [start, end] = [take(draft, 'StartTime'), take(draft, 'EndTime')];
  const [startDay, endDay] = [take(draft, 'StartDay'), take(draft, 'EndDay')];
  const days = take(draft, 'Weekdays');
  const zone = zoneOf(draft, [start, end]);
  if (nonStop === true) {
    put(draft, 'schedule.nonStop', true, draft.settings.get('nonstopsession'));
    for (const one of [start, end, startDay, endDay, days]) left(draft, one, 'NonStopSession=Y has no times');
    return;
  }
  if (start === undefined && end === undefined) {
    for (const one of [startDay, endDay, days]) wrong(draft, one, 'it needs StartTime and EndTime');
    return;
  }
  const [from, to] = [timeOf(draft, start), timeOf(draft, end)];
  if (from === undefined || to === undefined) {
    const missing = start === undefined || end === undefined;
    if (missing) wrong(draft, start ?? end, 'StartTime and EndTime belong together');
    return;
  }
  put(draft, 'schedule.zone', zone.name, ...zone.from);
  if (zone.assumed !== undefined) assume(draft, 'schedule.zone', zone.name, zone.assumed, zone.changes);
  put(draft, 'schedule.startTime', from, start);
  put(draft, 'schedule.endTime', to, end);
  readDays(draft, startDay, endDay, days);
}

function readDays(draft: Draft, startDay?: Setting, endDay?: Setting, days?: Setting): void {
  if ((startDay === undefined) !== (endDay === undefined)) {
    wrong(draft, startDay ?? endDay, 'StartDay and EndDay belong together');
    return;
  }
  for (const [option, setting] of [
    ['schedule.startDay', startDay],
    ['schedule.endDay', endDay],
  ] as const) {
    const day = setting === undefined ? undefined : dayOf(setting.value);
    if (day !== undefined) put(draft, option, day, setting);
    else wrong(draft, setting, 'it is no weekday');
  }
  if (days === undefined) return;
  const named = days.value.split(/[,;\s]+/).filter((day) => day !== '');
  const known = named.flatMap((day) => dayOf(day) ?? []);
  if (known.length < named.length || known.length === 0) wrong(draft, days, 'it is no list of weekdays');
  else if (startDay !== undefined) wrong(draft, days, 'StartDay and EndDay are there already');
  else put(draft, 'schedule.weekdays', known, days);
}

/** `mon`, `Monday`: QuickFIX reads the first two letters. Source: QuickFIX 1.15.1, Dictionary.cpp, getDay. */
function dayOf(text: string): string | undefined {
  if (text.length < 2) return undefined;
  return weekdays.find((day) => day.startsWith(text.slice(0, 2).toLowerCase()));
}

function timeOf(draft: Draft, setting: Setting | undefined): string | undefined {
  if (setting === undefined) return undefined;
  const found = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(?=$|\s)/.exec(setting.value)?.[0];
  if (found === undefined) wrong(draft, setting, 'it is no time of day, HH:MM:SS');
  return found;
}

interface ZoneFound {
  readonly name: string;
  readonly from: readonly Setting[];
  /** Why, where no line names a zone. */
  readonly assumed?: string;
  readonly changes: boolean;
}

/** A zone behind the times, TimeZone, the machine's with UseLocalTime=Y, else UTC. */
function zoneOf(draft: Draft, times: readonly (Setting | undefined)[]): ZoneFound {
  const named = take(draft, 'TimeZone');
  const local = takeYesNo(draft, 'UseLocalTime');
  const localLine = draft.settings.get('uselocaltime');
  const behind = times.flatMap((time) => /^\S+\s+(\S+)$/.exec(time?.value ?? '')?.[1] ?? []);
  const name = behind[0] ?? named?.value;
  const plain = { from: [], changes: false };
  if (new Set(behind).size > 1) wrong(draft, times[1], 'a schedule has one zone, the one of StartTime');
  if (name !== undefined && isZone(name)) {
    left(draft, localLine, 'TimeZone says it');
    if (behind.length > 0) left(draft, named, 'the times have a zone of their own');
    return { ...plain, name, from: behind.length > 0 || named === undefined ? [] : [named] };
  }
  if (name !== undefined && !/^local$/i.test(name)) {
    wrong(draft, named ?? times[0], 'it is no IANA time zone; UTC stands in its place');
    return { ...plain, name: 'UTC' };
  }
  if (local === true || name !== undefined) {
    const why =
      'the machine on which this was read is taken for the one on which it ran; see that its zone is meant';
    left(draft, named ?? localLine, why, true);
    return { name: Intl.DateTimeFormat().resolvedOptions().timeZone, from: [], assumed: why, changes: true };
  }
  left(draft, localLine, 'schedule.zone says UTC');
  return { ...plain, name: 'UTC', assumed: 'QuickFIX counts in UTC where nothing else is said' };
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
