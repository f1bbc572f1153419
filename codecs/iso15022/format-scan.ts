/**
 * Whether the characters of `text` between two offsets have a format. Nothing is sliced and nothing is kept, so one scanner
 * serves every field of its tag.
 */
export type FormatScanner = (text: string, from: number, to: number) => boolean;

/**
 * The scanner of a field format in the notation of ISO 15022; the whole value has to fit. `n` digits, `a` capitals, `c` capitals
 * and digits, `h` hexadecimal digits, `x`, `y` and `z` the character sets, `d` a number with a comma that is always there, `e`
 * blanks; `4!c` exactly four, `16x` one to sixteen, `4*35x` one to four lines of one to thirty-five, `[…]` may be left out, `$` a line end
 * (LF or CRLF), `(A|B)` one of two; anything else stands for itself. Source: ISO 15022, "field formats"; SWIFT standards, general information,
 * "character restrictions".
 *
 * What is long is tried first, and what is shorter where the rest then does not fit: `[8c]/4!c` and `2!a2!c[3!c]` have one reading each.
 */
export function compileFormat(notation: string): FormatScanner {
  const { parts, at } = partsOf(notation, 0);
  if (at < notation.length) throw new Error(`the format ${notation} has a bracket too many`);
  return parts.reduceRight<FormatScanner>((next, part) => part(next), atEnd);
}

/** The character sets by the letters that formats name them with: one bit each. */
export const characterSets = { n: 1, a: 2, c: 4, h: 8, x: 16, y: 32, z: 64, e: 128, ficc: 256 } as const;

/**
 * For each character below U+0100, the sets that it is in. Line ends are in none: what lies between them is judged. `ficc`: the
 * subset of the clearing corporation's interactive messages, letters, digits, blank and `:/,-`.
 */
export const setsOf: Uint16Array = madeSets();

function madeSets(): Uint16Array {
  const table = new Uint16Array(65_536);
  const digits = '0123456789';
  const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const letters = capitals + capitals.toLowerCase();
  const x = `${letters}${digits}/-?:().,'+ `;
  const members: readonly (readonly [number, string])[] = [
    [characterSets.n, digits],
    [characterSets.a, capitals],
    [characterSets.c, capitals + digits],
    [characterSets.h, `${digits}ABCDEF`],
    [characterSets.x, x],
    [characterSets.y, `${capitals}${digits} .,-()/='+:?!"%&*<>;`],
    [characterSets.z, `${x}=!"%&*<>;{@#_`],
    [characterSets.e, ' '],
    [characterSets.ficc, `${letters}${digits} :/,-`],
  ];
  for (const [bit, characters] of members) {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      table[code] = (table[code] ?? 0) | bit;
    }
  }
  return table;
}

/** A part of a format: with what has to fit behind it, a scanner. */
type Part = (next: FormatScanner) => FormatScanner;

const atEnd: FormatScanner = (_, from, to) => from === to;
const piece = /(\d+)(?:(!)|\*(\d+))?([nachxyzed])/y;

/** The parts up to a closing bracket or bar or the end, and where that is. */
function partsOf(notation: string, from: number): { readonly parts: readonly Part[]; readonly at: number } {
  const parts: Part[] = [];
  let at = from;
  while (at < notation.length && !'])|'.includes(notation.charAt(at))) {
    piece.lastIndex = at;
    const found = piece.exec(notation);
    if (found !== null) {
      parts.push(pieceOf(found));
      at = piece.lastIndex;
    } else if (notation[at] === '[') {
      const inner = partsOf(notation, at + 1);
      parts.push(choice([inner.parts, []]));
      at = closing(notation, inner.at, ']');
    } else if (notation[at] === '(') {
      const ways = waysOf(notation, at + 1);
      parts.push(choice(ways.ways));
      at = closing(notation, ways.at, ')');
    } else {
      parts.push(notation[at] === '$' ? lineEnd : literal(notation.charCodeAt(at)));
      at++;
    }
  }
  return { parts, at };
}

function waysOf(notation: string, from: number): { readonly ways: readonly (readonly Part[])[]; at: number } {
  const first = partsOf(notation, from);
  if (notation[first.at] !== '|') return { ways: [first.parts], at: first.at };
  const rest = waysOf(notation, first.at + 1);
  return { ways: [first.parts, ...rest.ways], at: rest.at };
}

function closing(notation: string, at: number, bracket: string): number {
  if (notation[at] !== bracket) throw new Error(`the format ${notation} lacks ${bracket}`);
  return at + 1;
}

/** One of several; the first that fits with what comes behind. */
function choice(ways: readonly (readonly Part[])[]): Part {
  return (next) => {
    const [first = next, second, ...more] = ways.map((parts) =>
      parts.reduceRight<FormatScanner>((behind, part) => part(behind), next),
    );
    if (second === undefined) return first;
    if (more.length === 0) return (text, from, to) => first(text, from, to) || second(text, from, to);
    const all = [first, second, ...more];
    return (text, from, to) => all.some((way) => way(text, from, to));
  };
}

function literal(code: number): Part {
  return (next) => (text, from, to) =>
    from < to && text.charCodeAt(from) === code && next(text, from + 1, to);
}

const lineEnd: Part = (next) => (text, from, to) => {
  const behind = behindLineEnd(text, from, to);
  return behind > from && next(text, behind, to);
};

/** Behind the line end at `from`; `from` where there is none. */
function behindLineEnd(text: string, from: number, to: number): number {
  if (from >= to) return from;
  const code = text.charCodeAt(from);
  if (code === 10) return from + 1;
  return code === 13 && from + 1 < to && text.charCodeAt(from + 1) === 10 ? from + 2 : from;
}

function pieceOf([, digits = '', exact, width, kind = '']: RegExpExecArray): Part {
  const count = Number(digits);
  if (kind === 'd') return amount(count);
  const set = characterSets[kind as keyof typeof characterSets];
  if (width !== undefined) return lines(count, Number(width), set);
  return exact === undefined ? run(count, set) : fixed(count, set);
}

function fixed(count: number, set: number): Part {
  return (next) => (text, from, to) => {
    const end = from + count;
    if (end > to) return false;
    for (let at = from; at < end; at++) if ((member(text, at) & set) === 0) return false;
    return next(text, end, to);
  };
}

/** One to so many; as many as there are, and fewer where the rest does not fit. */
function run(most: number, set: number): Part {
  return (next) => (text, from, to) => {
    let at = behindRun(text, from, Math.min(to, from + most), set);
    for (; at > from; at--) if (next(text, at, to)) return true;
    return false;
  };
}

/** Lines of one to `width`, at most so many; no line may be followed by one that does not fit unless the rest takes it. */
function lines(count: number, width: number, set: number): Part {
  return (next) => {
    const line = (text: string, from: number, to: number, left: number): boolean => {
      const end = behindRun(text, from, Math.min(to, from + width), set);
      if (end === from) return false;
      const behind = left > 1 ? behindLineEnd(text, end, to) : end;
      if (behind > end && line(text, behind, to, left - 1)) return true;
      for (let at = end; at > from; at--) if (next(text, at, to)) return true;
      return false;
    };
    return (text, from, to) => line(text, from, to, count);
  };
}

/** Digits with exactly one comma behind the first of them, at most so many characters. Source: ISO 15022, `d`. */
function amount(most: number): Part {
  return (next) => (text, from, to) => {
    const comma = behindRun(text, from, to, characterSets.n);
    if (comma === from || comma >= to || text.charCodeAt(comma) !== 44) return false;
    const end = behindRun(text, comma + 1, to, characterSets.n);
    if (end - from > most || (end < to && text.charCodeAt(end) === 44)) return false;
    return next(text, end, to);
  };
}

function behindRun(text: string, from: number, to: number, set: number): number {
  let at = from;
  while (at < to && (member(text, at) & set) !== 0) at++;
  return at;
}

function member(text: string, at: number): number {
  return setsOf[text.charCodeAt(at)] ?? 0;
}
