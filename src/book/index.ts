export { type Line, linesOf, type MovementKind, type Moves } from './lines.ts';
export type { Because } from './movements.ts';
export { type BookOptions, bookProjection } from './projection.ts';
export type { ReportedRow, Snapshot } from './reported.ts';
export { closeOf } from './reported.ts';
export { securityText, symbolOf } from './security.ts';
export * from './view.ts';
