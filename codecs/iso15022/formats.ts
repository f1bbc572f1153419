import formats from './tables/formats.json' with { type: 'json' };

/**
 * Whether a value has the format of its tag and option; undefined where the table has none. Source of the notation: ISO
 * 15022, "field formats": `n` digits, `a` capitals, `c` capitals and digits, `x` the character set, `d` a number with a
 * comma that is always there, `e` blank; `4!c` exactly four, `16x` up to sixteen, `4*35x` up to four lines of up to
 * thirty-five, `[…]` may be left out, `$` a line end.
 */
export function formatOk(tag: string, value: string): boolean | undefined {
  return patternOf(tag)?.test(value);
}

/** `:4!c/[8c]/4!c`, as the standard writes it; undefined where the table has none. */
export function formatText(tag: string): string | undefined {
  return table.get(tag);
}

const table = new Map(Object.entries(formats));
const patterns = new Map<string, RegExp>();

function patternOf(tag: string): RegExp | undefined {
  const known = patterns.get(tag);
  const format = table.get(tag);
  if (known !== undefined || format === undefined) return known;
  const made = new RegExp(`^${sourceOf(format)}$`);
  patterns.set(tag, made);
  return made;
}

const classes: Readonly<Record<string, string>> = {
  n: '[0-9]',
  a: '[A-Z]',
  c: '[A-Z0-9]',
  x: "[A-Za-z0-9/\\-?:().,'+ ]",
  e: ' ',
};

const part = /(\d+)(?:(!)|\*(\d+))?([nacxde])|\[|\]|\$|ISIN|[^\d]/g;

function sourceOf(format: string): string {
  return format.replace(part, (text, count?: string, exact?: string, width?: string, kind?: string) => {
    if (kind !== undefined) return piece(Number(count), exact !== undefined, width, kind);
    if (text === '[') return '(?:';
    if (text === ']') return ')?';
    if (text === '$') return '\\r?\\n';
    return text.replace(/[/+.]/g, '\\$&');
  });
}

function piece(count: number, exact: boolean, width: string | undefined, kind: string): string {
  if (kind === 'd') return `(?=[0-9,]{2,${count}}(?![0-9,]))[0-9]+,[0-9]*`;
  const chars = classes[kind] ?? '.';
  if (width === undefined) return `${chars}${exact ? `{${count}}` : `{1,${count}}`}`;
  return `${chars}{1,${width}}(?:\\r?\\n${chars}{1,${width}}){0,${count - 1}}`;
}
