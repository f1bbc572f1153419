import type { Frame, FrameContext } from '../../src/contract/frame.ts';

/**
 * What a frame is of a statement that is told in parts: `head` is everything before the first item, `between` what stands between
 * two items (the end of one sub-account and the beginning of the next), `tail` what follows the last one.
 */
export type PartKind = 'head' | 'item' | 'between' | 'tail';

/** Names of the members of a part's context: what it is, what stands around it, and which item of its document it is. */
export const partContext = 'part';
export const beforeContext = 'before';
export const itemContext = 'item';

export interface Part {
  readonly kind: PartKind;
  /**
   * The beginning of a document that the part continues: opening tags of what is open around it, with the elements in them that
   * are told before the items. Empty for a head.
   */
  readonly before: string;
  /** Which item of its document, from 1; 0: it is none. */
  readonly number: number;
}

export function contextOf(kind: PartKind, before: string | undefined, number = 0): FrameContext {
  const context: Record<string, string> = { [partContext]: kind };
  if (before !== undefined) context[beforeContext] = before;
  if (number > 0) context[itemContext] = String(number);
  return context;
}

/** Undefined for a frame that is a whole document. */
export function partOf({ context }: Frame): Part | undefined {
  const kind = kinds.find((one) => one === context?.[partContext]);
  if (kind === undefined) return undefined;
  return { kind, before: context?.[beforeContext] ?? '', number: Number(context?.[itemContext] ?? 0) };
}

const kinds: readonly PartKind[] = ['head', 'item', 'between', 'tail'];
