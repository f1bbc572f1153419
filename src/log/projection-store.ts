import { type Database, openDatabase, type Statement, sqliteCall } from './sqlite.ts';

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, unknown>>;

/** What a projection writes to and reads from: SQL, with statements prepared once. */
export interface ProjectionStore {
  /** Statements without values: tables and indexes. Their names begin with the projection's id and an underscore. */
  define(sql: string): void;
  run(sql: string, ...values: SqlValue[]): void;
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...values: SqlValue[]): readonly SqlRow[];
}

/** Version of the file's own tables. Another one: the file is emptied and filled again. */
const fileVersion = 1;

/**
 * `projections.db`: views of the log that can be thrown away. Synced less strictly than the log: what a power cut takes
 * is folded again.
 */
export class ProjectionFile implements ProjectionStore {
  readonly path: string;
  private readonly database: Database;
  private readonly prepared = new Map<string, Statement>();

  constructor(path: string) {
    this.path = path;
    this.database = openDatabase(path, false);
    sqliteCall(path, () => {
      this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      this.prepareTables();
    });
  }

  define(sql: string): void {
    this.database.exec(sql);
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.statement(sql).run(...values);
  }

  get(sql: string, ...values: SqlValue[]): SqlRow | undefined {
    return this.statement(sql).get(...values);
  }

  all(sql: string, ...values: SqlValue[]): readonly SqlRow[] {
    return this.statement(sql).all(...values);
  }

  /** All of it or nothing. The lock is taken first, so that what is read inside is what is changed. */
  transaction<T>(change: () => T): T {
    return sqliteCall(this.path, () => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = change();
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        this.rollBack();
        throw error;
      }
    });
  }

  /** Removes every table of one projection. */
  drop(id: string): void {
    const names = this.all(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length(?) + 1) = ? || '_'",
      id,
      id,
    );
    // Statements that were prepared over the tables would hold them.
    this.prepared.clear();
    for (const row of names) this.database.exec(`DROP TABLE "${String(row['name'])}"`);
  }

  close(): void {
    this.database.close();
  }

  private prepareTables(): void {
    const version = Number(this.database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version === fileVersion) return;
    this.database.exec('BEGIN IMMEDIATE');
    const tables = this.database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const row of tables) this.database.exec(`DROP TABLE "${String(row['name'])}"`);
    this.database.exec(
      `CREATE TABLE projections (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, offset INTEGER NOT NULL, chain TEXT NOT NULL) STRICT;
       PRAGMA user_version = ${fileVersion}; COMMIT`,
    );
  }

  private rollBack(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // A full disk ends the transaction by itself.
    }
  }

  private statement(sql: string): Statement {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}
