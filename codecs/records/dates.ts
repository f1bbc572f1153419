/** How dates and times may be written, by the name of the format. CC stands for the century, as in CCYYMMDD. */
export interface TimeFormat {
  readonly width: number;
  read(text: string): string | undefined;
  write(value: string): string | undefined;
}

const dateFormats: Readonly<Record<string, TimeFormat>> = {
  CCYYMMDD: pattern(/^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)$/, 8, (y, m, d) => y + m + d),
  'CCYY-MM-DD': pattern(/^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/, 10, (y, m, d) => `${y}-${m}-${d}`),
  MMDDCCYY: pattern(/^(?<m>\d\d)(?<d>\d\d)(?<y>\d{4})$/, 8, (y, m, d) => m + d + y),
  'MM/DD/CCYY': pattern(/^(?<m>\d\d)\/(?<d>\d\d)\/(?<y>\d{4})$/, 10, (y, m, d) => `${m}/${d}/${y}`),
  CCYYDDD: { width: 7, read: readDayOfYear, write: writeDayOfYear },
};

const timeFormats: Readonly<Record<string, TimeFormat>> = {
  HHMMSS: clock(/^(\d\d)(\d\d)(\d\d)$/, 6, ''),
  'HH:MM:SS': clock(/^(\d\d):(\d\d):(\d\d)$/, 8, ':'),
};

const timestampFormats: Readonly<Record<string, TimeFormat>> = {
  CCYYMMDDHHMMSS: stamp('CCYYMMDD', '', 'HHMMSS'),
  'CCYY-MM-DDTHH:MM:SS': stamp('CCYY-MM-DD', 'T', 'HH:MM:SS'),
  'CCYY-MM-DD HH:MM:SS': stamp('CCYY-MM-DD', ' ', 'HH:MM:SS'),
};

const formats = { date: dateFormats, time: timeFormats, timestamp: timestampFormats };
const usual = { date: 'CCYYMMDD', time: 'HHMMSS', timestamp: 'CCYYMMDDHHMMSS' };

export type TimeKind = keyof typeof formats;

export function isTimeKind(kind: string): kind is TimeKind {
  return Object.hasOwn(formats, kind);
}

export function formatNames(kind: TimeKind): readonly string[] {
  return Object.keys(formats[kind]);
}

/** The format of this name; the usual one where none is named; undefined where there is none of the name. */
export function timeFormat(kind: TimeKind, name: string | undefined): TimeFormat | undefined {
  const known = formats[kind];
  const wanted = name ?? usual[kind];
  return Object.hasOwn(known, wanted) ? known[wanted] : undefined;
}

type Joined = (year: string, month: string, day: string) => string;

function pattern(shape: RegExp, width: number, join: Joined): TimeFormat {
  return {
    width,
    read: (text) => {
      const { y = '', m = '', d = '' } = shape.exec(text)?.groups ?? {};
      return isDate(y, m, d) ? `${y}-${m}-${d}` : undefined;
    },
    write: (value) => {
      const [, y = '', m = '', d = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
      return isDate(y, m, d) ? join(y, m, d) : undefined;
    },
  };
}

function isDate(year: string, month: string, day: string): boolean {
  const days = daysIn(Number(year), Number(month));
  return year !== '' && Number(day) >= 1 && Number(day) <= days;
}

/** Days of a month; 0 for no month. */
function daysIn(year: number, month: number): number {
  if (month === 2) return leap(year) ? 29 : 28;
  if (month < 1 || month > 12 || !Number.isInteger(month)) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function leap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function readDayOfYear(text: string): string | undefined {
  const match = /^(\d{4})(\d{3})$/.exec(text);
  const year = Number(match?.[1]);
  let day = Number(match?.[2]);
  if (match === null || day < 1 || day > (leap(year) ? 366 : 365)) return undefined;
  let month = 1;
  while (day > daysIn(year, month)) day -= daysIn(year, month++);
  return `${match[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function writeDayOfYear(value: string): string | undefined {
  const [, y = '', m = '', d = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  if (!isDate(y, m, d)) return undefined;
  let day = Number(d);
  for (let month = 1; month < Number(m); month++) day += daysIn(Number(y), month);
  return y + String(day).padStart(3, '0');
}

function clock(shape: RegExp, width: number, between: string): TimeFormat {
  return {
    width,
    read: (text) => {
      const [, h = '', m = '', s = ''] = shape.exec(text) ?? [];
      return isClock(h, m, s) ? `${h}:${m}:${s}` : undefined;
    },
    write: (value) => {
      const [, h = '', m = '', s = ''] = /^(\d\d):(\d\d):(\d\d)$/.exec(value) ?? [];
      return isClock(h, m, s) ? [h, m, s].join(between) : undefined;
    },
  };
}

function isClock(hours: string, minutes: string, seconds: string): boolean {
  return hours !== '' && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
}

function stamp(dateName: string, between: string, timeName: string): TimeFormat {
  const date = dateFormats[dateName];
  const time = timeFormats[timeName];
  const dateWidth = date?.width ?? 0;
  return {
    width: dateWidth + between.length + (time?.width ?? 0),
    read: (text) => {
      const day = date?.read(text.slice(0, dateWidth));
      const at = time?.read(text.slice(dateWidth + between.length));
      const separated = text.slice(dateWidth, dateWidth + between.length) === between;
      return day !== undefined && at !== undefined && separated ? `${day}T${at}` : undefined;
    },
    write: (value) => {
      const [day = '', at = ''] = value.split('T');
      const written = [date?.write(day), time?.write(at)];
      return written.includes(undefined) ? undefined : written.join(between);
    },
  };
}
