import { z } from 'zod';
import { channelName, channelSchema, topSchema, topSecrets } from './schema.ts';
import type { Adapter, Wiring } from './wiring.ts';
import type { Path } from './yaml-source.ts';

/** A JSON Schema as plain data: what is read of it here is checked where it is read. */
export interface SchemaNode {
  [key: string]: unknown;
}

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

/** The keys that an object at this path may have; empty where it may have any, or where nothing is known of it. */
export function keysAt(root: SchemaNode, path: Path): string[] {
  let nodes = [root];
  for (const step of path) nodes = nodes.flatMap(branches).flatMap((node) => below(node, step));
  return nodes.flatMap(branches).flatMap((node) => Object.keys(propertiesOf(node)));
}

function nodeOf(schema: z.ZodType): SchemaNode {
  return asNode(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function below(node: SchemaNode, step: string | number): SchemaNode[] {
  if (typeof step === 'number') return isNode(node['items']) ? [node['items']] : [];
  const own = propertiesOf(node)[step] ?? node['additionalProperties'];
  return isNode(own) ? [own] : [];
}

function branches(node: SchemaNode): SchemaNode[] {
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => {
    const list = node[word];
    return Array.isArray(list) ? list.filter(isNode) : [];
  });
  return [node, ...inner.flatMap(branches)];
}

/** Whatever stands at the path, or in the record or object there, is written as a reference. */
function onlyReferences(root: SchemaNode, path: Path): void {
  const last = String(path.at(-1));
  let nodes = [root];
  for (const step of path.slice(0, -1)) nodes = nodes.flatMap(branches).flatMap((node) => below(node, step));
  for (const node of nodes.flatMap(branches)) {
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

function propertiesOf(node: SchemaNode): SchemaNode {
  const properties = node['properties'];
  return isNode(properties) ? properties : {};
}

function asNode(value: unknown): SchemaNode {
  return isNode(value) ? value : {};
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
