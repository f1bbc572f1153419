import { z } from 'zod';
import type { SchemaNode } from '../../src/core/json-schema.ts';
import { layoutSchema } from './layout-schema.ts';

/** JSON Schema (draft 2020-12) of the layout language, for editors; committed as `docs/schema/layout.schema.json`. */
export function layoutJsonSchema(): SchemaNode {
  const node = z.toJSONSchema(layoutSchema, { io: 'input' });
  return { ...node, $id: 'layout.schema.json', title: 'Clearport record layout' };
}
