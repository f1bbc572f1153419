export { compare, defaultPatterns, type Patterns, readPatterns } from './compare.ts';
export {
  type Definition,
  type DefinitionIssue,
  type Profile,
  profiles,
  type RunnerRole,
  type SessionStep,
  type Step,
} from './definition.ts';
export type { Address } from './doors.ts';
export type { Difference } from './fields.ts';
export { type GrammarOptions, parseDefinition } from './grammar.ts';
export { definitionIssues } from './issues.ts';
export { lanesOf } from './lanes.ts';
export { type DefinitionPack, loadPack, onlyNamed, profileOfPack } from './pack.ts';
export type { SetSession } from './play.ts';
export { type ReportFacts, reportHtml } from './report-html.ts';
export { junitXml } from './report-junit.ts';
export {
  type DefinitionResult,
  defaultTimeoutMs,
  type Failure,
  type RunOptions,
  type RunReport,
  runDefinitions,
  type TranscriptLine,
} from './run.ts';
export { shippedPack, shippedPacks } from './shipped.ts';
export { transcriptLines } from './transcript.ts';
