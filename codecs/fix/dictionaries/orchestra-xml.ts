import { shownText } from '../../../src/core/bytes.ts';
import { type Limits, limits as usual } from '../../../src/core/limits.ts';
import types from '../tables/types.json' with { type: 'json' };
import { applications, transport } from '../versions.ts';
import { type Draft, type DraftMember, emptyDraft, Findings, type LoadedTable } from './draft.ts';
import { dictionaryIssue } from './issues.ts';
import { tagOf } from './quickfix-xml.ts';
import { tableOf } from './table-making.ts';
import { type DictionaryElement, type ElementReceiver, readElements } from './xml-reading.ts';

/**
 * The table of a FIX Orchestra repository, and what is wrong with it, each with line and column. Never throws.
 *
 * Datatypes and code sets become the types and values of fields; groups become components that hold their NumInGroup field; the
 * components StandardHeader and StandardTrailer become header and trailer. Of several scenarios of one message, field or code set the
 * base one is read, or the first; components and groups are read in all, because members name theirs.
 * Source: FIX Orchestra, Technical Standard 1.0, "repository".
 */
export function loadOrchestraXml(text: string, limits: Limits = usual): LoadedTable {
  const findings = new Findings(dictionaryIssue, limits.dictionaryIssuesMax);
  const reader = new OrchestraReader(emptyDraft(findings), limits);
  const stopped = readElements(text, reader, limits);
  if (stopped !== undefined) return { issues: [stopped, ...findings.issues] };
  return tableOf(reader.finished(), limits);
}

interface CodeSet {
  readonly type: string;
  readonly values: Map<string, string>;
  readonly base: boolean;
}

const baseScenario = 'base';
const envelopeNames: ReadonlySet<string> = new Set(['StandardHeader', 'StandardTrailer']);

class OrchestraReader implements ElementReceiver {
  readonly #draft: Draft;
  readonly #limits: Limits;
  readonly #open: { readonly name: string; readonly members: DraftMember[] | undefined }[] = [];
  readonly #baseTypes = new Map<string, string>();
  readonly #codeSets = new Map<string, CodeSet>();
  /** Messages, fields and code sets of which a scenario other than the base one was read. */
  readonly #others = new Set<string>();
  readonly #names = new Set<string>();
  #codes: Map<string, string> | undefined;
  #group: DraftMember | undefined;

  constructor(draft: Draft, limits: Limits) {
    this.#draft = draft;
    this.#limits = limits;
  }

  open(element: DictionaryElement): void {
    this.#open.push({ name: element.name, members: this.#begin(element) });
  }

  close(): void {
    this.#open.pop();
  }

  /** The draft with its types looked up: code sets and datatypes stand before or behind the fields that use them. */
  finished(): Draft {
    const { fields, components, messages, findings, header, trailer } = this.#draft;
    if (findings.broken) return this.#draft;
    for (const [id, field] of fields) {
      const codes = this.#codeSets.get(field.type);
      const type = this.#typeOf(codes?.type ?? field.type);
      fields.set(id, { ...field, type, values: codes?.values ?? field.values });
    }
    for (const [key, { name, members }] of components) {
      if (!envelopeNames.has(name)) continue;
      (name === 'StandardHeader' ? header : trailer).push(...members);
      components.delete(key);
      for (const message of messages.values()) removeReferences(message.members, key);
    }
    return this.#draft;
  }

  #begin(element: DictionaryElement): DraftMember[] | undefined {
    const parent = this.#open.at(-1);
    if (parent === undefined) return this.#root(element);
    switch (`${parent.name} ${element.name}`) {
      case 'datatypes datatype':
        return this.#datatype(element);
      case 'codeSets codeSet':
        return this.#codeSet(element);
      case 'codeSet code':
        return this.#code(element);
      case 'fields field':
        return this.#field(element);
      case 'components component':
      case 'groups group':
        return this.#component(element);
      case 'messages message':
        return this.#message(element);
      case 'message structure':
        return parent.members;
      default:
        return this.#reference(element, parent.name === 'message' ? undefined : parent.members);
    }
  }

  #root(element: DictionaryElement): undefined {
    const { findings } = this.#draft;
    const { name, attributes, at } = element;
    if (name !== 'repository') {
      findings.tell('DICTIONARY_FORM', `<${shownText(name)}> is no Orchestra repository`, at);
      return;
    }
    const said = attributes.get('version') ?? '';
    const version = /^FIX\.Latest/.test(said)
      ? 'FIX.5.0SP2'
      : (/^FIXT?\.\d\.\d(?:SP\d)?/.exec(said)?.[0] ?? said);
    if (version !== transport && !applications.includes(version))
      findings.tell('DICTIONARY_VERSION', `"${shownText(said)}" is no version of FIX`, at);
    this.#draft.version = version;
  }

  #datatype(element: DictionaryElement): undefined {
    const name = this.#needed(element, 'name');
    this.#baseTypes.set(name.toUpperCase(), (element.attributes.get('baseType') ?? '').toUpperCase());
  }

  /** The standard's own name of a datatype, through what it is based on; its own name where that leads nowhere. */
  #typeOf(name: string): string {
    const own = name.toUpperCase();
    let type = own;
    for (let step = 0; step < this.#limits.dictionaryDepthMax && !Object.hasOwn(types, type); step++)
      type = this.#baseTypes.get(type) ?? '';
    return Object.hasOwn(types, type) ? type : own;
  }

  #codeSet(element: DictionaryElement): undefined {
    const name = this.#needed(element, 'name');
    const set = {
      type: this.#needed(element, 'type'),
      values: new Map<string, string>(),
      base: isBase(element),
    };
    this.#codes = set.values;
    if (this.#kept(element, `code set ${name}`, this.#codeSets.get(name)?.base))
      this.#codeSets.set(name, set);
  }

  #code(element: DictionaryElement): undefined {
    const value = this.#needed(element, 'value').trim();
    const name = this.#needed(element, 'name');
    if (value === '' || name === '') return;
    if (this.#codes?.has(value))
      this.#tell('DICTIONARY_TWICE', `the value "${shownText(value)}" stands twice`, element);
    else this.#codes?.set(value, name);
  }

  #field(element: DictionaryElement): undefined {
    const { attributes, at } = element;
    const id = this.#needed(element, 'id');
    const tag = tagOf(id, this.#limits);
    const name = this.#needed(element, 'name');
    const type = this.#needed(element, 'type');
    const lengthTag = tagOf(attributes.get('lengthId') ?? '', this.#limits);
    if (tag === 0)
      this.#tell(
        'DICTIONARY_ATTRIBUTE',
        `id: a tag from 1 to ${this.#limits.fixTagMax}, not "${shownText(id)}"`,
        element,
      );
    else if (
      this.#kept(
        element,
        `field ${tag}`,
        this.#draft.fields.has(String(tag)) ? this.#isBaseKept(`field ${tag}`) : undefined,
      )
    )
      this.#draft.fields.set(String(tag), {
        tag,
        name,
        type,
        values: new Map(),
        at,
        ...(lengthTag > 0 && { lengthTag }),
      });
  }

  #component(element: DictionaryElement): DraftMember[] {
    const { attributes, at, name: kind } = element;
    const id = this.#needed(element, 'id');
    const scenario = scenarioOf(element);
    const named = this.#needed(element, 'name');
    const name = scenario === baseScenario ? named : `${named}.${scenario.replace(/[^\w.:-]/g, '_')}`;
    const members: DraftMember[] = [];
    const key = referenceKey(kind, id, scenario);
    const known = this.#draft.components;
    if (known.has(key)) this.#tell('DICTIONARY_TWICE', `the ${kind} ${id} stands twice`, element);
    else if (id !== '' && named !== '') known.set(key, { name: this.#unused(name, kind), members, at });
    if (kind !== 'group') return members;
    // A group is a component with one member: the count, with the entry behind it. `numInGroup` says which field counts.
    const entry: DraftMember[] = [];
    this.#group = {
      kind: 'group',
      refers: attributes.get('numInGroup') ?? '',
      required: true,
      inner: entry,
      at,
    };
    members.push(this.#group);
    return entry;
  }

  /** A group and a component may share a name; in a table both are components. */
  #unused(name: string, kind: string): string {
    const free = this.#names.has(name) ? `${name}.${kind}` : name;
    this.#names.add(free);
    return free;
  }

  #message(element: DictionaryElement): DraftMember[] {
    const { attributes, at } = element;
    const type = this.#needed(element, 'msgType');
    const name = this.#needed(element, 'name');
    const members: DraftMember[] = [];
    const key = `message ${type}`;
    const category = /^session/i.test(attributes.get('category') ?? '') ? 'admin' : 'app';
    const known = this.#draft.messages.has(type) ? this.#isBaseKept(key) : undefined;
    if (type !== '' && name !== '' && this.#kept(element, key, known))
      this.#draft.messages.set(type, { type, name, category, members, at });
    return members;
  }

  /** Of several scenarios the base one is kept, or the first. `known`: whether a base one is there; undefined: none is. */
  #kept(element: DictionaryElement, key: string, known: boolean | undefined): boolean {
    const base = isBase(element);
    if (known !== undefined && base && known)
      this.#tell('DICTIONARY_TWICE', `the ${key} stands twice`, element);
    else if (known !== undefined || !base)
      this.#tell('DICTIONARY_SCENARIO', `the ${key}: "${shownText(scenarioOf(element))}"`, element);
    const kept = known === undefined || (base && !known);
    if (kept && base) this.#others.delete(key);
    else if (kept) this.#others.add(key);
    return kept;
  }

  #isBaseKept(key: string): boolean {
    return !this.#others.has(key);
  }

  #reference(element: DictionaryElement, members: DraftMember[] | undefined): undefined {
    const { name, at, attributes } = element;
    if (members === undefined) return;
    if (name === 'numInGroup') return this.#counted(element);
    const kind =
      name === 'fieldRef'
        ? 'field'
        : name === 'componentRef' || name === 'groupRef'
          ? 'component'
          : undefined;
    if (kind === undefined) return;
    const presence = attributes.get('presence') ?? 'optional';
    const id = this.#needed(element, 'id');
    if (presence === 'forbidden' || id === '') return;
    const refers =
      kind === 'field' ? id : referenceKey(name.slice(0, -'Ref'.length), id, scenarioOf(element));
    members.push({ kind, refers, required: presence === 'required', inner: [], at });
  }

  #counted(element: DictionaryElement): undefined {
    const id = this.#needed(element, 'id');
    if (this.#group?.refers === '') this.#group.refers = id;
  }

  #needed(element: DictionaryElement, attribute: string): string {
    const value = element.attributes.get(attribute) ?? '';
    if (value === '') this.#tell('DICTIONARY_ATTRIBUTE', `<${element.name}> needs "${attribute}"`, element);
    return value;
  }

  #tell(code: Parameters<Findings['tell']>[0], text: string, { at }: DictionaryElement): void {
    this.#draft.findings.tell(code, text, at);
  }
}

function removeReferences(members: DraftMember[], key: string): void {
  const at = members.findIndex(({ kind, refers }) => kind === 'component' && refers === key);
  if (at >= 0) members.splice(at, 1);
}

function referenceKey(kind: string, id: string, scenario: string): string {
  return `${kind} ${id}${scenario === baseScenario ? '' : ` ${scenario}`}`;
}

function scenarioOf({ attributes }: DictionaryElement): string {
  return attributes.get('scenario') ?? baseScenario;
}

function isBase(element: DictionaryElement): boolean {
  return scenarioOf(element) === baseScenario;
}
