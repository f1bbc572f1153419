import { z } from 'zod';
import type { SchemaNode } from '../../../src/core/json-schema.ts';
import { dialectSchema } from './dialect-schema.ts';

/** JSON Schema (draft 2020-12) of the dialect language, for editors; committed as `docs/schema/fix-dialect.schema.json`. */
export function dialectJsonSchema(): SchemaNode {
  const node = z.toJSONSchema(dialectSchema, { io: 'input' });
  return { ...node, $id: 'fix-dialect.schema.json', title: 'Clearport FIX dialect' };
}
