import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';

/**
 * A suite that talks to something real that this machine may lack. `probe` says why it cannot be used here, and nothing
 * where it can. With `CLEARPORT_PEERS=required` (CI, `npm run test:full`) what is missing fails; otherwise the run says
 * in one line what was left out and why.
 */
export function requirePeer(name: string, probe: () => string | undefined, suite: () => void): void {
  const missing = probe();
  if (missing === undefined) {
    describe(`with ${name}`, suite);
    return;
  }
  test(`with ${name}`, (context) => {
    if (peersRequired()) throw new Error(`${name} is required here: ${missing}`);
    context.skip(leftOut(name, missing));
  });
}

/** True where leaving a peer out is a failure. */
export function peersRequired(): boolean {
  return process.env['CLEARPORT_PEERS'] === 'required';
}

/** The one line that says what was left out; printed, and given back. */
export function leftOut(name: string, why: string): string {
  const line = `left out: ${name} (${why})`;
  process.stderr.write(`${line}\n`);
  return line;
}

/** A probe for a program on the path: nothing when it runs, otherwise how to get it. */
export function program(command: string, args: readonly string[], install: string): () => string | undefined {
  return () => {
    const { status, error } = spawnSync(command, args, { stdio: 'ignore' });
    return error === undefined && status === 0 ? undefined : `${command} is not here: ${install}`;
  };
}
