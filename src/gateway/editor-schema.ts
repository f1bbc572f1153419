import { z } from 'zod';
import { asNode, isNode, nodesAt, propertiesOf, type SchemaNode } from '../core/json-schema.ts';
import { channelName, channelSchema, topSchema, topSecrets } from './schema.ts';
import type { Adapter, Wiring } from './wiring.ts';
import type { Path } from './yaml-source.ts';

const referencePattern = String.raw`^\$\{(env|file):[^}]+\}$`;

/**
 * JSON Schema (draft 2020-12) of a configuration, for editors: every key with its description and default; a reference
 * is allowed for every value, and is the only thing allowed for a secret.
 */
export function editorSchema(wiring: Wiring): SchemaNode {
  const top = nodeOf(topSchema);
  const variants = [...wiring.adapters.values()].map((adapter) => channelNode(adapter, wiring));
  for (const secret of topSecrets) onlyReferences(top, secret.split('.'));
  const channels = { ...asNode(propertiesOf(top)['channels']) };
  delete channels['propertyNames'];
  propertiesOf(top)['channels'] = {
    ...channels,
    propertyNames: { pattern: channelName.source },
    additionalProperties: { anyOf: variants },
  };
  widen(top);
  return {
    ...top,
    $id: 'clearport.schema.json',
    title: 'Clearport configuration',
  };
}

/** One channel, for the keys that it may have. */
export function channelNode(adapter: Adapter, wiring: Wiring): SchemaNode {
  const node = nodeOf(channelSchema(adapter, wiring));
  delete node['$schema'];
  if (adapter.shape !== 'files') delete propertiesOf(node)['files'];
  if (adapter.shape !== 'messages') delete propertiesOf(node)['messages'];
  for (const secret of adapter.secrets) onlyReferences(node, ['options', ...secret.split('.')]);
  return node;
}

export function topNode(): SchemaNode {
  return nodeOf(topSchema);
}

function nodeOf(schema: z.ZodType): SchemaNode {
  return asNode(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

/** Whatever stands at the path, or in the record or object there, is written as a reference. */
function onlyReferences(root: SchemaNode, path: Path): void {
  const last = String(path.at(-1));
  for (const node of nodesAt(root, path.slice(0, -1))) {
    const held = propertiesOf(node)[last];
    if (!isNode(held)) continue;
    const reference = { type: 'string', pattern: referencePattern };
    const { description } = held;
    const value = held['type'] === 'object' ? { type: 'object', additionalProperties: reference } : reference;
    propertiesOf(node)[last] = { ...value, ...(description !== undefined && { description }) };
  }
}

/** Numbers, truth values and closed lists may also be given by a reference. */
function widen(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) widen(item);
    return;
  }
  if (!isNode(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'default' || key === 'enum') continue;
    if (isNode(inner) && isClosed(inner)) value[key] = orReference(inner);
    else widen(inner);
  }
}

function isClosed(node: SchemaNode): boolean {
  const plain = node['type'] === 'number' || node['type'] === 'integer' || node['type'] === 'boolean';
  return (plain || Array.isArray(node['enum'])) && node['const'] === undefined;
}

function orReference(node: SchemaNode): SchemaNode {
  const { description, default: usual, ...rest } = node;
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [rest, { type: 'string', pattern: referencePattern }],
  };
}
