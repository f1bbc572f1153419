/**
 * Where a text ends and what is behind it. `line`: as the standard ends it; `glued`: the end stands there, but not on a line of its own; `none`: the
 * text goes to the end of the bytes.
 */
export interface TextEnd {
  readonly to: number;
  readonly behind: number;
  readonly how: 'line' | 'glued' | 'none';
}

/** `-}` behind a line end, or at once; else `-}` or `}` before block 5 or S or at the end. Source: the structure of a FIN message, block 4. */
export function textEnd(text: string, from: number): TextEnd {
  for (let close = text.indexOf('-}', from); close >= 0; close = text.indexOf('-}', close + 1)) {
    if (close === from || text.charCodeAt(close - 1) === 0x0a)
      return { to: close, behind: close + 2, how: 'line' };
  }
  return gluedEnd(text, from) ?? { to: text.length, behind: text.length, how: 'none' };
}

const trailers = /\}[ \t\r\n]*\{[5S]:/g;

/** An end that does not stand on a line of its own. */
function gluedEnd(text: string, from: number): TextEnd | undefined {
  trailers.lastIndex = from;
  const at = trailers.exec(text)?.index ?? lastBrace(text);
  if (at < from) return undefined;
  const to = at > from && text.charCodeAt(at - 1) === 0x2d ? at - 1 : at;
  return { to, behind: at + 1, how: 'glued' };
}

/** Offset of a brace that only separators follow; -1 where none does. */
function lastBrace(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && separates(text.charCodeAt(at))) at--;
  return text.charCodeAt(at) === 0x7d ? at : -1;
}

/** A line that is a dash alone, or `-}`, which some write. Source: GSD interactive messaging specification, "message terminator". */
export function ficcTextEnd(text: string, from: number): TextEnd {
  for (let line = from; line < text.length; ) {
    if (text.charCodeAt(line) === 0x2d) {
      const next = text.charCodeAt(line + 1);
      if (next === 0x7d) return { to: line, behind: line + 2, how: 'line' };
      if (line + 1 >= text.length || endsFiccLine(next)) return { to: line, behind: line + 1, how: 'line' };
    }
    const found = text.indexOf('\n', line);
    if (found < 0) break;
    line = found + 1;
  }
  return { to: text.length, behind: text.length, how: 'none' };
}

/** What may stand behind the dash that ends a text: a line end, NUL, ETX or `$`. A blank makes it a line of narrative. */
export function endsFiccLine(code: number | undefined): boolean {
  return code === 0x0a || code === 0x0d || code === 0 || code === 3 || code === 0x24;
}

/** Blanks, line ends, NUL, SOH, ETX, `$`: what stands between messages. */
export function separates(code: number | undefined): boolean {
  return (
    code === 0x20 ||
    code === 0x0a ||
    code === 0x0d ||
    code === 0x09 ||
    code === 0 ||
    code === 3 ||
    code === 0x24 ||
    code === 1
  );
}
