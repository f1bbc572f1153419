import { Buffer } from 'node:buffer';
import type { Frame } from '../../src/contract/frame.ts';
import { utf8Bytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { mxIssue } from './issues.ts';
import { type Part, partOf } from './part.ts';
import { elementsIn, type MxElement, readXml, TreeBuilder, type TreeRead } from './tree.ts';
import { xmlEventSource, xmlFragmentSource } from './xml-source.ts';

/** A part of a statement within the document that stands around it. */
export interface PartRead extends Part {
  /** The element that is the item; undefined where the part is none. */
  readonly item: MxElement | undefined;
  /** The element that the item stands in; undefined where the part is none. */
  readonly outer: MxElement | undefined;
  /** The item's path from the message on, for its type in the schema: `SubAcctDtls/BalForSubAcct`. */
  readonly path: readonly string[];
}

export interface FrameRead extends TreeRead {
  readonly part?: PartRead;
}

/**
 * The tree of a frame: of a whole document, or of a part within what stands around it, as if the document held nothing but
 * these. Lines and columns of an item count from its own first byte.
 */
export function readFrame(frame: Frame, limits: Limits): FrameRead {
  const part = partOf(frame);
  if (part === undefined) return readXml(frame.bytes, limits);
  if (part.before.length > limits.mxContextCharsMax) return { issue: tooMuch(limits) };
  return part.kind === 'item' ? readItem(frame.bytes, part, limits) : readOpen(frame.bytes, part, limits);
}

function tooMuch({ mxContextCharsMax }: Limits): Issue {
  return mxIssue('MX_LIMIT', `more than ${mxContextCharsMax} characters stand around the part`);
}

/** Head, between and tail: read behind what stands before them, and what is open then is closed. */
function readOpen(bytes: Uint8Array, part: Part, limits: Limits): FrameRead {
  const { root, issue } = readUnclosed([utf8Bytes(part.before), bytes], limits);
  if (root === undefined) return issue === undefined ? {} : { issue };
  return { root, part: { ...part, item: undefined, outer: undefined, path: [] } };
}

/** A document whose end is missing, with the elements that are open there, the outermost first. */
interface Unclosed extends TreeRead {
  readonly open: readonly MxElement[];
}

function readUnclosed(pieces: readonly Uint8Array[], limits: Limits): Unclosed {
  const builder = new TreeBuilder();
  const source = xmlEventSource(builder, limits);
  for (const piece of pieces) source.write(piece);
  const open: readonly MxElement[] = [...builder.opened];
  const issue = source.end(
    utf8Bytes(
      open
        .map(({ name }) => `</${name}>`)
        .reverse()
        .join(''),
    ),
  );
  if (issue === undefined) return builder.root === undefined ? { open } : { open, root: builder.root };
  if (builder.root?.local !== 'AppHdr') return { issue, open };
  return readBehindHeader(pieces, limits);
}

/** Where the header is a sibling in front, what follows is read with it as a whole. */
function readBehindHeader(pieces: readonly Uint8Array[], limits: Limits): Unclosed {
  const whole = Buffer.concat(pieces);
  const end = /<\/(?:[\w.-]+:)?AppHdr\s*>/.exec(whole.toString('latin1'));
  const at = end === null ? 0 : end.index + end[0].length;
  const builder = new TreeBuilder();
  const source = xmlEventSource(builder, limits);
  source.write(whole.subarray(at));
  const open: readonly MxElement[] = [...builder.opened];
  const closings = utf8Bytes(
    open
      .map(({ name }) => `</${name}>`)
      .reverse()
      .join(''),
  );
  const { root, issue } = readXml(Buffer.concat([whole, closings]), limits);
  if (root === undefined) return issue === undefined ? { open } : { open, issue };
  return { root, open: chainIn(root, open) };
}

/** The elements of a tree that stand where these are open: each the last one in the one before. */
function chainIn(root: MxElement, open: readonly MxElement[]): readonly MxElement[] {
  const chain: MxElement[] = root.local === '' ? [root] : [];
  let inner = root.local === '' ? elementsIn(root).at(-1) : root;
  for (const _ of open) {
    if (inner === undefined) break;
    chain.push(inner);
    inner = elementsIn(inner).at(-1);
  }
  return chain;
}

/** What stands around items: read once for all of those behind one another. */
interface Around {
  readonly before: string;
  readonly open: readonly MxElement[];
  readonly namespaces: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly issue: Issue | undefined;
}

let lastAround: Around | undefined;

function aroundOf(before: string, limits: Limits): Around {
  if (lastAround?.before === before) return lastAround;
  const { open, issue } = readUnclosed([utf8Bytes(before)], limits);
  const namespaces: Record<string, string> = {};
  for (const { attributes } of open) {
    for (const { name, local, value } of attributes) {
      if (name === 'xmlns') namespaces[''] = value.trim();
      else if (name.startsWith('xmlns:')) namespaces[local] = value.trim();
    }
  }
  const locals = open.map(({ local }) => local);
  const path = locals.slice(locals.indexOf('Document') + 2);
  const kept = open.map(
    (one, at): MxElement => ({ ...one, items: one.items.filter((item) => item !== open[at + 1]) }),
  );
  lastAround = { before, open: kept, namespaces, path, issue };
  return lastAround;
}

/** One element, by the namespaces of what stands around it; its ancestors hold what was told before, and it alone. */
function readItem(bytes: Uint8Array, part: Part, limits: Limits): FrameRead {
  const { open, namespaces, path, issue } = aroundOf(part.before, limits);
  if (issue !== undefined) return { issue };
  const builder = new TreeBuilder();
  const wrong = xmlFragmentSource(builder, limits, namespaces).end(bytes);
  if (wrong !== undefined) return { issue: wrong };
  const [item, second] = builder.roots;
  if (item === undefined || second !== undefined || builder.stray || open.length === 0) {
    return { issue: mxIssue('MX_NOT_WELL_FORMED', 'it is not one item', { offset: 0 }) };
  }
  let root = item;
  let outer: MxElement | undefined;
  for (const around of [...open].reverse()) {
    root = { ...around, items: [...around.items, root] };
    outer ??= root;
  }
  return { root, part: { ...part, item, outer, path: [...path, item.local] } };
}
