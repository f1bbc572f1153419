import type { Catalogue, FieldPlan, MessagePlan } from './catalogue.ts';

/** What every field of a catalogue is on the wire, by `Message.field`: its number and type, and the event it holds. */
export function fieldsOf(catalogue: Catalogue): Readonly<Record<string, string>> {
  const plans = [catalogue.common, ...catalogue.messages];
  const plain = plans.flatMap((plan) => plan.fields.map((field) => row(plan, field, '')));
  const data = [...catalogue.types].map(([type, field]) => row(catalogue.common, field, ` ${type}`));
  return Object.fromEntries([...data, ...plain].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function row(plan: MessagePlan, field: FieldPlan, type: string): [string, string] {
  return [`${plan.name}.${field.wireName}`, `${field.number} ${field.type}${field.list ? '[]' : ''}${type}`];
}

/** The fields that were frozen and are now another thing, or gone: stored events would be read wrong. */
export function changedFields(
  frozen: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(frozen)
    .filter(([name, was]) => now[name] !== was)
    .map(([name, was]) => `${name}: was ${was}, is ${now[name] ?? 'gone'}`);
}
