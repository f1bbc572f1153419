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
export { encodeFix, type FixValue, type FixValues } from './encode-fix.ts';
export { type FixTemplate, fixTemplate } from './fix-template.ts';
export { type FixPrecision, FixWriter, type FixWriterOptions } from './fix-writer.ts';
export { fixFramer } from './framer.ts';
export { type FixPolicy, fixIssues, type RejectReason, rejectReasonOf } from './issues.ts';
export { loadDictionary } from './load-dictionary.ts';
export { fixLogFramer } from './log-framer.ts';
export type { FixField, FixLevel, FixMessage } from './message.ts';
export { quickfixSwitches, type Switches as FixSwitches, switchesOf } from './switches.ts';
export { tokenStride } from './tokens.ts';
export { writeFix } from './write.ts';
