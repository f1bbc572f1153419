/** One field of a message as a comparator sees it: what stands before and after the first "=". */
export interface ComparedField {
  /** As it stands before "=": digits, where it is a tag. */
  readonly tag: string;
  /** Empty where nothing follows "=". */
  readonly value: string;
}

/**
 * The fields of a message, whose characters are its bytes. `split`: a value ends at its second "=", as the Ruby runner has
 * it, so that what follows is not compared; `whole`: all of it. Separators at the end count for nothing.
 */
export function comparedFields(message: string, values: 'split' | 'whole'): readonly ComparedField[] {
  const parts = message.split('\u0001');
  while (parts.at(-1) === '') parts.pop();
  return parts.map((part) => {
    const at = part.indexOf('=');
    if (at < 0) return { tag: part, value: '' };
    const second = values === 'split' ? part.indexOf('=', at + 1) : -1;
    // Two in a row: an empty text to the Ruby runner, and not the same as none at all.
    if (second === at + 1 && /[^=]/.test(part.slice(second))) return { tag: part.slice(0, at), value: '=' };
    return { tag: part.slice(0, at), value: part.slice(at + 1, second < 0 ? undefined : second) };
  });
}

/** How what came differs from what is expected, in one place. */
export interface Difference {
  /** `order`: every field is there, but this one stands where another is expected. */
  readonly kind: 'value' | 'pattern' | 'missing' | 'unexpected' | 'order';
  readonly tag: string;
  readonly expected?: string;
  readonly received?: string;
}

/** Differences of two lists of fields where their tags differ: what is missing, what is too much, else the order. */
export function tagDifferences(
  expected: readonly ComparedField[],
  received: readonly ComparedField[],
): readonly Difference[] {
  const rest = [...received];
  const missing: Difference[] = [];
  for (const { tag, value } of expected) {
    const at = rest.findIndex((field) => field.tag === tag);
    if (at < 0) missing.push({ kind: 'missing', tag, expected: value });
    else rest.splice(at, 1);
  }
  const unexpected = rest.map(({ tag, value }): Difference => ({ kind: 'unexpected', tag, received: value }));
  if (missing.length > 0 || unexpected.length > 0) return [...missing, ...unexpected];
  const at = expected.findIndex(({ tag }, index) => tag !== received[index]?.tag);
  if (at < 0) return [];
  const [wanted, found] = [expected[at]?.tag ?? '', received[at]?.tag ?? ''];
  return [{ kind: 'order', tag: wanted, expected: wanted, received: found }];
}
