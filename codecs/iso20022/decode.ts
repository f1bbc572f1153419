import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { shapeIssues } from './document-shape.ts';
import { headerIssues } from './header.ts';
import { mxIssue } from './issues.ts';
import { isoNamespace, type MxMessage, mxMessage, typeOf } from './message.ts';
import { judgedIssues } from './part-schema.ts';
import { readFrame } from './part-tree.ts';
import { type Schema, schemaFor } from './schema.ts';
import { elementsIn, type MxElement } from './tree.ts';

/**
 * The message of a document, and everything that is wrong with it. No message comes back for what is no well-formed, plain
 * XML within the limits: of such bytes nothing can be believed. Codes: all of `iso20022Issues` but the framer's own.
 */
export function decodeMx(
  frame: Frame,
  neededIssues: (message: MxMessage) => readonly Issue[],
): Decoded<MxMessage> {
  const { bytes } = frame;
  if (bytes.length > limits.mxMessageBytesMax) {
    return { issues: [mxIssue('MX_MESSAGE_TOO_LONG', `${bytes.length} bytes`, { offset: 0 })] };
  }
  const { root, issue, part } = readFrame(frame, limits);
  if (root === undefined) {
    return { issues: [issue ?? mxIssue('MX_NOT_WELL_FORMED', 'there is no element', { offset: 0 })] };
  }
  const parts = partsOf(root);
  const { content, header, documents } = parts;
  const namespace = documents[0]?.uri ?? root.uri;
  const known = namespace.startsWith(isoNamespace) ? schemaFor(typeOf(namespace)) : undefined;
  const schema = known?.element === content.local ? known : undefined;
  const message = mxMessage({ bytes, root, header, content, namespace, schema, part });
  const found = [
    ...documentIssues(documents),
    ...shapeIssues(documents[0]),
    ...typeIssues(message, schema),
    ...headerIssues(header, message.type),
    ...(schema === undefined ? [] : judgedIssues(message, schema)),
    ...neededIssues(message),
  ];
  return { message, issues: worstFirst(found) };
}

interface Parts {
  readonly header: MxElement | undefined;
  readonly documents: readonly MxElement[];
  readonly content: MxElement;
}

/** How deep AppHdr and Document may stand in envelopes: RequestPayload, BizMsgEnvlp/Hdr, DataPDU/Body, Saa envelopes. */
const envelopeDepthMax = 4;

/** AppHdr and Document, wherever an envelope has them; the message is the first element inside of Document. */
function partsOf(root: MxElement): Parts {
  const documents: MxElement[] = [];
  let header: MxElement | undefined;
  const look = (element: MxElement, depth: number): void => {
    if (element.local === 'Document') documents.push(element);
    else if (element.local === 'AppHdr') header ??= element;
    else if (depth < envelopeDepthMax) for (const inner of elementsIn(element)) look(inner, depth + 1);
  };
  look(root, 0);
  const [document] = documents;
  return {
    header,
    documents,
    content: (document === undefined ? undefined : elementsIn(document)[0]) ?? document ?? root,
  };
}

function documentIssues(documents: readonly MxElement[]): readonly Issue[] {
  const [, second] = documents;
  if (second === undefined) return [];
  const { line, column } = second;
  return [
    mxIssue('MX_DOCUMENTS', `${documents.length} Documents in one envelope`, {
      line,
      column,
      field: 'Document',
    }),
  ];
}

function typeIssues(message: MxMessage, schema: Schema | undefined): readonly Issue[] {
  const { line, column, local } = message.content;
  const at = { line, column, field: local };
  if (schema === undefined) {
    return [
      mxIssue(
        'MX_TYPE_UNKNOWN',
        `no table for ${shownText(local)} of ${shownText(message.namespace, 80)}`,
        at,
      ),
    ];
  }
  if (schema.message === message.type) return [];
  return [mxIssue('MX_VERSION_FALLBACK', `${shownText(message.type)} is judged by ${schema.message}`, at)];
}

/** At most as many as are told for one frame; errors are never crowded out by what weighs less. */
function worstFirst(issues: readonly Issue[]): readonly Issue[] {
  const max = limits.issuesPerFrameMax;
  if (issues.length <= max) return issues;
  const errors = issues.filter(({ severity }) => severity === 'error').slice(0, max);
  const rest = issues.filter(({ severity }) => severity !== 'error').slice(0, max - errors.length);
  return [...errors, ...rest];
}
