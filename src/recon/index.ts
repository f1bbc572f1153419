export type { Basis } from './amounts.ts';
export type { ComparisonCounts } from './explain.ts';
export { reconIssues } from './issues.ts';
export type { Break, HistoryRow } from './lifecycle.ts';
export { shownText } from './phrases.ts';
export { type ReconOptions, reconProjection } from './projection.ts';
export type { Run } from './runs.ts';
export {
  type Cause,
  causes,
  type Evidence,
  type FeedKind,
  type Finding,
  isCause,
  type Member,
  type Owner,
} from './terms.ts';
export { type AgedBreak, type BreakQuery, ReconView } from './view.ts';
