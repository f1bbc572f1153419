export { type FinEnvelope, type WriteOptions, type WrittenField, writeMt } from './write.ts';
export { type Mt548Options, writeMt548 } from './write-mt548.ts';
