import { DatabaseSync } from 'node:sqlite';

/** Turns one byte over in the middle of the largest stored value. */
export function spoil(path: string): void {
  const database = new DatabaseSync(path);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  for (const { name } of tables) {
    const columns = database
      .prepare(`SELECT name FROM pragma_table_info('${name}') WHERE type = 'BLOB'`)
      .all();
    for (const { name: column } of columns) {
      const row = database
        .prepare(`SELECT ${column} AS value FROM ${name} ORDER BY length(${column}) DESC LIMIT 1`)
        .get();
      const value = row?.['value'];
      if (!(value instanceof Uint8Array) || value.length < 1_000) continue;
      const changed = Uint8Array.from(value);
      const at = Math.floor(changed.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 1;
      database.prepare(`UPDATE ${name} SET ${column} = ? WHERE ${column} = ?`).run(changed, value);
      database.close();
      return;
    }
  }
  throw new Error(`nothing in ${path} could be changed`);
}
