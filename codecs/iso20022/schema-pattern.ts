/**
 * A pattern of XML Schema as an expression of JavaScript, for the whole text. Patterns of the catalogue use classes, groups and
 * counts that mean the same in both. `(X*(Y)?)*` is told as `(X|Y)*`, which is the same texts: the one form could take
 * exponential time on a text that does not fit. Source: XML Schema Part 2, appendix F.
 */
export function patternOf(text: string): RegExp {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const made = new RegExp(`^(?:${text.replace(starOfStars, '(?:$1|$2)*')})$`, 'u');
  patterns.set(text, made);
  return made;
}

const patterns = new Map<string, RegExp>();
const starOfStars = /\((\[(?:[^\]\\]|\\.)*\])\*\(([^()[\]]*\[(?:[^\]\\]|\\.)*\])\)\?\)\*/g;
