import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';
import { onTestFinished } from 'vitest';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const plainFile = 0o100640;

/** What this server does other than a good one. All of it is seen in the field. */
export interface Faults {
  /** The connection breaks after a rename was done and before the answer; so many times. */
  loseRenameAnswers?: number;
  /** The connection breaks before a rename is done; so many times. */
  loseRenames?: number;
  /** No read gives more than this. */
  readBytesMax?: number;
  /** Files are listed without their kind. */
  listsWithoutMode?: boolean;
  /** A rename replaces what stands there. */
  renameReplaces?: boolean;
  /** Only so many bytes of a written file are kept, and nothing is said. */
  keepsBytesMax?: number;
  /** Answers to writes wait for this. */
  holdWrites?: Promise<void>;
}

/** An SFTP server in this process with its files in memory. Version 3, no extension. */
export interface SftpServer {
  readonly port: number;
  /** Of its host key. */
  readonly publicKey: string;
  readonly files: Map<string, Buffer>;
  readonly faults: Faults;
  /** Names of the requests that it was sent, in order. */
  readonly asked: string[];
  /** Reads or writes that were under way at once, at most. */
  concurrent(): number;
  logins(): number;
}

/** Gone again when the test is over. It lets `ops` in by the password `let-me-in`. */
export async function sftpServer(faults: Faults = {}, kex?: string): Promise<SftpServer> {
  const key = hostKey();
  const state = { files: new Map<string, Buffer>(), asked: [] as string[], logins: 0, open: 0, openMax: 0 };
  const sockets = new Set<Connection>();
  const algorithms = kex === undefined ? {} : { algorithms: { kex: [kex as 'diffie-hellman-group14-sha1'] } };
  const server = new ssh2.Server({ hostKeys: [key.private], ...algorithms }, (connection) => {
    sockets.add(connection);
    // The library leaves Nagle's algorithm on: every answer would wait for 40 ms.
    socketOf(connection).setNoDelay(true);
    connection.on('error', () => undefined);
    connection.on('close', () => sockets.delete(connection));
    connection.on('authentication', (login) => {
      const good = login.method === 'password' && login.username === 'ops' && login.password === 'let-me-in';
      if (!good) return login.reject(['password']);
      state.logins++;
      login.accept();
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => new Files(state, faults, connection).serve(acceptSftp()));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const connection of sockets) connection.end();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return {
    port: address.port,
    publicKey: key.public,
    files: state.files,
    faults,
    asked: state.asked,
    concurrent: () => state.openMax,
    logins: () => state.logins,
  };
}

interface State {
  readonly files: Map<string, Buffer>;
  readonly asked: string[];
  open: number;
  openMax: number;
}

/** The requests of one connection. Paths are taken as they are written. */
class Files {
  readonly #state: State;
  readonly #faults: Faults;
  readonly #connection: Connection;
  readonly #handles = new Map<number, { readonly path: string; listed: boolean }>();
  #nextHandle = 1;

  constructor(state: State, faults: Faults, connection: Connection) {
    this.#state = state;
    this.#faults = faults;
    this.#connection = connection;
  }

  serve(sftp: SFTPWrapper): void {
    const { files } = this.#state;
    const attributes = (path: string) => ({
      mode: plainFile,
      uid: 0,
      gid: 0,
      size: files.get(path)?.length ?? 0,
      atime: 1_794_300_000,
      mtime: 1_794_300_000,
    });
    const done = (id: number, good: boolean): void =>
      sftp.status(id, good ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE);
    sftp.on('LSTAT', (id, path) => {
      this.#note('LSTAT');
      if (files.has(path)) sftp.attrs(id, attributes(path));
      else if (path.endsWith('archive')) sftp.attrs(id, { ...attributes(path), mode: 0o040750 });
      else done(id, false);
    });
    sftp.on('OPEN', (id, path, flags) => {
      this.#note('OPEN');
      if (!(flags & OPEN_MODE.CREAT) && !files.has(path)) return done(id, false);
      if (flags & OPEN_MODE.CREAT) files.set(path, Buffer.alloc(0));
      sftp.handle(id, this.#handle(path));
    });
    sftp.on('FSTAT', (id, handle) => sftp.attrs(id, attributes(this.#pathOf(handle))));
    sftp.on('CLOSE', (id) => done(id, true));
    sftp.on('REMOVE', (id, path) => done(id, files.delete(path)));
    sftp.on('RENAME', (id, from, to) => this.#rename(sftp, id, from, to));
    sftp.on('READ', (id, handle, offset, length) => {
      this.#begin();
      const bytes = files.get(this.#pathOf(handle)) ?? Buffer.alloc(0);
      const end = offset + Math.min(length, this.#faults.readBytesMax ?? length);
      setImmediate(() => {
        this.#state.open--;
        if (offset >= bytes.length) sftp.status(id, STATUS_CODE.EOF);
        else sftp.data(id, bytes.subarray(offset, end));
      });
    });
    sftp.on('WRITE', (id, handle, offset, data) => this.#write(sftp, id, this.#pathOf(handle), offset, data));
    sftp.on('OPENDIR', (id, path) => sftp.handle(id, this.#handle(path)));
    sftp.on('READDIR', (id, handle) => {
      const open = this.#handles.get(handle.readUInt32BE(0));
      if (open === undefined || open.listed) return sftp.status(id, STATUS_CODE.EOF);
      open.listed = true;
      const names = [...files.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1));
      const { listsWithoutMode } = this.#faults;
      const entry = (filename: string) => {
        const { mode, ...rest } = attributes(`./${filename}`);
        const attrs = listsWithoutMode === true ? rest : { mode, ...rest };
        return { filename, longname: filename, attrs: attrs as ReturnType<typeof attributes> };
      };
      sftp.name(id, names.map(entry));
    });
  }

  #rename(sftp: SFTPWrapper, id: number, from: string, to: string): void {
    this.#note('RENAME');
    const { files } = this.#state;
    const faults = this.#faults;
    if ((faults.loseRenames ?? 0) > 0) {
      faults.loseRenames = (faults.loseRenames ?? 0) - 1;
      this.#break();
      return;
    }
    const bytes = files.get(from);
    const taken = files.has(to) && faults.renameReplaces !== true;
    if (bytes === undefined || taken) {
      sftp.status(id, taken ? STATUS_CODE.FAILURE : STATUS_CODE.NO_SUCH_FILE);
      return;
    }
    files.delete(from);
    files.set(to, bytes);
    if ((faults.loseRenameAnswers ?? 0) > 0) {
      faults.loseRenameAnswers = (faults.loseRenameAnswers ?? 0) - 1;
      this.#break();
      return;
    }
    sftp.status(id, STATUS_CODE.OK);
  }

  #write(sftp: SFTPWrapper, id: number, path: string, offset: number, data: Buffer): void {
    this.#begin();
    const { files } = this.#state;
    const before = files.get(path) ?? Buffer.alloc(0);
    const after = Buffer.alloc(Math.max(before.length, offset + data.length));
    before.copy(after);
    data.copy(after, offset);
    files.set(path, after.subarray(0, this.#faults.keepsBytesMax ?? after.length));
    const answer = (): void => {
      this.#state.open--;
      sftp.status(id, STATUS_CODE.OK);
    };
    if (this.#faults.holdWrites === undefined) setImmediate(answer);
    else void this.#faults.holdWrites.then(answer);
  }

  #break(): void {
    // The socket itself: a goodbye would be an answer of sorts.
    socketOf(this.#connection).destroy();
  }

  #note(name: string): void {
    this.#state.asked.push(name);
  }

  #begin(): void {
    this.#state.openMax = Math.max(this.#state.openMax, ++this.#state.open);
  }

  #handle(path: string): Buffer {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#nextHandle, 0);
    this.#handles.set(this.#nextHandle++, { path, listed: false });
    return handle;
  }

  #pathOf(handle: Buffer): string {
    return this.#handles.get(handle.readUInt32BE(0))?.path ?? '';
  }
}

/** Node's own key: a few in a thousand of those that ssh2 makes cannot be read by it. */
export function hostKey(): { readonly private: string; readonly public: string } {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  const key = ssh2.utils.parseKey(privateKey);
  assert(!(key instanceof Error));
  return { private: privateKey, public: `${key.type} ${key.getPublicSSH().toString('base64')}` };
}

function socketOf(connection: Connection): Socket {
  return Reflect.get(connection, '_sock') as Socket;
}
