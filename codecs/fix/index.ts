export { type FixCodecOptions, fix, fixCodec } from './codec.ts';
export {
  type Dictionary,
  dictionaryOf,
  type FieldFact,
  type FixTable,
  type LevelFact,
  type MessageFact,
  role,
} from './dictionary.ts';
export { fixFramer } from './framer.ts';
export { type FixPolicy, fixIssues, type RejectReason, rejectReasonOf } from './issues.ts';
export { loadDictionary } from './load-dictionary.ts';
export { fixLogFramer } from './log-framer.ts';
export type { FixField, FixLevel, FixMessage } from './message.ts';
export { writeFix } from './write.ts';
