import { shownText } from '../../src/core/bytes.ts';
import type { Issue, Place } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { type MxIssueCode, mxIssue } from './issues.ts';
import type { ComplexType, Part, Schema, SchemaType } from './schema.ts';
import { type SimpleType, valueWrong } from './schema-values.ts';
import type { XmlAttribute } from './xml-source.ts';

/**
 * Judges a message while it is read, without a tree: what it holds is as much as the document is deep. It is told what
 * stands in the element of the message (or in AppHdr), that element included, and nothing of the envelopes around it.
 */
export interface SchemaValidator {
  /** What was found so far: the first `limits.issuesPerFrameMax` of it. */
  readonly issues: readonly Issue[];
  /** How much was found, told or not. */
  readonly found: number;
  /** An element begins. `place` is where; its line and column go into the issues. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[], place: Place): void;
  /** Text; it may come in pieces. */
  text(text: string): void;
  /** The element that was opened last ends. */
  close(): void;
}

/** Codes: `MX_ELEMENT_*`, `MX_VALUE`. Source: XML Schema Part 1, 3.8 (content models) and 3.10 (wildcards). */
export function openValidator(schema: Schema, issuesMax: number = limits.issuesPerFrameMax): SchemaValidator {
  return new Validator(schema, issuesMax);
}

/** An open element. Frames are used again by depth, so that a long document makes no garbage. */
class Frame {
  type: SchemaType | undefined;
  local = '';
  uri = '';
  place: Place = {};
  /** The slot furthest down that was reached, and the element that reached it. */
  last = 0;
  lastName = '';
  readonly counts: number[] = [];
  readonly chosen: (Part | undefined)[] = [];
  text = '';
  stray = false;
  /** How many elements outside of it nobody judges. */
  skipped = 0;

  begin(type: SchemaType | undefined, local: string, uri: string, place: Place): void {
    this.type = type;
    this.local = local;
    this.uri = uri;
    this.place = place;
    this.last = 0;
    this.lastName = '';
    this.text = '';
    this.stray = false;
    const slots = type?.kind === 'complex' ? type.slots.length : 0;
    for (let slot = 0; slot < slots; slot++) {
      this.counts[slot] = 0;
      this.chosen[slot] = undefined;
    }
  }
}

const blanksOnly = /^[ \t\r\n]*$/;
const instance = 'http://www.w3.org/2001/XMLSchema-instance';

class Validator implements SchemaValidator {
  readonly issues: Issue[] = [];
  found = 0;
  readonly #schema: Schema;
  readonly #max: number;
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** The namespace of the message. */
  #namespace = '';
  /** Elements that are open inside of one that nobody judges. */
  #skipped = 0;
  /** Nobody judges it because anything may stand there, so what the schema declares is judged all the same. */
  #lax = false;

  constructor(schema: Schema, issuesMax: number) {
    this.#schema = schema;
    this.#max = issuesMax;
  }

  open(local: string, uri: string, attributes: readonly XmlAttribute[], place: Place): void {
    if (this.#skipped > 0) {
      const { global } = this.#schema;
      if (this.#lax && uri === this.#namespace && local === global.name)
        this.#begin(global.type, local, uri, attributes, place);
      else this.#skipped++;
      return;
    }
    const outer = this.#frames[this.#depth - 1];
    if (this.#depth === 0) this.#namespace = uri;
    const type =
      outer === undefined || this.#depth === 0
        ? this.#root(local, place)
        : this.#inner(outer, local, uri, place);
    if (type === undefined) this.#skipped = 1;
    else this.#begin(type, local, uri, attributes, place);
  }

  #begin(
    type: SchemaType,
    local: string,
    uri: string,
    attributes: readonly XmlAttribute[],
    place: Place,
  ): void {
    const frame = this.#frames[this.#depth] ?? new Frame();
    this.#frames[this.#depth] = frame;
    this.#depth++;
    frame.begin(type, local, uri, place);
    frame.skipped = this.#skipped;
    this.#skipped = 0;
    if (attributes.length > 0 || type.kind === 'simple') this.#attributes(type, attributes, place);
  }

  text(text: string): void {
    if (this.#skipped > 0) return;
    const frame = this.#frames[this.#depth - 1];
    if (frame === undefined || this.#depth === 0) return;
    if (frame.type?.kind === 'simple') frame.text = frame.text === '' ? text : frame.text + text;
    else if (!frame.stray && !blanksOnly.test(text)) {
      frame.stray = true;
      this.#say('MX_VALUE', `${this.#path()} holds text where elements have to be`, frame.place, '');
    }
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    const frame = this.#frames[this.#depth - 1];
    if (frame === undefined || this.#depth === 0) return;
    const { type } = frame;
    if (type?.kind === 'simple') this.#value(frame, type);
    else if (type !== undefined) this.#missing(frame, type);
    this.#depth--;
    this.#skipped = frame.skipped;
    if (frame.skipped > 0) this.#lax = true;
  }

  #root(local: string, place: Place): SchemaType | undefined {
    const { element, type } = this.#schema;
    if (local === element) return type;
    this.#say('MX_ELEMENT_UNKNOWN', `${local} stands where ${element} has to be`, place, local);
    return undefined;
  }

  /** The type of an element in another one; undefined where nobody judges it. */
  #inner(outer: Frame, local: string, uri: string, place: Place): SchemaType | undefined {
    const { type } = outer;
    if (type === undefined || type.kind === 'simple') {
      this.#say('MX_ELEMENT_UNKNOWN', `${this.#path()}/${local} stands where text has to be`, place, local);
      this.#lax = false;
      return undefined;
    }
    const own = uri === outer.uri ? type.parts.get(local) : undefined;
    const part = own ?? (type.any !== undefined && fits(type.any, uri) ? type.any : undefined);
    if (part === undefined) {
      this.#say('MX_ELEMENT_UNKNOWN', `${this.#path()}/${local} is not in the schema`, place, local);
      this.#lax = false;
      return undefined;
    }
    this.#count(outer, type, part, local, place);
    this.#lax = part === type.any;
    const { global } = this.#schema;
    return part === type.any && uri === this.#namespace && local === global.name ? global.type : part.type();
  }

  #count(outer: Frame, type: ComplexType, part: Part, local: string, place: Place): void {
    const { slot } = part;
    if (slot < outer.last)
      this.#say('MX_ELEMENT_ORDER', `${this.#path()}/${local} stands behind ${outer.lastName}`, place, local);
    else {
      outer.last = slot;
      outer.lastName = local;
    }
    const count = (outer.counts[slot] ?? 0) + 1;
    outer.counts[slot] = count;
    const chosen = outer.chosen[slot];
    if (chosen === undefined) outer.chosen[slot] = part;
    if (chosen !== undefined && type.slots[slot]?.choice === true && (chosen !== part || part.max === 1))
      this.#say('MX_ELEMENT_REPEATED', `${this.#path()}/${local}: the choice is made already`, place, local);
    else if (count === part.max + 1)
      this.#say('MX_ELEMENT_REPEATED', `${this.#path()}/${local} may stand ${part.max} times`, place, local);
  }

  #missing({ counts, place }: Frame, { slots }: ComplexType): void {
    for (const [number, { min, choice, parts }] of slots.entries()) {
      if ((counts[number] ?? 0) >= min) continue;
      const [first] = parts;
      if (choice) this.#say('MX_ELEMENT_MISSING', `${this.#path()} chooses nothing`, place, '');
      else if (first?.name === '*')
        this.#say('MX_ELEMENT_MISSING', `${this.#path()} holds nothing`, place, '');
      else {
        const name = first?.name ?? '';
        this.#say('MX_ELEMENT_MISSING', `${this.#path()}/${name} is missing`, place, name);
      }
    }
  }

  #value({ text, place }: Frame, type: SimpleType): void {
    const why = valueWrong(text, type);
    if (why !== undefined) this.#say('MX_VALUE', `${this.#path()} ${why}`, place, '');
  }

  /** Declarations of namespaces and the places of schemas may stand anywhere. */
  #attributes(type: SchemaType, attributes: readonly XmlAttribute[], place: Place): void {
    const wanted = type.kind === 'simple' ? type.attribute : undefined;
    let seen = false;
    for (const { name, local, uri, value } of attributes) {
      if (wanted !== undefined && name === wanted.name) {
        seen = true;
        const why = valueWrong(value, wanted.type);
        if (why !== undefined) this.#say('MX_VALUE', `${this.#path()}@${name} ${why}`, place, `@${name}`);
      } else if (!harmlessAttribute(name, local, uri)) {
        const text = `${this.#path()}@${shownText(name)} is not in the schema`;
        this.#say('MX_ELEMENT_UNKNOWN', text, place, `@${shownText(name)}`);
      }
    }
    if (wanted !== undefined && !seen)
      this.#say('MX_ELEMENT_MISSING', `${this.#path()}@${wanted.name} is missing`, place, `@${wanted.name}`);
  }

  /** The local names of the open elements. */
  #path(): string {
    return this.#frames
      .slice(0, this.#depth)
      .map(({ local }) => local)
      .join('/');
  }

  /** `inside` is what the place is below the innermost open element: an element, an attribute, or nothing. */
  #say(code: MxIssueCode, text: string, { line, column, offset }: Place, inside: string): void {
    this.found++;
    if (this.issues.length >= this.#max) return;
    const path = this.#path();
    const field =
      inside === '' || inside.startsWith('@') ? path + inside : path === '' ? inside : `${path}/${inside}`;
    this.issues.push(
      mxIssue(code, text, {
        ...(offset !== undefined && { offset }),
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
        field,
      }),
    );
  }
}

function fits({ namespace }: Part, uri: string): boolean {
  return namespace === '##any' || namespace === uri;
}

function harmlessAttribute(name: string, local: string, uri: string): boolean {
  if (name === 'xmlns' || name.startsWith('xmlns:')) return true;
  return uri === instance && (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation');
}
