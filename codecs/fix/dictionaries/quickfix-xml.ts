import { shownText } from '../../../src/core/bytes.ts';
import { type Limits, limits as usual } from '../../../src/core/limits.ts';
import { applications, transport } from '../versions.ts';
import { type Draft, type DraftMember, emptyDraft, Findings, type LoadedTable } from './draft.ts';
import { dictionaryIssue } from './issues.ts';
import { tableOf } from './table-making.ts';
import { type DictionaryElement, type ElementReceiver, readElements } from './xml-reading.ts';

/**
 * The table of a dictionary in QuickFIX's XML form, and what is wrong with it, each with line and column. Never throws.
 *
 * `<fix type major minor servicepack>` holds header, trailer, messages, components and fields; members name fields, and the fields
 * section gives each name its number and type. Source: the form of QuickFIX's own dictionaries, and its `DataDictionary`.
 */
export function loadQuickfixXml(text: string, limits: Limits = usual): LoadedTable {
  const findings = new Findings(dictionaryIssue, limits.dictionaryIssuesMax);
  const reader = new QuickfixReader(emptyDraft(findings), limits);
  const stopped = readElements(text, reader, limits);
  if (stopped !== undefined) return { issues: [stopped, ...findings.issues] };
  return tableOf(reader.draft, limits);
}

const sections: ReadonlySet<string> = new Set(['header', 'trailer', 'messages', 'components', 'fields']);

class QuickfixReader implements ElementReceiver {
  readonly draft: Draft;
  readonly #limits: Limits;
  /** Names of the elements that are open, and the members that each of them collects. */
  readonly #open: { readonly name: string; readonly members: DraftMember[] | undefined }[] = [];
  #field = '';

  constructor(draft: Draft, limits: Limits) {
    this.draft = draft;
    this.#limits = limits;
  }

  open(element: DictionaryElement): void {
    this.#open.push({ name: element.name, members: this.#begin(element) });
  }

  close(): void {
    this.#open.pop();
  }

  #begin(element: DictionaryElement): DraftMember[] | undefined {
    const depth = this.#open.length;
    const section = this.#open[1]?.name ?? '';
    if (depth === 0) return this.#root(element);
    if (depth === 1) return this.#section(element);
    if (section === 'fields') return this.#inFields(element);
    const members = this.#open[depth - 1]?.members;
    if (members !== undefined) return this.#member(element, members);
    if (section === 'messages' && depth === 2) return this.#message(element);
    if (section === 'components' && depth === 2) return this.#component(element);
    return this.#strange(element);
  }

  #root(element: DictionaryElement): undefined {
    const { findings } = this.draft;
    if (element.name !== 'fix') {
      findings.tell('DICTIONARY_FORM', `<${shownText(element.name)}> is no QuickFIX dictionary`, element.at);
      return;
    }
    const { attributes } = element;
    const pack = attributes.get('servicepack') ?? '0';
    const number = `${attributes.get('major') ?? ''}.${attributes.get('minor') ?? ''}`;
    const version = `${attributes.get('type') ?? 'FIX'}.${number}${/^0?$/.test(pack) ? '' : `SP${pack.replace(/^SP/i, '')}`}`;
    if (version !== transport && !applications.includes(version))
      findings.tell('DICTIONARY_VERSION', `"${shownText(version)}" is no version of FIX`, element.at);
    this.draft.version = version;
  }

  #section(element: DictionaryElement): DraftMember[] | undefined {
    if (element.name === 'header') return this.draft.header;
    if (element.name === 'trailer') return this.draft.trailer;
    return sections.has(element.name) ? undefined : this.#strange(element);
  }

  #member(element: DictionaryElement, members: DraftMember[]): DraftMember[] | undefined {
    const { name: kind, at } = element;
    if (kind !== 'field' && kind !== 'group' && kind !== 'component') return this.#strange(element);
    const refers = this.#needed(element, 'name');
    const member: DraftMember = { kind, refers, required: this.#required(element), inner: [], at };
    if (refers !== '') members.push(member);
    return kind === 'group' ? member.inner : undefined;
  }

  #message(element: DictionaryElement): DraftMember[] | undefined {
    if (element.name !== 'message') return this.#strange(element);
    const { at, attributes } = element;
    const name = this.#needed(element, 'name');
    const type = this.#needed(element, 'msgtype');
    const { messages, findings } = this.draft;
    const members: DraftMember[] = [];
    if (messages.has(type))
      findings.tell('DICTIONARY_TWICE', `the message "${shownText(type)}" stands twice`, at);
    else if (type !== '' && name !== '')
      messages.set(type, { type, name, category: attributes.get('msgcat') ?? 'app', members, at });
    return members;
  }

  #component(element: DictionaryElement): DraftMember[] | undefined {
    if (element.name !== 'component') return this.#strange(element);
    const { at } = element;
    const name = this.#needed(element, 'name');
    const { components, findings } = this.draft;
    const members: DraftMember[] = [];
    if (components.has(name))
      findings.tell('DICTIONARY_TWICE', `the component "${shownText(name)}" stands twice`, at);
    else if (name !== '') components.set(name, { name, members, at });
    return members;
  }

  #inFields(element: DictionaryElement): undefined {
    if (element.name === 'field' && this.#open.length === 2) return this.#ownField(element);
    if (element.name === 'value') return this.#value(element);
    if (element.name !== 'values') this.#strange(element);
    return undefined;
  }

  #ownField(element: DictionaryElement): undefined {
    const { at } = element;
    const { fields, findings } = this.draft;
    const name = this.#needed(element, 'name');
    const type = this.#needed(element, 'type').toUpperCase();
    const number = this.#needed(element, 'number');
    const tag = tagOf(number, this.#limits);
    this.#field = '';
    if (tag === 0)
      findings.tell(
        'DICTIONARY_ATTRIBUTE',
        `number: a tag from 1 to ${this.#limits.fixTagMax}, not "${shownText(number)}"`,
        at,
      );
    else if (fields.has(name))
      findings.tell('DICTIONARY_TWICE', `the field "${shownText(name)}" stands twice`, at);
    else if (name !== '') {
      // QuickFIX/J: the values that follow are some of those that may come, so they are no list to judge by.
      const open = /^(?:true|y)$/i.test(element.attributes.get('allowOtherValues') ?? '');
      if (!open) this.#field = name;
      fields.set(name, { tag, name, type, values: new Map(), at });
    }
  }

  /** Spaces around a value are slips of the pen: no value may hold one. */
  #value(element: DictionaryElement): undefined {
    const value = this.#needed(element, 'enum').trim();
    const values = this.draft.fields.get(this.#field)?.values;
    const told = element.attributes.get('description') ?? '';
    if (values === undefined || value === '') return;
    if (values.has(value))
      this.draft.findings.tell(
        'DICTIONARY_TWICE',
        `the value "${shownText(value)}" stands twice`,
        element.at,
      );
    else values.set(value, shortName(told));
  }

  #needed({ attributes, name, at }: DictionaryElement, attribute: string): string {
    const value = attributes.get(attribute) ?? '';
    if (value === '') this.draft.findings.tell('DICTIONARY_ATTRIBUTE', `<${name}> needs "${attribute}"`, at);
    return value;
  }

  #required({ attributes, at }: DictionaryElement): boolean {
    const said = attributes.get('required') ?? 'N';
    if (!/^[yn]$/i.test(said))
      this.draft.findings.tell('DICTIONARY_ATTRIBUTE', `required: Y or N, not "${shownText(said)}"`, at);
    return /^y$/i.test(said);
  }

  #strange({ name, at }: DictionaryElement): undefined {
    this.draft.findings.tell('DICTIONARY_ELEMENT', `<${shownText(name)}>`, at);
  }
}

/** A tag; 0 where the text is none. */
export function tagOf(text: string, { fixTagMax }: Limits): number {
  const tag = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  return tag <= fixTagMax ? tag : 0;
}

/** `SELL_SHORT_EXEMPT` as `SellShortExempt`; what has small letters already stays. */
export function shortName(description: string): string {
  return description.replace(/([A-Za-z0-9])([A-Za-z0-9]*)_?/g, (_, first: string, rest: string) => {
    return first.toUpperCase() + rest.toLowerCase();
  });
}
