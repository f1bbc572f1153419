/** The next message at the front of what has come, as the runner reads it. */
export type AnswerCut =
  | { readonly kind: 'partial' }
  | { readonly kind: 'message'; readonly length: number }
  | { readonly kind: 'unreadable'; readonly why: string };

/** How large a message of an engine under test may be, in bytes. */
export const answerBytesMax = 8 * 1024 * 1024;
/** How far into a message its BodyLength(9) may stand; FIX has it second. */
const headBytesMax = 4096;

/**
 * Cuts by BodyLength(9) alone: up to `9=`, its digits, so many bytes, and up to the next separator. What is in the message is the
 * comparator's business, so that a wrong answer is shown and not swallowed. Source: `FixParser.rb` of QuickFIX 1.15.1.
 */
export function cutAnswer(bytes: Buffer): AnswerCut {
  const sign = bytes.indexOf('\u00019=', 0, 'latin1');
  if (sign < 0)
    return bytes.length > headBytesMax ? unreadable('no BodyLength(9) comes') : { kind: 'partial' };
  const from = sign + 3;
  const until = bytes.indexOf(1, from);
  if (until < 0)
    return bytes.length - from > 12 ? unreadable('BodyLength(9) does not end') : { kind: 'partial' };
  const digits = bytes.toString('latin1', from, until);
  const length = /^\d{1,9}$/.test(digits) ? Number(digits) : Number.NaN;
  if (Number.isNaN(length)) return unreadable('BodyLength(9) is no number');
  if (length > answerBytesMax)
    return unreadable(`BodyLength(9) is ${length}; up to ${answerBytesMax} are read`);
  const end = bytes.indexOf(1, until + 1 + length);
  if (bytes.length <= until + 1 + length || end < 0) {
    return bytes.length > until + 1 + length + headBytesMax
      ? unreadable('no CheckSum(10) where BodyLength(9) says')
      : { kind: 'partial' };
  }
  return { kind: 'message', length: end + 1 };
}

function unreadable(why: string): AnswerCut {
  return { kind: 'unreadable', why };
}
