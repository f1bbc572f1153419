import type { JsonValue } from '../core/json.ts';

export type JsonObject = { readonly [key: string]: JsonValue | undefined };
export type CommandReader = ReturnType<typeof commandReader>;

/** Reads a command's data member by member; what is wrong with one is a sentence among the problems. */
export function commandReader(problems: string[]) {
  const text = (item: JsonObject, name: string, form?: RegExp): string | undefined => {
    const value = item[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string' && (form === undefined || form.test(value))) return value;
    problems.push(`${name} cannot be ${JSON.stringify(value).slice(0, 60)}`);
    return undefined;
  };
  const object = (value: JsonValue | undefined, name: string): JsonObject | undefined => {
    if (typeof value === 'object' && value !== null && !isList(value)) return value;
    problems.push(`${name} has to be an object`);
    return undefined;
  };
  return {
    text,
    object,
    needed(item: JsonObject, name: string): string {
      const value = text(item, name);
      if (value === undefined) problems.push(`${name} is needed`);
      return value ?? '';
    },
    oneOf<T extends string>(item: JsonObject, name: string, values: readonly T[]): T | undefined {
      const value = text(item, name);
      const found = values.find((one) => one === value);
      if (value !== undefined && found === undefined) problems.push(`${name} is one of ${values.join(', ')}`);
      return found;
    },
    list(item: JsonObject, name: string): readonly JsonObject[] {
      const value = item[name] ?? [];
      if (!isList(value)) {
        problems.push(`${name} has to be a list`);
        return [];
      }
      return value.map((one) => object(one, `${name} item`)).filter((one) => one !== undefined);
    },
  };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
