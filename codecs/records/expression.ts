import type { NormalizeContext } from '../../src/contract/codec.ts';
import { canonicalDecimal, decimalText, negateDecimal, readDecimal } from '../../src/core/decimal.ts';
import type { FieldPlan, MessagePlan } from '../../src/events/catalogue.ts';
import { businessKeyText } from '../../src/events/identity.ts';
import { type FileFact, fileFact, fileFacts } from './file-facts.ts';
import {
  type Field,
  type FieldKind,
  type Layout,
  type LayoutPath,
  type RecordType,
  recordOfRole,
} from './layout.ts';
import type { RecordMessage } from './message.ts';
import { isZone, withOffset } from './zones.ts';

/** One record on its way to its events. */
export interface Scope {
  readonly message: RecordMessage;
  readonly context: NormalizeContext;
}

/** Gives a text, a number, a truth value, a message or a list; undefined where there is nothing to say. */
export type Expression = (scope: Scope) => unknown;
export type Members = Readonly<Record<string, unknown>>;

/** A text of an expression, of which kind it is where that is known, and the field that it reads, where it reads one. */
interface Term {
  readonly read: (scope: Scope) => string | undefined;
  readonly kind?: FieldKind;
  readonly field?: Field;
  readonly constant?: string;
}

/** One member of a message, and whether it refers to what a file says. */
interface Part {
  readonly name: string;
  readonly compiled: Expression;
  readonly refers: boolean;
}

function madeOf(parts: readonly Part[], scope: Scope): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const { name, compiled } of parts) {
    const value = compiled(scope);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

const kindOfFact: Readonly<Record<FileFact, FieldKind>> = {
  key: 'text',
  businessDate: 'date',
  cycle: 'text',
  cutAt: 'timestamp',
  cutZone: 'zone',
};

const nothing: Term = { read: () => undefined };
/** Members of `{ key: … }` and of the other operations that stand for a text. */
const operations: Readonly<Record<string, readonly string[]>> = {
  key: ['key', 'scope', 'date', 'id', 'side'],
  value: ['value', 'minusIf'],
  join: ['join', 'with'],
  instant: ['instant', 'zone'],
};

/**
 * Turns what a layout says about events into functions, along the plan of the catalogue: `$field` is a field of the
 * record, `$header.field` one of its file's header, `$file.key` a fact of the file; any other text is itself.
 */
export class Compiler {
  usesHeader = false;
  readonly tell: (path: LayoutPath, message: string) => void;
  readonly #layout: Layout;
  readonly #type: RecordType;
  readonly #header: RecordType | undefined;

  constructor(layout: Layout, type: RecordType, tell: (path: LayoutPath, message: string) => void) {
    this.#layout = layout;
    this.#type = type;
    this.#header = recordOfRole(layout, 'header');
    this.tell = tell;
  }

  /** The attributes of an event, or its data: as much of them as the record says. */
  members(plan: MessagePlan, members: Members, path: LayoutPath): Expression {
    const parts = this.#parts(plan, members, path);
    return (scope) => madeOf(parts, scope);
  }

  /**
   * A message inside of an event. It is left out where a member is blank that it cannot be without, or where it refers to
   * fields and finds all of them blank.
   */
  #message(plan: MessagePlan, members: Members, path: LayoutPath): Expression {
    const parts = this.#parts(plan, members, path);
    for (const { name } of plan.always)
      if (!Object.hasOwn(members, name)) this.tell(path, `${plan.name} needs "${name}"`);
    const referring = parts.filter(({ refers }) => refers);
    return (scope) => {
      const made = madeOf(parts, scope);
      if (plan.always.some(({ name }) => made[name] === undefined)) return undefined;
      const said = referring.length === 0 || referring.some(({ name }) => made[name] !== undefined);
      return said ? made : undefined;
    };
  }

  #parts(plan: MessagePlan, members: Members, path: LayoutPath): readonly Part[] {
    return Object.entries(members).flatMap(([name, value]) => {
      const field = plan.fields.find((known) => known.name === name);
      if (field === undefined) this.tell([...path, name], `"${name}" is nothing that ${plan.name} has`);
      if (field === undefined) return [];
      const refers = JSON.stringify(value)?.includes('"$') === true;
      return [{ name, compiled: this.#member(field, value, [...path, name]), refers }];
    });
  }

  /** `$field` holds where the field is filled and is not zero; `{ value, is }` and `{ value, not }` compare it. */
  condition(given: unknown, path: LayoutPath): Expression {
    if (typeof given === 'string') {
      const { read } = this.#term(given, path);
      return (scope) => isSomething(read(scope));
    }
    const members = membersOf(given);
    const { value, is, not, ...rest } = members;
    const list = is ?? not;
    if (!Array.isArray(list) || Object.keys(rest).length > 0 || (is !== undefined && not !== undefined)) {
      this.tell(path, 'a condition is a field such as $amount, or { value: $side, is: [buy] }');
      return () => false;
    }
    const { read, field } = this.#term(value, [...path, 'value']);
    const words = list.map(String);
    if (field?.codes !== undefined && !field.open) {
      const known = Object.values(field.codes);
      for (const word of words.filter((text) => !known.includes(text)))
        this.tell(path, `${field.called} is never "${word}", but ${known.join(', ')}`);
    }
    return (scope) => words.includes(read(scope) ?? '') === (is !== undefined);
  }

  #member(field: FieldPlan, value: unknown, path: LayoutPath): Expression {
    if (!field.list) return this.#one(field, value, path);
    if (!Array.isArray(value)) {
      this.tell(path, `"${field.name}" is a list`);
      return () => undefined;
    }
    const items = value.map((item, index) => this.#item(field, item, [...path, index]));
    return (scope) => {
      const made = items.map((item) => item(scope)).filter((item) => item !== undefined);
      return made.length === 0 ? undefined : made;
    };
  }

  #item(field: FieldPlan, item: unknown, path: LayoutPath): Expression {
    if (field.message === undefined) return this.#one(field, item, path);
    const { if: condition, ...members } = membersOf(item);
    const made = this.#message(field.message, members, path);
    if (condition === undefined) return made;
    const holds = this.condition(condition, [...path, 'if']);
    return (scope) => (holds(scope) === true ? made(scope) : undefined);
  }

  #one(field: FieldPlan, value: unknown, path: LayoutPath): Expression {
    if (field.message !== undefined) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return this.#message(field.message, membersOf(value), path);
      this.tell(
        path,
        `"${field.name}" has members: ${field.message.fields.map(({ name }) => name).join(', ')}`,
      );
      return () => undefined;
    }
    const term = this.#term(value, path);
    this.#checkKind(field, term, value, path);
    if (field.type === 'string') return term.read;
    if (field.type === 'bool') return (scope) => truthOf(term.read(scope));
    return (scope) => countOf(term.read(scope));
  }

  /** What a field holds must be what the catalogue asks for: no text where a decimal is wanted. */
  #checkKind(plan: FieldPlan, { field, kind, constant }: Term, value: unknown, path: LayoutPath): void {
    const wanted = plan.type.startsWith('uint') ? 'decimal' : plan.kind;
    if (wanted === undefined) return;
    const kinds = { decimal: ['number'], date: ['date'], time: ['timestamp'] }[wanted];
    if (kind !== undefined && !kinds.includes(kind))
      this.tell(path, `"${plan.name}" is a ${wanted}, and ${field?.called ?? 'this'} is of kind ${kind}`);
    const wrong = constant !== undefined && (wanted !== 'decimal' || !canonicalDecimal(constant).ok);
    if (wrong) this.tell(path, `"${plan.name}" is a ${wanted}, and "${String(value)}" is none`);
  }

  /** A text: a reference, a constant, or an operation. */
  #term(value: unknown, path: LayoutPath): Term {
    if (typeof value === 'string') return this.#text(value, path);
    const members = membersOf(value);
    const operation = Object.keys(operations).find((name) => Object.hasOwn(members, name));
    const allowed = operations[operation ?? ''] ?? [];
    const stranger = Object.keys(members).find((name) => !allowed.includes(name));
    if (operation === undefined || stranger !== undefined) {
      this.tell(
        path,
        'must be a text, $field, $header.field, $file.key, or one of { key, value, join, instant }',
      );
      return nothing;
    }
    if (operation === 'key') return this.#key(members, path);
    if (operation === 'join') return this.#join(members, path);
    return operation === 'value' ? this.#signed(members, path) : this.#instant(members, path);
  }

  #text(text: string, path: LayoutPath): Term {
    if (text.startsWith('$$')) return { read: () => text.slice(1), constant: text.slice(1) };
    if (!text.startsWith('$')) return { read: () => text, constant: text };
    const [first = '', second] = text.slice(1).split('.');
    if (second === undefined) {
      const field = this.#type.byName.get(first);
      if (field === undefined) this.tell(path, `${this.#type.name} has no field "${first}"`);
      return field === undefined
        ? nothing
        : { field, kind: field.kind, read: ({ message }) => message.value(first) };
    }
    if (first === 'header') return this.#headerField(second, path);
    const fact = fileFacts.find((known) => known === second);
    if (first !== 'file' || fact === undefined) {
      this.tell(path, `"${text}" is no reference; facts of the file are ${fileFacts.join(', ')}`);
      return nothing;
    }
    this.usesHeader ||= this.#type.role !== 'header';
    const layout = this.#layout;
    return { kind: kindOfFact[fact], read: ({ message }) => fileFact(layout, headerIn(message), fact) };
  }

  #headerField(name: string, path: LayoutPath): Term {
    const field = this.#header?.byName.get(name);
    if (field === undefined) {
      this.tell(path, `the header has no field "${name}"`);
      return nothing;
    }
    this.usesHeader ||= this.#type.role !== 'header';
    return { field, kind: field.kind, read: ({ message }) => headerIn(message)?.value(name) };
  }

  #key(members: Members, path: LayoutPath): Term {
    const part = (name: string): Term =>
      members[name] === undefined ? nothing : this.#term(members[name], [...path, name]);
    const [kind, scope, date, id, side] = ['key', 'scope', 'date', 'id', 'side'].map(part);
    const reporter = this.#layout.data.attributes['reportedBy'];
    const by = reporter === undefined ? nothing : this.#term(reporter, ['attributes', 'reportedBy']);
    if (members['id'] === undefined) this.tell(path, 'a key needs an id');
    return {
      kind: 'text',
      read: (from) => {
        const ident = id?.read(from);
        if (ident === undefined) return undefined;
        return businessKeyText({
          kind: kind?.read(from) ?? '',
          reportedBy: by.read(from) ?? from.context.reportedBy,
          scope: scope?.read(from) ?? from.context.keyScope,
          tradeDate: date?.read(from),
          id: ident,
          side: side?.read(from),
        });
      },
    };
  }

  #join(members: Members, path: LayoutPath): Term {
    const { join, with: between = '' } = members;
    if (!Array.isArray(join) || typeof between !== 'string') {
      this.tell(path, 'join is a list of texts, with a text between them');
      return nothing;
    }
    const terms = join.map((part, index) => this.#term(part, [...path, 'join', index]));
    return { kind: 'text', read: (scope) => terms.map(({ read }) => read(scope) ?? '').join(between) };
  }

  #signed(members: Members, path: LayoutPath): Term {
    const term = this.#term(members['value'], [...path, 'value']);
    if (term.field !== undefined && term.field.kind !== 'number')
      this.tell(path, `${term.field.called} is no number and has no sign`);
    if (members['minusIf'] === undefined) return term;
    const minus = this.condition(members['minusIf'], [...path, 'minusIf']);
    return {
      ...term,
      read: (scope) => {
        const text = term.read(scope);
        return text !== undefined && minus(scope) === true ? negated(text) : text;
      },
    };
  }

  #instant(members: Members, path: LayoutPath): Term {
    const local = this.#term(members['instant'], [...path, 'instant']);
    const zone = this.#term(members['zone'], [...path, 'zone']);
    if (local.field?.kind !== 'timestamp') this.tell(path, 'instant is a field of kind timestamp');
    if (zone.field?.kind !== 'zone' && !(zone.constant !== undefined && isZone(zone.constant)))
      this.tell(path, 'zone is a field of kind zone, or the name of one');
    return {
      kind: 'timestamp',
      read: (scope) => {
        const text = local.read(scope);
        const name = zone.read(scope);
        return text === undefined || name === undefined ? undefined : withOffset(text, name);
      },
    };
  }
}

function headerIn(message: RecordMessage): RecordMessage | undefined {
  return message.recordType?.role === 'header' ? message : message.header;
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function isSomething(text: string | undefined): boolean {
  if (text === undefined || text === '') return false;
  const read = readDecimal(text);
  return !read.ok || read.value.units !== 0n;
}

function negated(text: string): string {
  const read = readDecimal(text);
  return read.ok ? decimalText(negateDecimal(read.value)) : text;
}

function truthOf(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  return text === 'true' || text === 'Y';
}

/** Counts of an event have 32 bits; a larger one says nothing that could be right. */
function countOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff
    ? value
    : undefined;
}
