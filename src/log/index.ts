export { restore } from './backup.ts';
export { type Effect, effectsAt, toldEvent, toldEventNamed } from './effects.ts';
export { eventsOf, type PlacedEvent } from './entry-events.ts';
export { FactsView, facts, type Standing, type Telling } from './facts.ts';
export { logIssues } from './issues.ts';
export { type MemoryLogOptions, memoryLog } from './memory.ts';
export { ownLog } from './owner.ts';
export type { ProjectionStore, SqlRow, SqlValue } from './projection-store.ts';
export {
  openProjections,
  type ProjectionStatus,
  type Projections,
  type ProjectionsOptions,
} from './projections.ts';
export { type SearchHit, type SearchQuery, SearchView, search } from './search.ts';
export { openSqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.ts';
