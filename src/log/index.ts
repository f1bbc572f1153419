export { restore } from './backup.ts';
export { logIssues } from './issues.ts';
export { type MemoryLogOptions, memoryLog } from './memory.ts';
export { openSqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.ts';
