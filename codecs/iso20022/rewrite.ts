import { latin1Text, utf8Bytes } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import type { MxMessage } from './message.ts';
import { escaped } from './write-xml.ts';
import { type XmlOpening, type XmlReceiver, xmlEventSource, xmlFragmentSource } from './xml-source.ts';

/**
 * The document again, written as this codec writes: the same canonical XML (without comments) as what came, and the same bytes
 * where this codec wrote it. Unknown elements, supplementary data, their order and the blanks between elements are kept; comments,
 * CDATA sections and the byte order mark are not. Of a statement that came in parts, a part comes back as it is.
 * Source: Canonical XML 1.0.
 */
export function rewrite(message: MxMessage): Uint8Array {
  const { bytes, root } = message;
  if (message.part !== undefined) return bytes;
  const rewriter = new Rewriter();
  const siblings = root.name === '';
  const source = siblings ? xmlFragmentSource(rewriter, limits, {}) : xmlEventSource(rewriter, limits);
  const issue = source.end(siblings ? bytes.subarray(frontOf(bytes)) : bytes);
  if (issue !== undefined) return bytes;
  return utf8Bytes(`<?xml version="1.0" encoding="UTF-8"?>\n${rewriter.written()}\n`);
}

/** Bytes of the byte order mark, the declaration and the blanks at the front of a document. */
function frontOf(bytes: Uint8Array): number {
  const front = latin1Text(bytes, 0, Math.min(bytes.length, 4096));
  return /^(?:\u00ef\u00bb\u00bf)?(?:<\?xml[^>]*>)?[ \t\r\n]*/.exec(front)?.[0].length ?? 0;
}

class Rewriter implements XmlReceiver {
  readonly #pieces: string[] = [];
  /** The names of the open elements, and whether they hold an element. */
  readonly #open: { readonly name: string; elements: boolean }[] = [];
  #text = '';
  /** A tag is open: its `>` or `/>` is not written. */
  #begun = false;

  written(): string {
    return this.#pieces.join('').trimEnd();
  }

  open({ name, attributes }: XmlOpening): void {
    this.#flush(true);
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.elements = true;
    this.#pieces.push(`<${name}`);
    for (const one of attributes) this.#pieces.push(` ${one.name}="${escaped(one.value)}"`);
    this.#open.push({ name, elements: false });
    this.#begun = true;
  }

  text(text: string): void {
    if (this.#open.length > 0) this.#text += text;
  }

  close(): void {
    const closed = this.#open.pop();
    this.#flush(closed?.elements === true);
    this.#pieces.push(this.#begun ? '/>' : `</${closed?.name}>`);
    this.#begun = false;
    if (this.#open.length === 0) this.#pieces.push('\n');
  }

  /** Blanks between elements stand as they are; the line ends of a text are references, as the writer has them. */
  #flush(between: boolean): void {
    const text = this.#text;
    this.#text = '';
    if (this.#begun && (text !== '' || between)) {
      this.#pieces.push('>');
      this.#begun = false;
    }
    if (text === '') return;
    const blank = between && /^[ \t\n]*$/.test(text);
    this.#pieces.push(blank ? text : escaped(text));
  }
}
