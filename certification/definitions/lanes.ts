import type { Definition } from './definition.ts';

/**
 * Definitions in lanes: those of one lane touch the same session and run one after another, in their order; lanes can run beside
 * each other. A session is told by BeginString(8) and both CompIDs of what the engine under test answers with anywhere in the
 * pack, so that a Logon(A) which nobody answers binds nothing together.
 */
export function lanesOf(definitions: readonly Definition[]): readonly (readonly Definition[])[] {
  const answered = new Set(definitions.flatMap(expectedIdentities));
  /** By identity: the lane's own list, shared by all identities of the lane. */
  const lanes = new Map<string, { definitions: Definition[] }>();
  const order: { definitions: Definition[] }[] = [];
  let before: { definitions: Definition[] } | undefined;
  for (const definition of definitions) {
    const identities = identitiesOf(definition).filter((identity) => answered.has(identity));
    const touched = new Set(identities.flatMap((identity) => lanes.get(identity) ?? []));
    const lane = merged(lanes, order, [...touched]) ??
      (identities.length === 0 ? before : undefined) ?? {
        definitions: [],
      };
    if (!order.includes(lane)) order.push(lane);
    lane.definitions.push(definition);
    for (const identity of identities) lanes.set(identity, lane);
    before = lane;
  }
  const position = new Map(definitions.map((definition, index) => [definition, index]));
  const at = (definition: Definition): number => position.get(definition) ?? 0;
  return order.map((lane) => lane.definitions.toSorted((left, right) => at(left) - at(right)));
}

type Lane = { definitions: Definition[] };

function merged(
  lanes: Map<string, Lane>,
  order: Lane[],
  [first, ...others]: readonly Lane[],
): Lane | undefined {
  if (first === undefined) return undefined;
  for (const other of others) {
    first.definitions.push(...other.definitions);
    order.splice(order.indexOf(other), 1);
    for (const [identity, lane] of lanes) if (lane === other) lanes.set(identity, first);
  }
  return first;
}

function identitiesOf(definition: Definition): readonly string[] {
  const logons = bodies(definition, 'send').filter((body) => /\u000135=A\u0001/.test(body));
  return [...expectedIdentities(definition), ...logons.map((body) => identity(body, '49', '56'))];
}

/** Sessions by what the engine sends: its own CompID last, as in what is sent to it. */
function expectedIdentities(definition: Definition): readonly string[] {
  return bodies(definition, 'expect').map((body) => identity(body, '56', '49'));
}

function bodies({ steps }: Definition, kind: 'send' | 'expect'): readonly string[] {
  return steps.flatMap((step) => (step.kind === kind ? [step.body] : []));
}

function identity(body: string, ours: string, theirs: string): string {
  const value = (tag: string): string => new RegExp(`(?:^|\u0001)${tag}=([^\u0001]*)`).exec(body)?.[1] ?? '';
  return `${value('8')} ${value(ours)} ${value(theirs)}`;
}
