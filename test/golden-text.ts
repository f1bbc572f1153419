import type { JsonValue } from '../src/core/json.ts';

/** JSON for people: what fits on a line stands on one, so a golden file's difference reads field by field. */
export function goldenText(value: JsonValue): string {
  return `${lines(value, '')}\n`;
}

const lineCharsMax = 110;

function lines(value: JsonValue, indent: string): string {
  const flat = JSON.stringify(value);
  if (flat.length + indent.length <= lineCharsMax || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    return `[\n${items.map((item) => inner + lines(item, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const rows = members.map(
    ([key, member]) => `${inner}${JSON.stringify(key)}: ${lines(member ?? null, inner)}`,
  );
  return `{\n${rows.join(',\n')}\n${indent}}`;
}
