import { Buffer } from 'node:buffer';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { fail, ok, type Result } from '../../src/core/result.ts';
import type { FixTemplate } from './fix-template.ts';
import { type FixIssueCode, fixIssue } from './issues.ts';

/** How a {@link FixWriter} writes. */
export interface FixWriterOptions {
  /**
   * Whether each value is judged as it is written: its form by its type, its place in the standard's list, no separator in it.
   * On where left out; off only for values that cannot be wrong.
   */
  readonly check?: boolean;
}

/** How exact a time is written. */
export type FixPrecision = 'seconds' | 'milliseconds' | 'microseconds';

const SOH = 1;
const zero = 0x30;
/** Before the body: BeginString(8) and BodyLength(9), which is known last. */
const frontBytes = 64;
/** More than `tag=`, its separator and the words that write it take. */
const fieldBytes = 24;
/** `YYYYMMDD-HH:MM:SS`. */
const clockBytes = 17;
const fractions = { seconds: 0, milliseconds: 3, microseconds: 6 } as const;

/**
 * Writes messages of one type from typed values straight into a buffer that is used again and again, BodyLength(9) and
 * CheckSum(10) with them: `begin`, the fields in the order in which they shall stand (the header's first), `finish`. Entries of a
 * repeating group are written one field after the other behind {@link FixWriter.group}. What it writes is what `writeFix` gives for
 * the same fields. Who has fields in any order, or entries as lists, takes `encodeFix`.
 */
export class FixWriter {
  readonly template: FixTemplate;
  readonly #check: boolean;
  readonly #heads: Uint32Array;
  readonly #headBytes: Uint8Array;
  readonly #plans: Uint16Array;
  #bytes = Buffer.allocUnsafeSlow(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = frontBytes;
  #issue: Issue | undefined;
  /** The last second that a time was of, since 1970, and its `YYYYMMDD-HH:MM:SS`. */
  #second = Number.NaN;
  readonly #clock = Buffer.alloc(clockBytes);

  constructor(template: FixTemplate, { check = true }: FixWriterOptions = {}) {
    this.template = template;
    this.#check = check;
    this.#heads = template.heads;
    this.#headBytes = template.headBytes;
    this.#plans = template.values.plans;
  }

  begin(): void {
    this.#issue = undefined;
    this.#at = frontBytes + this.template.first.copy(this.#bytes, frontBytes);
  }

  /** One character a byte: Latin-1. Decimals that are text already are written by this. */
  text(tag: number, value: string): void {
    const { length } = value;
    const from = this.#head(tag, length);
    const bytes = this.#bytes;
    if (length === 1) {
      const code = value.charCodeAt(0);
      if (code > SOH && code <= 0xff) {
        bytes[from] = code;
        this.#end(tag, from, from + 1);
        return;
      }
    }
    let odd = 0;
    for (let next = 0; next < length; next++) {
      const code = value.charCodeAt(next);
      bytes[from + next] = code;
      if (code <= SOH || code > 0xff) odd++;
    }
    if (odd > 0) this.#oddText(tag, value);
    this.#end(tag, from, from + length);
  }

  #oddText(tag: number, value: string): void {
    if (value.includes('\u0001')) this.#wrong('FIX_VALUE_FORMAT', tag, 'holds a separator');
    if (/[^\u0000-\u00ff]/.test(value)) this.#wrong('FIX_VALUE_FORMAT', tag, 'has characters beyond Latin-1');
  }

  /** A whole number. */
  integer(tag: number, value: number): void {
    if ((value | 0) === value) this.#small(tag, value, 0);
    else this.decimal(tag, value, 0);
  }

  /** `units` divided by ten to the power of `scale`, all its decimal places written: 2510n and 2 are `25.10`. */
  decimal(tag: number, units: bigint | number, scale: number): void {
    if (typeof units === 'number' && (units | 0) === units) this.#small(tag, units, scale);
    else if (typeof units === 'number' && !Number.isSafeInteger(units))
      this.#wrong('FIX_VALUE_FORMAT', tag, `cannot be ${units}`);
    else if (units > smallMax || units < -smallMax) this.text(tag, decimalText(BigInt(units), scale));
    else this.#small(tag, Number(units) | 0, scale);
  }

  /** A decimal whose units fit into 32 bits, from its last digit to its first. */
  #small(tag: number, value: number, scale: number): void {
    let rest = value < 0 ? -value : value;
    let digits = digitsOf(rest);
    if (digits <= scale) digits = scale + 1;
    const from = this.#head(tag, digits + 2);
    const bytes = this.#bytes;
    let at = from;
    if (value < 0) bytes[at++] = minus;
    const whole = at + digits - scale;
    const end = scale === 0 ? whole : at + digits + 1;
    for (let next = end - 1; next > whole; next--) {
      const tens = (rest / 10) | 0;
      bytes[next] = zero + rest - tens * 10;
      rest = tens;
    }
    if (scale > 0) bytes[whole] = point;
    for (let next = whole - 1; next >= at; next--) {
      const tens = (rest / 10) | 0;
      bytes[next] = zero + rest - tens * 10;
      rest = tens;
    }
    this.#end(tag, from, end);
  }

  /** `YYYYMMDD-HH:MM:SS` and the fraction of a time in microseconds since 1970, UTC. */
  time(tag: number, micros: Micros, precision: FixPrecision = 'milliseconds'): void {
    if (!Number.isSafeInteger(micros)) {
      this.#wrong('FIX_VALUE_FORMAT', tag, `cannot be ${micros}`);
      return;
    }
    const second = Math.floor(micros / 1_000_000);
    if (second !== this.#second) this.#setSecond(second);
    const places = fractions[precision];
    const from = this.#head(tag, clockBytes + 7);
    const bytes = this.#bytes;
    const clock = this.#clock;
    for (let next = 0; next < clockBytes; next++) bytes[from + next] = clock[next] as number;
    let end = from + clockBytes;
    if (places > 0) {
      bytes[end] = point;
      let rest = (micros - second * 1_000_000) | 0;
      if (places === 3) rest = (rest / 1000) | 0;
      for (let next = end + places; next > end; next--) {
        const tens = (rest / 10) | 0;
        bytes[next] = zero + rest - tens * 10;
        rest = tens;
      }
      end += places + 1;
    }
    this.#end(tag, from, end);
  }

  /** `YYYYMMDD` of a `YYYY-MM-DD`. */
  date(tag: number, value: string): void {
    if (value.length !== 10) this.#wrong('FIX_VALUE_FORMAT', tag, `cannot be "${value}"`);
    const from = this.#head(tag, 8);
    const bytes = this.#bytes;
    for (let next = 0; next < 4; next++) bytes[from + next] = value.charCodeAt(next);
    bytes[from + 4] = value.charCodeAt(5);
    bytes[from + 5] = value.charCodeAt(6);
    bytes[from + 6] = value.charCodeAt(8);
    bytes[from + 7] = value.charCodeAt(9);
    this.#end(tag, from, from + 8);
  }

  /** `Y` or `N`. */
  flag(tag: number, value: boolean): void {
    this.text(tag, value ? 'Y' : 'N');
  }

  /** Bytes of any kind, behind the field that says how many they are. */
  data(tag: number, value: Uint8Array): void {
    const length = this.template.lengthOf[tag] ?? 0;
    if (length === 0)
      this.#wrong('FIX_DATA_LENGTH', tag, 'has no length field: it is no data field of the dictionary');
    else this.integer(length, value.length);
    const from = this.#head(tag, value.length);
    this.#bytes.set(value, from);
    this.#end(tag, from, from + value.length);
  }

  /** How many entries of a repeating group follow. */
  group(tag: number, entries: number): void {
    this.integer(tag, entries);
  }

  /**
   * The message, or the first thing that was wrong with its values. The bytes are good until the next `begin`: copy what has
   * to live longer.
   */
  finish(): Result<Uint8Array> {
    const { prefix } = this.template;
    if (this.#issue !== undefined) return fail(this.#issue);
    this.#room(fieldBytes);
    const bytes = this.#bytes;
    const at = this.#at;
    let length = at - frontBytes;
    let from = frontBytes - 1;
    bytes[from] = SOH;
    do {
      const tens = (length / 10) | 0;
      bytes[--from] = zero + length - tens * 10;
      length = tens;
    } while (length > 0);
    from -= prefix.length;
    for (let next = 0; next < prefix.length; next++) bytes[from + next] = prefix[next] as number;
    const sum = this.#sum(from, at);
    bytes[at] = 0x31;
    bytes[at + 1] = zero;
    bytes[at + 2] = 0x3d;
    bytes[at + 3] = zero + ((sum / 100) | 0);
    putTwo(bytes, at + 4, sum % 100);
    bytes[at + 6] = SOH;
    return ok(new Uint8Array(bytes.buffer, from, at + 7 - from));
  }

  /** `sumOf`, four bytes at a time: the even and the odd bytes of each word are added in two halves of a number. */
  #sum(from: number, to: number): number {
    const view = this.#view;
    let sum = 0;
    let at = from;
    while (at + 4 <= to) {
      const end = Math.min(to - 3, at + halvesHold);
      let halves = 0;
      for (; at < end; at += 4) {
        const word = view.getUint32(at, true);
        halves = (halves + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
      }
      sum += (halves & 0xffff) + (halves >>> 16);
    }
    for (; at < to; at++) sum += this.#bytes[at] as number;
    return sum & 0xff;
  }

  /** Writes `tag=`, with room for a value, and gives the place of the value. */
  #head(tag: number, length: number): number {
    const at = this.#at;
    if (at + length + fieldBytes > this.#bytes.length) this.#room(length);
    const heads = this.#heads;
    const headBytes = this.#headBytes;
    if (tag >= headBytes.length) return at + this.#bytes.write(`${tag}=`, at, 'latin1');
    const view = this.#view;
    view.setUint32(at, heads[tag * 2] as number, true);
    view.setUint32(at + 4, heads[tag * 2 + 1] as number, true);
    return at + (headBytes[tag] as number);
  }

  /** Ends the field whose value stands between two places. */
  #end(tag: number, from: number, to: number): void {
    this.#bytes[to] = SOH;
    this.#at = to + 1;
    if (this.#check) this.#judge(tag, from, to);
  }

  #judge(tag: number, from: number, to: number): void {
    if (from < to && this.#plans[tag] === 0) return;
    const { values } = this.template;
    if (from === to) this.#wrong('FIX_VALUE_EMPTY', tag, 'has no value');
    const plan = values.planOf(tag);
    if (plan === 0 || values.accepts(plan, this.#bytes, from, to)) return;
    this.#wrong(
      'FIX_VALUE_FORMAT',
      tag,
      `cannot be "${this.#bytes.toString('latin1', from, Math.min(to, from + 40))}"`,
    );
  }

  #wrong(code: FixIssueCode, tag: number, text: string): void {
    const name = this.template.dictionary.field(tag)?.name;
    const field = name === undefined ? `tag ${tag}` : `${name}(${tag})`;
    this.#issue ??= { ...fixIssue(code, `${field} ${text}`, { field }), severity: 'error' };
  }

  #room(count: number): void {
    const needed = this.#at + count + fieldBytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(needed * 2);
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
    if (this.#at > limits.fixMessageBytesMax)
      this.#wrong('FIX_BODY_LENGTH', 9, 'would be beyond the limit of a message');
  }

  #setSecond(second: number): void {
    const clock = this.#clock;
    const day = Math.floor(second / daySeconds);
    if (day !== Math.floor(this.#second / daySeconds)) {
      const iso = new Date(second * 1000).toISOString();
      clock.write(`${iso.slice(0, 10).replaceAll('-', '')}-00:00:00`, 'latin1');
    }
    const rest = (second - day * daySeconds) | 0;
    const minute = (rest / 60) | 0;
    putTwo(clock, 9, (minute / 60) | 0);
    putTwo(clock, 12, minute % 60);
    putTwo(clock, 15, rest - minute * 60);
    this.#second = second;
  }
}

/** Bytes whose sums a half of 16 bits can hold. */
const halvesHold = 127 * 4;
const daySeconds = 86_400;
const smallMax = 0x7fff_ffff;
const point = 0x2e;
const minus = 0x2d;

/** How many digits a number of up to 32 bits has. */
function digitsOf(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
  if (value < 100_000_000) return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}

function putTwo(bytes: Uint8Array, at: number, value: number): void {
  const tens = (value / 10) | 0;
  bytes[at] = zero + tens;
  bytes[at + 1] = zero + value - tens * 10;
}

/** The text of a value with all its decimal places. */
function decimalText(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = String(negative ? -units : units).padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${whole}` : whole;
}
