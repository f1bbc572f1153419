import { utf8Bytes } from '../../src/core/bytes.ts';

/** An element to be written: its name, its attributes, and either text or the elements inside it. */
export interface WrittenElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly (WrittenElement | string)[];
}

/** An element; undefined and false among the inner ones are left out. */
export function element(
  name: string,
  content: string | readonly (WrittenElement | undefined | false)[],
  attributes?: Readonly<Record<string, string>>,
): WrittenElement {
  const inner =
    typeof content === 'string'
      ? content
      : content.filter((item): item is WrittenElement => item !== undefined && item !== false);
  return attributes === undefined ? { name, content: inner } : { name, content: inner, attributes };
}

/** An element with this text; undefined where there is none. */
export function textElement(
  name: string,
  text: string | undefined,
  attributes?: Readonly<Record<string, string>>,
): WrittenElement | undefined {
  return text === undefined || text === '' ? undefined : element(name, text, attributes);
}

/** The bytes of a document, with its declaration, indented by two blanks, UTF-8. */
export function writeXml(root: WrittenElement): Uint8Array {
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, '', lines);
  return utf8Bytes(`${lines.join('\n')}\n`);
}

function write({ name, attributes = {}, content }: WrittenElement, indent: string, lines: string[]): void {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `${indent}<${name}${said.join('')}`;
  const texts = typeof content === 'string' ? [content] : content;
  if (content.length === 0) lines.push(`${open}/>`);
  else if (texts.some((item) => typeof item === 'string'))
    lines.push(`${indent}${inline({ name, attributes, content })}`);
  else {
    lines.push(`${open}>`);
    for (const inner of texts) if (typeof inner !== 'string') write(inner, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  }
}

/** An element that holds text is written without breaks, because blanks would be text too. */
function inline({ name, attributes = {}, content }: WrittenElement): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const items = typeof content === 'string' ? [content] : content;
  const inner = items.map((item) => (typeof item === 'string' ? escaped(item) : inline(item))).join('');
  return inner === '' ? `<${name}${said.join('')}/>` : `<${name}${said.join('')}>${inner}</${name}>`;
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text and attribute values with references for what would be read as something else. Source: XML 1.0, 2.4 and 3.3.3. */
export function escaped(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (char) => references[char] ?? char);
}
