import type { JsonValue } from '../core/json.ts';

/** Plain data as JSON has it: what is undefined is left out. Only for values without bytes and without functions. */
export function jsonOf(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value));
}
