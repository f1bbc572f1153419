import { shownText } from '../core/bytes.ts';
import type { JsonValue } from '../core/json.ts';
import { maskAccount, maskSecret } from '../core/mask.ts';
import { noSecrets } from '../gateway/mask.ts';
import { nameElsewhere } from './field-history.ts';

/** What is said beside a field: by its tag, and how often the tag stood before it. */
export type Beside = (tag: number, before: number) => readonly string[];

/** Values up to this length stand in one column; a longer one moves what is behind it. */
const valueWidth = 24;
const nameWidth = 22;
const valueCharsMax = 200;

/**
 * The fields of a view, one a line, as they are on the wire: `54=1`, then what that is: `Side`, then what it means: `Buy`. Fields that
 * are known by columns or names instead of tags have those in front. Entries of a group stand one step further in, each behind a hyphen.
 */
export function fieldLines(
  fields: readonly JsonValue[],
  unmasked: boolean,
  beside: Beside = () => [],
): string[] {
  return new FieldLines(unmasked, beside).of(fields, '  ');
}

class FieldLines {
  readonly #unmasked: boolean;
  readonly #beside: Beside;
  readonly #seen = new Map<number, number>();

  constructor(unmasked: boolean, beside: Beside) {
    this.#unmasked = unmasked;
    this.#beside = beside;
  }

  of(fields: readonly JsonValue[], indent: string): string[] {
    return fields.flatMap((field) => {
      const tag = memberOf(field, 'tag');
      const line = typeof tag === 'number' ? this.#tagged(field, tag, indent) : this.#named(field, indent);
      const said = typeof tag === 'number' ? this.#said(tag, indent) : [];
      const entries = memberOf(field, 'entries');
      return [
        line,
        ...said,
        ...(isList(entries) ? entries.flatMap((entry) => this.#entry(entry, indent)) : []),
      ];
    });
  }

  #tagged(field: JsonValue, tag: number, indent: string): string {
    const pair = `=${this.#value(field)}`.padEnd(valueWidth);
    const name = (textOf(memberOf(field, 'name')) || nameElsewhere(tag)).padEnd(nameWidth);
    return `${indent}${String(tag).padStart(6)}${pair}  ${name}  ${meaningOf(field)}`.trimEnd();
  }

  #named(field: JsonValue, indent: string): string {
    const name = textOf(memberOf(field, 'name')).padEnd(nameWidth);
    const word = meaningOf(field);
    const where = textOf(memberOf(field, 'tag')).padStart(7);
    return `${indent}${where} ${name} ${this.#value(field)}${word === '' ? '' : ` = ${word}`}`.trimEnd();
  }

  #said(tag: number, indent: string): readonly string[] {
    const before = this.#seen.get(tag) ?? 0;
    this.#seen.set(tag, before + 1);
    return this.#beside(tag, before).map((text) => `${indent}     ^ ${text}`);
  }

  #entry(entry: JsonValue, indent: string): readonly string[] {
    if (!isList(entry)) return [];
    const [first = '', ...rest] = this.of(entry, `${indent}    `);
    const hyphen = Math.max(0, first.search(/\S/) - 2);
    return [`${first.slice(0, hyphen)}-${first.slice(hyphen + 1)}`, ...rest];
  }

  #value(field: JsonValue): string {
    const value = shownText(textOf(memberOf(field, 'value')), valueCharsMax);
    return this.#unmasked ? value : masked(field, value);
  }
}

/** The standard's word for a value, or the text of an encoded one. */
function meaningOf(field: JsonValue): string {
  const decoded = memberOf(field, 'decoded');
  return decoded === undefined
    ? textOf(memberOf(field, 'text'))
    : shownText(`"${textOf(decoded)}"`, valueCharsMax);
}

/**
 * What a layout tags as personal is hidden by its tag; of everything else, the one place that knows which fields are
 * personal or secret reads `tag=value`.
 */
function masked(field: JsonValue, value: string): string {
  const personal = memberOf(field, 'personal');
  if (personal !== undefined) return personal === 'account' ? maskAccount(value) : maskSecret(value);
  const tag = memberOf(field, 'tag');
  // Only a number is a tag; columns of a record say nothing about what stands in them.
  if (typeof tag !== 'number') return value;
  const pair = `${tag}=${value}`;
  const shown = noSecrets.text(pair);
  return shown.startsWith(`${tag}=`) ? shown.slice(String(tag).length + 1) : shown;
}

/** A member of an object; undefined where it is none, or has it not. */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function textOf(value: JsonValue | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}
