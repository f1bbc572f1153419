import type { SessionAdapter } from '../../src/contract/session.ts';
import { type FixSessionOptions, fixSessionOptions, fixSessionSecrets } from './options.ts';
import { reachFix } from './reach.ts';
import { bodyOf, preview } from './saying.ts';
import { scheduleOf } from './schedule.ts';
import { openFixSession } from './session.ts';

export { fixSessionIssues } from './issues.ts';
export { type MemoryStore, memoryStore } from './memory-store.ts';
export {
  type BeginString,
  beginStrings,
  type FixSessionOptions,
  type FixSessionOptionsInput,
  fixSessionOptions,
  fixSessionSecrets,
} from './options.ts';

/** A FIX session over TCP or TLS, as initiator or acceptor: `docs/fix-session.md`. */
export const fixSession: SessionAdapter<FixSessionOptions> = {
  shape: 'session',
  id: 'fix',
  codec: 'fix',
  options: fixSessionOptions,
  secrets: fixSessionSecrets,
  open: openFixSession,
  schedule: scheduleOf,
  bodyOf,
  preview,
  reach: reachFix,
};
