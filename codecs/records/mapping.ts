import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf, type GivenAttributes } from '../../src/contract/normalize.ts';
import type { Issue } from '../../src/core/issue.ts';
import { catalogue, type MessagePlan } from '../../src/events/catalogue.ts';
import type { Event, EventType } from '../../src/events/event.ts';
import { Compiler, type Expression, type Members, type Scope } from './expression.ts';
import { recordsIssue } from './issues.ts';
import type { Layout, LayoutPath, RecordType } from './layout.ts';
import type { EventData } from './layout-schema.ts';
import type { RecordMessage } from './message.ts';

/** What the records of a layout mean, made ready to run. */
export interface Mapping {
  /** Types of record whose events cannot be made without their file's header. */
  readonly needsHeader: ReadonlySet<string>;
  /** What is wrong with the mapping as it is written; with an error it is not run. */
  readonly issues: readonly Issue[];
  events(message: RecordMessage, context: NormalizeContext): readonly Event[];
}

/** Attributes that the context gives, and no layout may: an id or a channel is not the file's to say. */
const given = new Set(['id', 'channel', 'perspective', 'tenant', 'origin', 'revision', 'slot', 'receivedAt']);

interface CompiledEvent {
  readonly slot: string;
  readonly type: EventType;
  readonly attributes: Expression;
  readonly data: Expression;
  readonly when: Expression | undefined;
}

/** The mapping of a layout, compiled against the event catalogue: a field that does not exist is found here. */
export function mappingOf(layout: Layout): Mapping {
  const issues: Issue[] = [];
  const needsHeader = new Set<string>();
  const compiled = new Map<string, readonly CompiledEvent[]>();
  for (const type of layout.records) {
    const compiler = new Compiler(layout, type, (path, message) =>
      issues.push(eventIssue(layout, path, message)),
    );
    compiled.set(
      type.name,
      type.events.flatMap((event, index) => compileEvent(layout, type, event, index, compiler)),
    );
    if (compiler.usesHeader) needsHeader.add(type.name);
  }
  return {
    needsHeader,
    issues,
    events(message, context) {
      if (!message.sound) return [];
      const scope = { message, context };
      return (compiled.get(message.type) ?? [])
        .filter(({ when }) => when === undefined || when(scope) === true)
        .map((event) => eventFrom(event, scope));
    },
  };
}

/** Names and kinds of all members were compared with the catalogue when the layout was read. */
function eventFrom({ slot, type, attributes, data }: CompiledEvent, scope: Scope): Event {
  const said = attributes(scope) as GivenAttributes;
  return eventOf(scope.context, slot, type, said, data(scope) as never) as Event;
}

function compileEvent(
  layout: Layout,
  type: RecordType,
  event: EventData,
  index: number,
  compiler: Compiler,
): readonly CompiledEvent[] {
  const path: LayoutPath = ['records', type.name, 'events', index];
  const { common, types } = catalogue();
  const plan = types.get(event.type)?.message;
  if (plan === undefined) {
    compiler.tell([...path, 'type'], `"${event.type}" is no type of event`);
    return [];
  }
  if (type.events.findIndex(({ slot }) => slot === event.slot) !== index)
    compiler.tell([...path, 'slot'], `the slot "${event.slot}" stands twice in ${type.name}`);
  const attributes: MessagePlan = { ...common, fields: common.fields.filter(({ name }) => !given.has(name)) };
  const own = event.attributes as Members;
  const shared = Object.fromEntries(
    Object.entries(layout.data.attributes).filter(([name]) => !Object.hasOwn(own, name)),
  );
  const inherited = compiler.members(attributes, shared, ['attributes']);
  const said = compiler.members(attributes, own, [...path, 'attributes']);
  return [
    {
      slot: event.slot,
      // Its data was found in the catalogue under this name.
      type: event.type as EventType,
      attributes: (scope) => ({ ...(inherited(scope) as object), ...(said(scope) as object) }),
      data: compiler.members(plan, event.data as Members, [...path, 'data']),
      when: event.if === undefined ? undefined : compiler.condition(event.if, [...path, 'if']),
    },
  ];
}

function eventIssue(layout: Layout, path: LayoutPath, message: string): Issue {
  return recordsIssue('LAYOUT_EVENT', message, { ...layout.place(path, 'value'), field: path.join('.') });
}
