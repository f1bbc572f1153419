/** A JSON Schema as plain data: what is read of it here is checked where it is read. */
export interface SchemaNode {
  [key: string]: unknown;
}

/** The keys that an object at this path may have; empty where it may have any, or where nothing is known of it. */
export function keysAt(root: SchemaNode, path: readonly PropertyKey[]): string[] {
  return nodesAt(root, path).flatMap((node) => Object.keys(propertiesOf(node)));
}

/** What a schema says of the place at this path: every branch of it. */
export function nodesAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode[] {
  let nodes = [root];
  for (const step of path) nodes = nodes.flatMap(branches).flatMap((node) => below(node, step));
  return nodes.flatMap(branches);
}

export function propertiesOf(node: SchemaNode): SchemaNode {
  return asNode(node['properties']);
}

export function asNode(value: unknown): SchemaNode {
  return isNode(value) ? value : {};
}

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function below(node: SchemaNode, step: PropertyKey): SchemaNode[] {
  if (typeof step === 'number') return isNode(node['items']) ? [node['items']] : [];
  const own = propertiesOf(node)[String(step)] ?? node['additionalProperties'];
  return isNode(own) ? [own] : [];
}

function branches(node: SchemaNode): SchemaNode[] {
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => {
    const list = node[word];
    return Array.isArray(list) ? list.filter(isNode) : [];
  });
  return [node, ...inner.flatMap(branches)];
}
