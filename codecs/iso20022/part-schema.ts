import type { Issue } from '../../src/core/issue.ts';
import type { MxMessage } from './message.ts';
import { judgeSchema, type Schema } from './schema.ts';

/**
 * Where a message departs from its schema. Of a statement that is told in parts an item is judged by its own type; of the other
 * parts nobody can say that something is missing, because it may stand in another one.
 */
export function judgedIssues({ content, part }: Judged, schema: Schema): readonly Issue[] {
  if (part === undefined) return judgeSchema(content, schema);
  if (part.item !== undefined) {
    const inner = schemaAt(schema, part.path);
    return inner === undefined ? [] : judgeSchema(part.item, inner);
  }
  return judgeSchema(content, schema).filter(({ code }) => code !== 'MX_ELEMENT_MISSING');
}

type Judged = Pick<MxMessage, 'content'> & { readonly part?: MxMessage['part'] };

const inners = new WeakMap<Schema, Map<string, Schema | undefined>>();

/** The schema of an element inside of a message. */
function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  const known = inners.get(schema) ?? new Map<string, Schema | undefined>();
  inners.set(schema, known);
  const key = path.join('/');
  if (!known.has(key)) known.set(key, innerOf(schema, path));
  return known.get(key);
}

function innerOf(schema: Schema, path: readonly string[]): Schema | undefined {
  let type: Schema['type'] | undefined = schema.type;
  for (const local of path) {
    if (type?.kind !== 'complex') return undefined;
    type = type.parts.get(local)?.type();
  }
  const element = path.at(-1);
  return type === undefined || element === undefined ? undefined : { ...schema, element, type };
}
