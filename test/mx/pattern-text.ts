import assert from 'node:assert/strict';
import { below, type Random } from '../mutation.ts';

/**
 * A text that fits a pattern of XML Schema: classes, groups, alternatives and counts, which is all that the catalogue uses. A
 * count without an end, or with a far one, is taken short mostly.
 */
export function textOfPattern(pattern: string, random: Random): string {
  const reader = new PatternReader(pattern);
  const tree = reader.alternatives();
  assert(reader.ended(), `pattern ${pattern}`);
  return tree(random);
}

type Maker = (random: Random) => string;

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  ended(): boolean {
    return this.#at === this.#text.length;
  }

  alternatives(): Maker {
    const all: Maker[] = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      all.push(this.#sequence());
    }
    return (random) => all[below(random, all.length)]?.(random) ?? '';
  }

  #sequence(): Maker {
    const parts: Maker[] = [];
    while (!this.ended() && !'|)'.includes(this.#text[this.#at] ?? ''))
      parts.push(this.#counted(this.#atom()));
    return (random) => parts.map((part) => part(random)).join('');
  }

  #atom(): Maker {
    const char = this.#text[this.#at++];
    if (char === '(') {
      const inner = this.alternatives();
      this.#at++;
      return inner;
    }
    if (char === '[') return this.#class();
    const literal = char === '\\' ? escaped(this.#text[this.#at++] ?? '') : (char ?? '');
    return () => literal;
  }

  #class(): Maker {
    const not = this.#text[this.#at] === '^';
    if (not) this.#at++;
    const chars: string[] = [];
    while (this.#text[this.#at] !== ']') {
      const from = this.#char();
      if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') {
        chars.push(from);
        continue;
      }
      this.#at++;
      const to = this.#char().charCodeAt(0);
      for (let code = from.charCodeAt(0); code <= to; code++) chars.push(String.fromCharCode(code));
    }
    this.#at++;
    const usable = not ? [...'ABCxyz019 .-'].filter((char) => !chars.includes(char)) : chars;
    return (random) => usable[below(random, usable.length)] ?? '';
  }

  #char(): string {
    const char = this.#text[this.#at++] ?? '';
    return char === '\\' ? escaped(this.#text[this.#at++] ?? '') : char;
  }

  #counted(atom: Maker): Maker {
    const [from, to] = this.#count();
    return (random) => {
      const span = random() < 0.1 ? to - from : Math.min(to - from, 6);
      return Array.from({ length: from + below(random, span + 1) }, () => atom(random)).join('');
    };
  }

  #count(): readonly [number, number] {
    const sign = this.#text[this.#at];
    if (sign === '?' || sign === '*' || sign === '+') {
      this.#at++;
      return [sign === '+' ? 1 : 0, sign === '?' ? 1 : 12];
    }
    const match = /^\{(\d+)(?:,(\d+))?\}/.exec(this.#text.slice(this.#at));
    if (match === null) return [1, 1];
    this.#at += match[0].length;
    const from = Number(match[1]);
    return [from, Math.min(Number(match[2] ?? match[1]), from + 400)];
  }
}

function escaped(char: string): string {
  return char === 'n' ? '\n' : char === 'r' ? '\r' : char === 't' ? '\t' : char;
}
