import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly head: string;
  readonly align?: 'right';
  /** May be cut where the terminal is too narrow; its full text is in `--json`. */
  readonly shrinks?: boolean;
}

/** Blanks between two columns. */
const gap = 2;

/** Rows as lines with columns under their heads; widths fit the rows, and the terminal where there is one. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  columnsMax?: number,
): string[] {
  const widths = fitted(columns, natural(columns, rows), columnsMax);
  const head = rowLine(
    columns,
    columns.map((column) => column.head),
    widths,
  );
  return [head, ...rows.map((row) => rowLine(columns, row, widths))];
}

/**
 * A table that streams: rows are gathered into pages, the first page's head is printed once, and widths only grow. So
 * a log of any size prints with bounded memory.
 */
export function tableWriter(
  columns: readonly Column[],
  print: (line: string) => Promise<void>,
  columnsMax?: number,
  pageRows = 200,
): { row(cells: readonly string[]): Promise<void>; flush(): Promise<void> } {
  let page: (readonly string[])[] = [];
  let widths: readonly number[] | undefined;
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    const rows = page;
    page = [];
    const first = widths === undefined;
    const grown = natural(columns, rows).map((width, index) => Math.max(width, widths?.[index] ?? 0));
    widths = fitted(columns, grown, columnsMax);
    const heads = columns.map((column) => column.head);
    if (first) await print(rowLine(columns, heads, widths));
    for (const row of rows) await print(rowLine(columns, row, widths));
  };
  return {
    async row(cells) {
      page.push(cells);
      if (page.length >= pageRows) await flush();
    },
    flush,
  };
}

/** Cells of a terminal that a text takes: escape sequences take none, combining marks none, wide characters two. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text)))
    width += wide.test(segment) ? 2 : 1;
  return width;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** East Asian wide and emoji. Source: Unicode UAX #11, the ranges in use. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function natural(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, textWidth(row[index] ?? '')), textWidth(column.head)),
  );
}

/** Takes what is too wide from the shrinking columns, widest first, and leaves each at least eight cells. */
function fitted(columns: readonly Column[], widths: readonly number[], columnsMax?: number): number[] {
  const fit = [...widths];
  if (columnsMax === undefined) return fit;
  let over = fit.reduce((sum, width) => sum + width + gap, -gap) - columnsMax;
  while (over > 0) {
    const at = widestShrinking(columns, fit);
    if (at < 0) break;
    fit[at] = (fit[at] ?? 0) - 1;
    over -= 1;
  }
  return fit;
}

function widestShrinking(columns: readonly Column[], widths: readonly number[]): number {
  let best = -1;
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (column.shrinks === true && width > 8 && width > (widths[best] ?? 0)) best = index;
  }
  return best;
}

function rowLine(columns: readonly Column[], cells: readonly string[], widths: readonly number[]): string {
  const padded = columns.map((column, index) => {
    const cell = cut(cells[index] ?? '', widths[index] ?? 0);
    const fill = ' '.repeat(Math.max(0, (widths[index] ?? 0) - textWidth(cell)));
    return column.align === 'right' ? fill + cell : cell + fill;
  });
  return padded.join(' '.repeat(gap)).trimEnd();
}

function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const plain = stripVTControlCharacters(text);
  let kept = '';
  for (const { segment } of graphemes.segment(plain)) {
    if (textWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A table whose last column goes under its row where the terminal is too narrow for it: a cause cut short is none. */
export function foldedLines(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number | undefined,
): string[] {
  const whole = tableLines(columns, cells);
  if (width === undefined || whole.every((line) => textWidth(line) <= width)) return whole;
  const [head = '', ...body] = tableLines(columns.slice(0, -1), cells, width);
  return [head, ...body.flatMap((line, at) => [line, ...wrapped(cells[at]?.at(-1) ?? '', width, '    ')])];
}

/** Text in lines of at most so many characters, broken between words. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - indent.length) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}
