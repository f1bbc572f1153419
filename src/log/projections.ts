import { rmSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import type { Projection } from '../contract/projection.ts';
import { GatewayError } from '../core/errors.ts';
import { FactsView, facts } from './facts.ts';
import { logPaths, makeDirectory, makeFile } from './place.ts';
import { ProjectionFile, type ProjectionStore } from './projection-store.ts';
import { SearchView, search } from './search.ts';

export interface ProjectionsOptions {
  /** What is folded, beside `search` and `facts`. */
  readonly projections?: readonly Projection<ProjectionStore>[];
}

/** Where one view stands. */
export interface ProjectionStatus {
  readonly id: string;
  readonly fingerprint: string;
  /** Offset of the last entry that is folded in; 0 for none. */
  readonly offset: number;
}

/** The views of a log. */
export interface Projections {
  readonly search: SearchView;
  readonly facts: FactsView;
  /** The store, for views of other rooms. Read only. */
  readonly store: Pick<ProjectionStore, 'get' | 'all'>;
  status(): readonly ProjectionStatus[];
  /** Folds everything that is committed when the call is made. Gives how many entries were read. */
  catchUp(): Promise<number>;
  /** Keeps up with the log from now on, until the views are closed. Failures of the disk are waited out. */
  follow(): void;
  /** What keeps {@link follow} from going on at this moment. */
  readonly trouble: GatewayError | undefined;
  close(): Promise<void>;
}

/** Entries of one transaction. */
const batchEntriesMax = 512;
/** How long a failing disk is left alone. */
const retryMs = 1_000;

/**
 * The views of a log, in `projections.db` beside it. Several processes may have them open: each folds what is missing,
 * and whoever comes second finds it done. A file that cannot be read is thrown away and made again.
 */
export async function openProjections(
  directory: string,
  log: Log,
  options: ProjectionsOptions = {},
): Promise<Projections> {
  const { projections: path } = logPaths(directory);
  makeDirectory(directory);
  const file = openFile(path);
  const all = [search, facts, ...(options.projections ?? [])];
  return new Runner(file, log, all);
}

function openFile(path: string): ProjectionFile {
  try {
    makeFile(path);
    return new ProjectionFile(path);
  } catch (error) {
    const code = error instanceof GatewayError ? error.code : '';
    if (code !== 'LOG_DAMAGED' && code !== 'LOG_NOT_A_DATABASE') throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    makeFile(path);
    return new ProjectionFile(path);
  }
}

interface Cursor extends ProjectionStatus {
  /** Chain value of the block of that entry: shows that it is still the same log. */
  readonly chain: string;
}

class Runner implements Projections {
  readonly search: SearchView;
  readonly facts: FactsView;
  trouble: GatewayError | undefined;
  private readonly file: ProjectionFile;
  private readonly log: Log;
  private readonly projections: readonly Projection<ProjectionStore>[];
  private readonly stop = new AbortController();
  private following: Promise<void> | undefined;
  /** One fold at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(file: ProjectionFile, log: Log, projections: readonly Projection<ProjectionStore>[]) {
    this.file = file;
    this.log = log;
    this.projections = projections;
    this.search = new SearchView(file);
    this.facts = new FactsView(file);
    this.file.transaction(() => this.prepare());
  }

  get store(): Pick<ProjectionStore, 'get' | 'all'> {
    return this.file;
  }

  status(): readonly ProjectionStatus[] {
    return this.cursors().map(({ id, fingerprint, offset }) => ({ id, fingerprint, offset }));
  }

  catchUp(): Promise<number> {
    const done = this.turn.then(() => this.foldAll());
    this.turn = done.catch(() => undefined);
    return done;
  }

  follow(): void {
    this.following ??= this.keepUp();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.following;
    await this.turn;
    this.file.close();
  }

  /** Empties the views that were folded by other code or configuration. */
  private prepare(): void {
    const known = new Map(this.cursors().map((cursor) => [cursor.id, cursor.fingerprint]));
    for (const projection of this.projections) {
      if (known.get(projection.id) !== projection.fingerprint) this.rebuild(projection);
    }
  }

  private rebuild(projection: Projection<ProjectionStore>): void {
    const { id, fingerprint } = projection;
    this.file.drop(id);
    projection.create(this.file);
    this.file.run(
      'INSERT INTO projections (id, fingerprint, offset, chain) VALUES (?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, offset = 0, chain = excluded.chain',
      id,
      fingerprint,
      '',
    );
  }

  private cursors(): Cursor[] {
    const rows = this.file.all('SELECT id, fingerprint, offset, chain FROM projections ORDER BY id');
    const ids = new Set(this.projections.map((projection) => projection.id));
    return rows
      .map((row) => ({
        id: String(row['id']),
        fingerprint: String(row['fingerprint']),
        offset: Number(row['offset']),
        chain: String(row['chain']),
      }))
      .filter((cursor) => ids.has(cursor.id));
  }

  private async foldAll(): Promise<number> {
    await this.checkLog();
    const end = (await this.log.heads()).reduce((last, head) => Math.max(last, head.block), 0);
    let count = 0;
    while (!this.stop.signal.aborted) {
      const read = await this.foldSome(end);
      if (read === 0) break;
      count += read;
      await nextTurn();
    }
    return count;
  }

  /** Another log under the same views (a restored one, say) is folded from its beginning. */
  private async checkLog(): Promise<void> {
    for (const { id, offset, chain } of this.cursors()) {
      if (offset === 0) continue;
      const entry = await this.log.get(offset);
      if (entry?.chain === chain) continue;
      const projection = this.projections.find((one) => one.id === id);
      if (projection !== undefined) this.file.transaction(() => this.rebuild(projection));
    }
  }

  /** Folds the next entries into those views that are furthest behind; gives how many it read. */
  private async foldSome(lastBlock: number): Promise<number> {
    const cursors = this.cursors();
    const from = Math.min(...cursors.map((cursor) => cursor.offset));
    const ahead = cursors.map((cursor) => cursor.offset).filter((offset) => offset > from);
    const to = Math.min(...ahead, (lastBlock + 1) * 65_536 - 1);
    const entries: Entry[] = [];
    for await (const entry of this.log.read({ from: from + 1, to })) {
      entries.push(entry);
      if (entries.length === batchEntriesMax) break;
    }
    const last = entries.at(-1);
    if (last !== undefined) this.fold(from, entries, last);
    return entries.length;
  }

  private fold(from: number, entries: readonly Entry[], last: Entry): void {
    this.file.transaction(() => {
      // Read again inside: another process may have folded the same entries by now.
      const behind = new Set(
        this.cursors()
          .filter((cursor) => cursor.offset === from)
          .map((cursor) => cursor.id),
      );
      for (const projection of this.projections) {
        if (!behind.has(projection.id)) continue;
        for (const entry of entries) projection.apply(this.file, entry);
        this.file.run(
          'UPDATE projections SET offset = ?, chain = ? WHERE id = ?',
          last.offset,
          last.chain,
          projection.id,
        );
      }
    });
  }

  private async keepUp(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      try {
        await this.catchUp();
        const from = Math.min(...this.cursors().map((cursor) => cursor.offset)) + 1;
        this.trouble = undefined;
        // The first new entry is the news; catching up reads it with all others that came with it.
        for await (const _entry of this.log.subscribe({ from }, signal)) break;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        if (error.code === 'LOG_CLOSED') return;
        this.trouble = error;
        await pause(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
