import { SaxesParser } from 'saxes';
import type { Issue, Place } from '../../../src/core/issue.ts';
import type { Limits } from '../../../src/core/limits.ts';
import { type DictionaryIssueCode, dictionaryIssue } from './issues.ts';

/** An element where it begins. Names are without their prefix. Lines and columns count from 1. */
export interface DictionaryElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly at: Place;
}

/** What a dictionary consists of, told in its order. Text between elements is documentation, and is not told. */
export interface ElementReceiver {
  open(element: DictionaryElement): void;
  close(name: string): void;
}

/**
 * Reads the XML of a dictionary as a stream of elements; gives the issue that ended the reading, if one did. All that the loaders
 * know of a parser. Nothing is expanded and nothing is fetched: a DOCTYPE ends the reading where it declares anything or names
 * another file, and an entity that XML itself does not have is an error. Codes: `DICTIONARY_XML`, `DICTIONARY_LIMIT`.
 */
export function readElements(text: string, receiver: ElementReceiver, limits: Limits): Issue | undefined {
  const { dictionaryCharsMax } = limits;
  if (text.length > dictionaryCharsMax)
    return dictionaryIssue('DICTIONARY_LIMIT', `more than ${dictionaryCharsMax} characters`, {
      line: 1,
      column: 1,
    });
  try {
    new ElementReader(receiver, limits).read(text);
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.issue;
    throw error;
  }
}

/** What ends the reading; thrown through the parser, which has no other way to be stopped, and caught at its edge. */
class Stop extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.code);
    this.issue = issue;
  }
}

/** Characters that the parser is given at a time, so that limits are looked at while it collects. */
const pieceChars = 64 * 1024;

class ElementReader {
  readonly #parser = new SaxesParser();
  readonly #limits: Limits;
  #depth = 0;
  #elements = 0;
  #attributes = 0;
  #collected = 0;
  #place: Place = { line: 1, column: 1 };

  constructor(receiver: ElementReceiver, limits: Limits) {
    this.#limits = limits;
    const parser = this.#parser;
    parser.on('error', ({ message }) => this.#stop('DICTIONARY_XML', message.replace(/^.*?\d+:\d+: /, '')));
    parser.on('doctype', (text) => this.#doctype(text));
    parser.on('opentagstart', ({ name }) => this.#opening(name));
    parser.on('attribute', ({ value }) => this.#attribute(value));
    parser.on('opentag', ({ name, attributes }) => {
      const told = Object.entries(attributes).map(([key, value]) => [local(key), value] as const);
      receiver.open({ name: local(name), attributes: new Map(told), at: this.#place });
    });
    parser.on('closetag', ({ name }) => {
      this.#depth--;
      receiver.close(local(name));
    });
    parser.on('text', () => {
      this.#collected = 0;
    });
  }

  read(text: string): void {
    for (let at = 0; at < text.length; at += pieceChars) {
      this.#parser.write(text.slice(at, at + pieceChars));
      // The parser holds one text, comment or attribute as a whole; whatever it is, it has to end.
      this.#collected += pieceChars;
      if (this.#collected > this.#limits.dictionaryTextCharsMax)
        this.#stop(
          'DICTIONARY_LIMIT',
          `more than ${this.#limits.dictionaryTextCharsMax} characters without an element`,
        );
    }
    this.#parser.close();
  }

  /** Some published dictionaries carry an empty DOCTYPE; one that could declare or fetch something is refused. */
  #doctype(text: string): void {
    if (/[[\]'"]|\b(?:SYSTEM|PUBLIC)\b/.test(text))
      this.#stop('DICTIONARY_XML', 'a DOCTYPE that declares something');
  }

  #opening(name: string): void {
    const { dictionaryDepthMax, dictionaryElementsMax } = this.#limits;
    this.#place = this.#placeOf(name);
    this.#collected = 0;
    this.#attributes = 0;
    this.#depth++;
    this.#elements++;
    if (this.#depth > dictionaryDepthMax)
      this.#stop('DICTIONARY_LIMIT', `more than ${dictionaryDepthMax} levels`);
    if (this.#elements > dictionaryElementsMax)
      this.#stop('DICTIONARY_LIMIT', `more than ${dictionaryElementsMax} elements`);
  }

  /** The parser tells an element one character behind its name, which may be the end of the line. */
  #placeOf(name: string): Place {
    const { line, columnIndex } = this.#parser;
    return columnIndex > 0
      ? { line, column: Math.max(1, columnIndex - name.length - 1) }
      : { line: line - 1, column: 1 };
  }

  #attribute(value: string): void {
    const { dictionaryAttributesMax, dictionaryAttributeCharsMax } = this.#limits;
    this.#attributes++;
    if (this.#attributes > dictionaryAttributesMax)
      this.#stop('DICTIONARY_LIMIT', `more than ${dictionaryAttributesMax} attributes`);
    if (value.length > dictionaryAttributeCharsMax)
      this.#stop('DICTIONARY_LIMIT', `an attribute of ${value.length} characters`);
  }

  #stop(code: DictionaryIssueCode, message: string): never {
    const at = { line: this.#parser.line, column: this.#parser.columnIndex + 1 };
    throw new Stop(dictionaryIssue(code, message, at));
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
