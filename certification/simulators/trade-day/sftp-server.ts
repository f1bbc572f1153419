import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import ssh2, { type Attributes, type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
import type { Clock } from '../../../src/core/clock.ts';
import { FileTree, plainPath, type TreeNode } from './file-tree.ts';
import { listening } from './listening.ts';
import { newSshKeys } from './ssh-keys.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const { S_IFDIR, S_IFREG } = { S_IFDIR: 0o040000, S_IFREG: 0o100000 };

export interface SftpServerOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly username: string;
  readonly folders: readonly string[];
  readonly clock: Clock;
  tell(news: SftpNews): void;
}

/** What happens to the files of the simulated server. */
export type SftpNews =
  | { readonly news: 'reading'; readonly path: string; readonly offset: number }
  | { readonly news: 'renamed'; readonly path: string; readonly to: string };

/** A simulated SFTP server on loopback: files in memory, one user with a key of its own. */
export interface SftpServer {
  readonly port: number;
  /** `SHA256:…`, as `ssh-keygen -l` shows it. */
  readonly hostKey: string;
  /** The user's private key, in the OpenSSH form. */
  readonly userKey: string;
  readonly tree: FileTree;
  /** Puts a file into a folder at once, whole, and replaces one of the same name. */
  put(path: string, bytes: Uint8Array): void;
  /** From now on each piece of a file takes so long to read. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Opens the server with keys made for this run. */
export async function openSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const host = newSshKeys();
  const user = newSshKeys();
  const tree = new FileTree();
  for (const folder of options.folders) tree.makeFolder(`/${folder}`, secondsOf(options.clock));
  const pace = { readMs: 0 };
  const connections = new Set<Connection>();
  const shell = new ssh2.Server({ hostKeys: [host.private], ident: 'ClearportSim' }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => connection.end());
    connection.on('authentication', (context) => authenticate(context, options.username, user.public));
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => new Serving(acceptSftp(), tree, pace, options).serve());
    });
  });
  // Without it, each answer waits for the acknowledgement of the one before.
  const server = createServer({ noDelay: true }, (socket) => shell.injectSocket(socket));
  const port = await listening(server, options.port);
  return {
    port,
    hostKey: fingerprintOf(host.public),
    userKey: user.private,
    tree,
    put: (path, bytes) => tree.put(path, bytes, secondsOf(options.clock)),
    slow(ms) {
      pace.readMs = ms;
    },
    async close() {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Only this user, only by this key, only where the signature is right. */
function authenticate(context: AuthContext, username: string, publicKey: string): void {
  const allowed = ssh2.utils.parseKey(publicKey);
  assert(!(allowed instanceof Error));
  if (context.method !== 'publickey' || context.username !== username) {
    context.reject(['publickey']);
    return;
  }
  const same = context.key.data.equals(Buffer.from(allowed.getPublicSSH()));
  const signed =
    context.signature === undefined ||
    (context.blob !== undefined &&
      allowed.verify(context.blob, context.signature, context.hashAlgo) === true);
  if (same && signed) context.accept();
  else context.reject(['publickey']);
}

type Handle = { readonly path: string; names: [string, TreeNode][] | undefined };

/** One SFTP channel. Every request is answered once, in the words of version 3 of the protocol. */
class Serving {
  readonly #sftp: SFTPWrapper;
  readonly #tree: FileTree;
  readonly #pace: { readonly readMs: number };
  readonly #options: SftpServerOptions;
  readonly #handles = new Map<number, Handle>();
  #handle = 0;
  #reads: Promise<unknown> = Promise.resolve();

  constructor(
    sftp: SFTPWrapper,
    tree: FileTree,
    pace: { readonly readMs: number },
    options: SftpServerOptions,
  ) {
    this.#sftp = sftp;
    this.#tree = tree;
    this.#pace = pace;
    this.#options = options;
  }

  serve(): void {
    const sftp = this.#sftp;
    sftp.on('error', () => undefined);
    sftp.on('REALPATH', (id, path) => {
      const filename = plainPath(path);
      sftp.name(id, [{ filename, longname: filename, attrs: folderAttributes(0) }]);
    });
    for (const name of ['STAT', 'LSTAT'] as const) {
      sftp.on(name as 'STAT', (id, path) => this.#attributes(id, plainPath(path)));
    }
    sftp.on('FSTAT', (id, handle) => this.#attributes(id, this.#of(handle)?.path ?? ''));
    sftp.on('SETSTAT', (id) => sftp.status(id, STATUS_CODE.OK));
    sftp.on('FSETSTAT', (id) => sftp.status(id, STATUS_CODE.OK));
    sftp.on('OPENDIR', (id, path) => this.#openFolder(id, plainPath(path)));
    sftp.on('READDIR', (id, handle) => this.#readFolder(id, this.#of(handle)));
    sftp.on('OPEN', (id, path, flags) => this.#open(id, plainPath(path), flags));
    sftp.on('READ', (id, handle, offset, length) => this.#read(id, this.#of(handle), offset, length));
    sftp.on('WRITE', (id, handle, offset, data) => {
      this.#done(id, this.#tree.write(this.#of(handle)?.path ?? '', offset, data));
    });
    sftp.on('CLOSE', (id, handle) => this.#done(id, this.#handles.delete(handle.readUInt32BE(0))));
    sftp.on('MKDIR', (id, path) => {
      this.#done(id, this.#tree.makeFolder(plainPath(path), secondsOf(this.#options.clock)));
    });
    sftp.on('REMOVE', (id, path) =>
      this.#done(id, this.#tree.remove(plainPath(path)), STATUS_CODE.NO_SUCH_FILE),
    );
    sftp.on('RENAME', (id, from, to) => this.#rename(id, from, to, false));
    sftp.on('EXTENDED', (id, name, data) => this.#extended(id, name, data));
  }

  #attributes(id: number, path: string): void {
    const node = this.#tree.at(path);
    if (node === undefined) this.#sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    else this.#sftp.attrs(id, attributesOf(node));
  }

  #openFolder(id: number, path: string): void {
    if (this.#tree.at(path)?.kind !== 'folder') this.#sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    else this.#give(id, { path, names: this.#tree.in(path) });
  }

  #readFolder(id: number, handle: Handle | undefined): void {
    const names = handle?.names ?? [];
    if (handle === undefined || names.length === 0) {
      this.#sftp.status(id, handle === undefined ? STATUS_CODE.FAILURE : STATUS_CODE.EOF);
      return;
    }
    handle.names = [];
    const entries = names.map(([filename, node]) => {
      const attrs = attributesOf(node);
      const kind = node.kind === 'folder' ? 'drwxr-x---' : '-rw-r-----';
      return { filename, longname: `${kind} 1 sim sim ${attrs.size} ${filename}`, attrs };
    });
    this.#sftp.name(id, entries);
  }

  #open(id: number, path: string, flags: number): void {
    const writing = (flags & OPEN_MODE.WRITE) !== 0;
    const node = this.#tree.at(path);
    if (!writing && node?.kind !== 'file') {
      this.#sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      return;
    }
    if (writing && !this.#forWriting(path, flags, node)) this.#sftp.status(id, STATUS_CODE.FAILURE);
    else this.#give(id, { path, names: undefined });
  }

  #forWriting(path: string, flags: number, node: TreeNode | undefined): boolean {
    const now = secondsOf(this.#options.clock);
    if (node === undefined) return (flags & OPEN_MODE.CREAT) !== 0 && this.#tree.create(path, now);
    if (node.kind !== 'file' || (flags & OPEN_MODE.EXCL) !== 0) return false;
    if ((flags & OPEN_MODE.TRUNC) !== 0) this.#tree.put(path, new Uint8Array(), now);
    return true;
  }

  /** Pieces are read one after the other, as from one slow disk. */
  #read(id: number, handle: Handle | undefined, offset: number, length: number): void {
    this.#reads = this.#reads.then(async () => {
      const node = handle === undefined ? undefined : this.#tree.at(handle.path);
      if (handle === undefined || node?.kind !== 'file') {
        this.#sftp.status(id, STATUS_CODE.FAILURE);
        return;
      }
      this.#options.tell({ news: 'reading', path: handle.path, offset });
      if (this.#pace.readMs > 0) await wait(this.#pace.readMs);
      if (offset >= node.bytes.length) this.#sftp.status(id, STATUS_CODE.EOF);
      else this.#sftp.data(id, Buffer.from(node.bytes.subarray(offset, offset + length)));
    });
  }

  #rename(id: number, from: string, to: string, replacing: boolean): void {
    const [path, target] = [plainPath(from), plainPath(to)];
    const there = this.#tree.at(path) !== undefined;
    const renamed = this.#tree.rename(path, target, replacing);
    if (renamed) this.#options.tell({ news: 'renamed', path, to: target });
    this.#done(id, renamed, there ? STATUS_CODE.FAILURE : STATUS_CODE.NO_SUCH_FILE);
  }

  /** Two strings, each behind its length. Source: posix-rename@openssh.com, OpenSSH PROTOCOL, section 4.3. */
  #extended(id: number, name: string, data: Buffer | undefined): void {
    if (name !== 'posix-rename@openssh.com' || data === undefined) {
      this.#sftp.status(id, STATUS_CODE.OP_UNSUPPORTED);
      return;
    }
    const length = data.readUInt32BE(0);
    const from = data.toString('utf8', 4, 4 + length);
    const to = data.toString('utf8', 8 + length);
    this.#rename(id, from, to, true);
  }

  #done(id: number, ok: boolean, otherwise: number = STATUS_CODE.FAILURE): void {
    this.#sftp.status(id, ok ? STATUS_CODE.OK : otherwise);
  }

  #give(id: number, handle: Handle): void {
    this.#handle += 1;
    this.#handles.set(this.#handle, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(this.#handle);
    this.#sftp.handle(id, name);
  }

  #of(handle: Buffer): Handle | undefined {
    return handle.length === 4 ? this.#handles.get(handle.readUInt32BE(0)) : undefined;
  }
}

function attributesOf(node: TreeNode): Attributes {
  const { modifiedSeconds } = node;
  if (node.kind === 'folder') return folderAttributes(modifiedSeconds);
  return { ...folderAttributes(modifiedSeconds), mode: S_IFREG | 0o640, size: node.bytes.length };
}

function folderAttributes(seconds: number): Attributes {
  return { mode: S_IFDIR | 0o750, uid: 1000, gid: 1000, size: 0, atime: seconds, mtime: seconds };
}

function secondsOf(clock: Clock): number {
  return Math.floor(clock.now() / 1_000_000);
}

function fingerprintOf(publicKey: string): string {
  const key = ssh2.utils.parseKey(publicKey);
  assert(!(key instanceof Error));
  const hash = createHash('sha256').update(key.getPublicSSH()).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}
