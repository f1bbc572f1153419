import type { SessionAdapter } from '../../src/contract/session.ts';
import { routed } from './body.ts';
import { Hub } from './hub.ts';
import { type FixSessionOptions, fixSessionOptions, fixSessionSecrets } from './options.ts';
import { reachFix } from './reach.ts';
import { bodyOf, preview } from './saying.ts';
import { scheduleOf } from './schedule.ts';
import { openFixSession } from './session.ts';
import { sharePort, sharingProblem } from './sharing.ts';

export { Hub } from './hub.ts';
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
export { sentStore } from './sent-store.ts';
export { openFixSession } from './session.ts';

/** A FIX session over TCP or TLS, as initiator or acceptor: `docs/fix-session.md`. Each has a port of its own. */
export const fixSession: SessionAdapter<FixSessionOptions> = {
  shape: 'session',
  id: 'fix',
  codec: 'fix',
  options: fixSessionOptions,
  secrets: fixSessionSecrets,
  paths: ['dictionary'],
  description: 'dictionary',
  open: (options, ports) => openFixSession(options, ports),
  share: () => new Hub(),
  conflict: (first, later) => (sharePort(first, later) ? sharingProblem(first, later) : undefined),
  schedule: scheduleOf,
  bodyOf,
  preview: (options, type, body) => {
    if (!options.template) return preview(options, type, body);
    const { compId, rest } = routed(body);
    return preview({ ...options, targetCompId: compId }, type, rest);
  },
  reach: reachFix,
};
