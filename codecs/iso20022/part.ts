import type { Frame, FrameContext } from '../../src/contract/frame.ts';

/**
 * What a frame is of a statement that is told in parts: `head` is everything before the first item, `between` what stands between
 * two items (the end of one sub-account and the beginning of the next), `tail` what follows the last one.
 */
export type PartKind = 'head' | 'item' | 'between' | 'tail';

/** Names of the members of a part's context: what it is, what stands around it, and how many items there were. */
export const partContext = 'part';
export const beforeContext = 'before';
export const itemContext = 'item';
export const withinContext = 'within';

export interface Part {
  readonly kind: PartKind;
  /**
   * The beginning of a document that the part continues: opening tags of what is open around it, with the elements in them that
   * are told before the items. Empty for a head.
   */
  readonly before: string;
  /** Which item of its document it is, from 1; of what is no item, how many there were before it. */
  readonly number: number;
  /** The same, counted in the element that the item stands in. */
  readonly within: number;
}

/** How a part is told with its frame. */
export function contextOf({ kind, before, number, within }: Part): FrameContext {
  if (kind === 'head') return { [partContext]: kind };
  return {
    [partContext]: kind,
    [beforeContext]: before,
    [itemContext]: String(number),
    [withinContext]: String(within),
  };
}

/** Undefined for a frame that is a whole document. */
export function partOf({ context }: Frame): Part | undefined {
  const kind = context === undefined ? undefined : kinds.find((one) => one === context[partContext]);
  if (context === undefined || kind === undefined) return undefined;
  return {
    kind,
    before: context[beforeContext] ?? '',
    number: countIn(context[itemContext]),
    within: countIn(context[withinContext]),
  };
}

function countIn(text = ''): number {
  return /^\d{1,12}$/.test(text) ? Number(text) : 0;
}

const kinds: readonly PartKind[] = ['head', 'item', 'between', 'tail'];
