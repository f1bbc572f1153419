import type { Codec } from '../contract/codec.ts';
import type { Frame } from '../contract/frame.ts';
import { latin1Text, shownText } from '../core/bytes.ts';
import { harmless } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { maskAccount, maskSecret } from '../core/mask.ts';
import type { Mask } from './mask.ts';

/**
 * The text of bytes for people, control characters made visible and personal data masked: by the mask, and where the codec
 * tags fields of a message as personal, by these. Beside such messages, what cannot be read is not shown: nobody knows where
 * an account stands in it.
 */
export function shownFrames(
  codec: Codec | undefined,
  frames: readonly Frame[],
  mask: Mask,
  charsMax: number,
): string {
  const parts = frames.map((frame) => ({ frame, personal: personalOf(codec, frame) }));
  const tagged = codec?.file !== undefined || parts.some(({ personal }) => (personal?.size ?? 0) > 0);
  const texts = parts.map(({ frame, personal }) => {
    const text = latin1Text(frame.bytes);
    if (personal === undefined && tagged) return `[${frame.bytes.length} bytes that cannot be read]\n`;
    return mask.text(hidden(text, personal ?? new Map()));
  });
  return shownText(texts.join(''), charsMax);
}

function hidden(text: string, personal: ReadonlyMap<string, string>): string {
  const longestFirst = [...personal].sort(([left], [right]) => right.length - left.length);
  return longestFirst.reduce((masked, [value, shown]) => masked.replaceAll(value, () => shown), text);
}

/** Values of a message that are tagged as personal, with what is shown for them; undefined where no message can be read. */
function personalOf(codec: Codec | undefined, frame: Frame): ReadonlyMap<string, string> | undefined {
  try {
    const { message, issues = [] } = codec?.decode(frame) ?? {};
    if (message === undefined) return undefined;
    const found = collected(message.view(), new Map());
    // A record of no known type is a message of which nothing is known.
    return found.size > 0 || harmless(issues) ? found : undefined;
  } catch {
    return undefined;
  }
}

function collected(view: JsonValue | undefined, found: Map<string, string>): Map<string, string> {
  if (typeof view !== 'object' || view === null) return found;
  const members = Object.entries(view);
  const { personal, value } = Object.fromEntries(members);
  if (typeof personal === 'string' && typeof value === 'string' && value.trim() !== '') {
    found.set(value, personal === 'account' ? maskAccount(value) : maskSecret(value));
  }
  for (const [, member] of members) collected(member, found);
  return found;
}
