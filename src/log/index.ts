export { logIssues } from './issues.ts';
export { type MemoryLogOptions, memoryLog } from './memory.ts';
