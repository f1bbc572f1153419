/** What zod says is wrong, as far as it is read here. */
export interface SchemaIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
  /** Of a key that cannot stand there. */
  readonly issues?: readonly SchemaIssue[];
}

/** The same in words, and where: at a value, or at its key. */
export interface SchemaProblem {
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly what: 'key' | 'value';
}

/** What a value must be, of an issue about one value; undefined where its code says nothing of it. */
export function mustBe({ code, message, expected }: SchemaIssue): string | undefined {
  if (code === 'invalid_format') return `it must be ${message.replace(/^Invalid string: /, '')}`;
  return code === 'invalid_type' ? `it must be ${wordOfType(expected)}` : undefined;
}

function wordOfType(expected: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
    string: 'a text',
  };
  return words[expected ?? ''] ?? String(expected);
}

/** The value that stands at a path; undefined where none does. */
export function valueAtPath(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
