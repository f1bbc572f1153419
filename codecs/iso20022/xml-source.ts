import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Issue, Place } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { type MxIssueCode, mxIssue } from './issues.ts';

/** An attribute with its namespace; declarations of namespaces are attributes too. */
export interface XmlAttribute {
  readonly name: string;
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

/** The beginning of an element. Lines and columns count from 1. */
export interface XmlOpening {
  readonly name: string;
  readonly local: string;
  readonly prefix: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly line: number;
  readonly column: number;
}

/** What a document consists of, told in its order. Text may come in pieces. */
export interface XmlReceiver {
  open(opening: XmlOpening): void;
  text(text: string): void;
  close(): void;
}

/**
 * Reads a document piece by piece. Both give the issue that ended the reading: from then on nothing more is told. This is
 * all that the codec knows of a parser, so that another one can take its place.
 */
export interface XmlEventSource {
  write(bytes: Uint8Array): Issue | undefined;
  /** The end, with the last bytes: a document that is all there needs nothing but this. */
  end(last?: Uint8Array): Issue | undefined;
}

/**
 * A source over saxes: well-formed XML 1.0 with namespaces, UTF-8 that says nothing else, no DOCTYPE, no processing
 * instruction, everything that is collected within the limits. Nothing is expanded: the five entities of XML and character
 * references are all there are without a DOCTYPE. Namespaces are looked up through the open elements, which is quadratic in
 * depth; the limit of depth is what bounds it. Source: XML 1.0, Namespaces in XML 1.0, ISO 20022-4 5.5.1.
 */
export function xmlEventSource(receiver: XmlReceiver, limits: Limits): XmlEventSource {
  return new SaxesSource(receiver, limits);
}

/**
 * A source for what stands inside of elements that were read before: any number of elements, by the namespaces that these have in
 * force (by prefix; the empty one for names without).
 */
export function xmlFragmentSource(
  receiver: XmlReceiver,
  limits: Limits,
  namespaces: Readonly<Record<string, string>>,
): XmlEventSource {
  return new SaxesSource(receiver, limits, namespaces);
}

/** What ends the reading; thrown through the parser, which has no other way to be stopped, and caught at its edge. */
class Stop extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.code);
    this.issue = issue;
  }
}

/** Where a declaration stands: nowhere else can one be. */
const front: Place = { line: 1, column: 1 };

/** Characters that the parser is given at a time, so that limits are looked at while it collects. */
const pieceChars = 64 * 1024;
/** A tag, comment or text that takes more ends the reading: nothing of the catalogue comes near. */
const silentCharsMax = 256 * 1024;
/** Bytes of UTF-8 are not decoded by a decoder of one's own where they are all there. */
const wholeDecoder = new TextDecoder('utf-8', { fatal: true });
const noAttributes: readonly XmlAttribute[] = [];

type Parser = SaxesParser<{ xmlns: true }>;

class SaxesSource implements XmlEventSource {
  readonly #parser: Parser;
  readonly #receiver: XmlReceiver;
  readonly #limits: Limits;
  #decoder: TextDecoder | undefined;
  #depth = 0;
  #elements = 0;
  #textChars = 0;
  /** Characters since the parser told something last. */
  #silentChars = 0;
  #issue: Issue | undefined;

  constructor(receiver: XmlReceiver, limits: Limits, namespaces?: Readonly<Record<string, string>>) {
    this.#receiver = receiver;
    this.#limits = limits;
    this.#parser =
      namespaces === undefined
        ? new SaxesParser({ xmlns: true })
        : new SaxesParser({ xmlns: true, fragment: true, additionalNamespaces: { ...namespaces } });
    this.#listen(this.#parser);
  }

  /**
   * Six handlers and no more: with the seventh, V8 turns the parser into a dictionary, and it takes four times as long. So errors
   * are thrown by the parser itself, and what a declaration says is asked for at the first element.
   */
  #listen(parser: Parser): void {
    parser.on('doctype', () => this.#stop('MX_FORBIDDEN', 'a DOCTYPE'));
    parser.on('processinginstruction', () => this.#stop('MX_FORBIDDEN', 'a processing instruction'));
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('closetag', () => {
      this.#depth--;
      this.#textChars = 0;
      this.#silentChars = 0;
      this.#receiver.close();
    });
    const text = (piece: string): void => this.#text(piece);
    parser.on('text', text);
    parser.on('cdata', text);
  }

  #declared(): void {
    const { encoding, version } = this.#parser.xmlDecl;
    if (encoding !== undefined && !/^utf-8$/i.test(encoding))
      throw new Stop(mxIssue('MX_ENCODING', `it declares ${encoding}`, front));
    if (version !== undefined && version !== '1.0')
      throw new Stop(mxIssue('MX_FORBIDDEN', `XML ${version}`, front));
  }

  write(bytes: Uint8Array): Issue | undefined {
    return this.#guarded(() => {
      this.#decoder ??= new TextDecoder('utf-8', { fatal: true });
      this.#take(this.#decoded(this.#decoder, bytes, true));
    });
  }

  end(last?: Uint8Array): Issue | undefined {
    return this.#guarded(() => {
      const decoder = this.#decoder ?? wholeDecoder;
      this.#take(this.#decoded(decoder, last ?? new Uint8Array(), false));
      this.#parser.close();
    });
  }

  #decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
    try {
      return stream ? decoder.decode(bytes, { stream }) : decoder.decode(bytes);
    } catch {
      return this.#stop('MX_ENCODING', 'bytes that are not UTF-8');
    }
  }

  /** Markup that does not end is collected by the parser, so it is told piece by piece, and what tells nothing is bounded. */
  #take(text: string): void {
    for (let at = 0; at < text.length; at += pieceChars) {
      this.#silentChars += Math.min(pieceChars, text.length - at);
      this.#parser.write(at === 0 && text.length <= pieceChars ? text : text.slice(at, at + pieceChars));
      if (this.#silentChars > silentCharsMax)
        this.#stop('MX_LIMIT', `no end of a tag or text within ${silentCharsMax} characters`);
    }
  }

  #guarded(read: () => void): Issue | undefined {
    if (this.#issue !== undefined) return this.#issue;
    try {
      read();
    } catch (error) {
      this.#issue = error instanceof Stop ? error.issue : this.#refused(error);
    }
    return this.#issue;
  }

  /** What the parser says of a document; anything else that is thrown is a bug. */
  #refused(error: unknown): Issue {
    const said =
      error instanceof Error && error.constructor === Error ? /^\d+:\d+: (.*)$/s.exec(error.message) : null;
    if (said === null) throw error;
    return mxIssue('MX_NOT_WELL_FORMED', said[1] ?? '', this.#place());
  }

  #text(piece: string): void {
    this.#textChars += piece.length;
    this.#silentChars = 0;
    if (this.#textChars > this.#limits.mxTextCharsMax)
      this.#stop('MX_LIMIT', `more than ${this.#limits.mxTextCharsMax} characters of text`);
    this.#receiver.text(piece);
  }

  #open({ name, local, prefix, uri, attributes }: SaxesTagNS): void {
    const { mxDepthMax, mxElementsMax } = this.#limits;
    this.#depth++;
    this.#elements++;
    this.#textChars = 0;
    this.#silentChars = 0;
    if (this.#elements === 1) this.#declared();
    if (this.#depth > mxDepthMax) this.#stop('MX_LIMIT', `more than ${mxDepthMax} levels`);
    if (this.#elements > mxElementsMax) this.#stop('MX_LIMIT', `more than ${mxElementsMax} elements`);
    const { line, columnIndex } = this.#parser;
    const said = this.#saidOf(attributes);
    this.#receiver.open({ name, local, prefix, uri, attributes: said, line, column: columnIndex + 1 });
  }

  #saidOf(attributes: SaxesTagNS['attributes']): readonly XmlAttribute[] {
    let said: XmlAttribute[] | undefined;
    const { mxAttributesMax, mxAttributeCharsMax } = this.#limits;
    for (const key in attributes) {
      const one = attributes[key];
      if (one === undefined) continue;
      const { name, local, uri, value } = one;
      if (value.length > mxAttributeCharsMax)
        this.#stop('MX_LIMIT', `an attribute of ${value.length} characters`);
      said ??= [];
      said.push({ name, local, uri, value });
    }
    if (said !== undefined && said.length > mxAttributesMax)
      this.#stop('MX_LIMIT', `more than ${mxAttributesMax} attributes`);
    return said ?? noAttributes;
  }

  #place(): Place {
    return { line: this.#parser.line, column: this.#parser.columnIndex + 1 };
  }

  #stop(code: MxIssueCode, message: string): never {
    throw new Stop(mxIssue(code, message, this.#place()));
  }
}
