import secrets from '../../codecs/fix/tables/secrets.json' with { type: 'json' };
import { maskSecret } from '../../src/core/mask.ts';

/** Tags whose value is nobody's business; RawData(96) holds the password of many a Logon(A). Source: the codec's own table. */
const secretTags: ReadonlySet<string> = new Set(secrets.map(({ tag }) => String(tag)));
/** The field right before says how many bytes are the value, separators included. Source: FIX 5.0 SP2, data fields. */
const lengthTags: Readonly<Record<string, string>> = { '96': '95', '1402': '1401', '1404': '1403' };

/** How much of one message a report shows. */
const charsMax = 65_536;

export function isSecretTag(tag: string): boolean {
  return secretTags.has(tag);
}

/**
 * A message, one character a byte, as evidence may show it: `|` for SOH, other control characters made visible, and of each secret
 * only that it was there and how long it was. What is very long is cut, with its length said.
 */
export function evidenceText(message: string): string {
  const shown = [...shownFields(message)].join('|').replace(/[\u0000-\u001f\u007f-\u009f]/g, visible);
  return shown.length > charsMax ? `${shown.slice(0, charsMax)}… (${shown.length} characters)` : shown;
}

function* shownFields(message: string): Generator<string> {
  const parts = message.split('\u0001');
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? '';
    const match = /^(.*?)(\d+)=(.+)$/s.exec(part);
    const [, front = '', tag = '', value = ''] = match ?? [];
    if (match === null || !isSecretTag(tag)) {
      yield part;
      continue;
    }
    const rest = announced(parts[at - 1], tag) - value.length;
    const [whole, taken] = joined(value, parts.slice(at + 1), rest);
    at += taken;
    yield `${front}${tag}=${maskSecret(whole)}`;
  }
}

function announced(before: string | undefined, tag: string): number {
  const lengthTag = lengthTags[tag];
  const match = /(?:^|\D)(\d+)=(\d{1,7})$/.exec(before ?? '');
  return lengthTag !== undefined && match?.[1] === lengthTag ? Number(match[2]) : 0;
}

/** A value that goes on behind separators, as far as its length says. */
function joined(value: string, following: readonly string[], rest: number): readonly [string, number] {
  let whole = value;
  let taken = 0;
  for (let missing = rest; missing > 0 && taken < following.length; taken++) {
    const next = following[taken] ?? '';
    whole += `\u0001${next}`;
    missing -= next.length + 1;
  }
  return [whole, taken];
}

function visible(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
