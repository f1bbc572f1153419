/** What stands under a path of the simulated server. */
export type TreeNode =
  | { readonly kind: 'folder'; readonly modifiedSeconds: number }
  | { readonly kind: 'file'; bytes: Uint8Array; modifiedSeconds: number };

/** Files and folders in memory, by their absolute path: `/positions/archive/A.TXT`. */
export class FileTree {
  readonly #nodes = new Map<string, TreeNode>([['/', { kind: 'folder', modifiedSeconds: 0 }]]);

  at(path: string): TreeNode | undefined {
    return this.#nodes.get(path);
  }

  /** Names and nodes right below a folder, in the order of their names. */
  in(folder: string): [name: string, node: TreeNode][] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...this.#nodes]
      .filter(([path]) => path.startsWith(prefix) && path !== '/' && !path.slice(prefix.length).includes('/'))
      .map(([path, node]): [string, TreeNode] => [path.slice(prefix.length), node])
      .toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  makeFolder(path: string, modifiedSeconds: number): boolean {
    return this.#add(path, { kind: 'folder', modifiedSeconds });
  }

  /** Puts a file there at once, whole; one that stands there is replaced. */
  put(path: string, bytes: Uint8Array, modifiedSeconds: number): void {
    this.#nodes.set(path, { kind: 'file', bytes, modifiedSeconds });
  }

  /** A new empty file; false where the name is taken or there is no such folder. */
  create(path: string, modifiedSeconds: number): boolean {
    return this.#add(path, { kind: 'file', bytes: new Uint8Array(), modifiedSeconds });
  }

  write(path: string, offset: number, data: Uint8Array): boolean {
    const node = this.#nodes.get(path);
    if (node?.kind !== 'file') return false;
    const bytes = new Uint8Array(Math.max(node.bytes.length, offset + data.length));
    bytes.set(node.bytes);
    bytes.set(data, offset);
    node.bytes = bytes;
    return true;
  }

  /** False where nothing stands there, or, without `replacing`, where the new name is taken. Folders stay where they are. */
  rename(from: string, to: string, replacing: boolean): boolean {
    const node = this.#nodes.get(from);
    if (node?.kind !== 'file' || !this.#hasFolderOf(to)) return false;
    if (this.#nodes.has(to) && !replacing) return false;
    this.#nodes.delete(from);
    this.#nodes.set(to, node);
    return true;
  }

  remove(path: string): boolean {
    return this.#nodes.get(path)?.kind === 'file' && this.#nodes.delete(path);
  }

  #add(path: string, node: TreeNode): boolean {
    if (this.#nodes.has(path) || !this.#hasFolderOf(path)) return false;
    this.#nodes.set(path, node);
    return true;
  }

  #hasFolderOf(path: string): boolean {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    return this.#nodes.get(parent)?.kind === 'folder';
  }
}

/** The absolute path without `.`, `..` and empty parts; above the root is the root. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
