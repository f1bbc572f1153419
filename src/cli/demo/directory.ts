import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayError, systemCode } from '../../core/errors.ts';
import { ownLog } from '../../log/index.ts';
import { cliError } from '../context.ts';

/** Left by the demo, so that it only ever clears what is its own. */
const marker = 'demo.json';
/** Held by a demo for as long as it runs; the operating system lets go of it with the process. */
const lock = 'demo.lock';

export interface DemoDirectory {
  readonly directory: string;
  /** Another demo may have the directory from now on; said again, it changes nothing. */
  release(): void;
}

/**
 * An empty directory that is this demo's alone: what an earlier demo left is cleared; what somebody else keeps is not,
 * and neither is a demo that still runs. Throws `CLI_FILE_EXISTS` and `DEMO_RUNNING`.
 */
export async function freshDirectory(options: {
  readonly directory: string;
  readonly seed: number;
  readonly executions: number;
}): Promise<DemoDirectory> {
  // The gateway's control socket stands in the data directory, and the system allows 107 bytes for its path.
  const socketPath = join(options.directory, 'data', 'control.sock');
  const directory =
    Buffer.byteLength(socketPath) < 100 ? options.directory : join(tmpdir(), `clearport-demo-${process.pid}`);
  await refuseOthers(directory);
  await mkdir(directory, { recursive: true });
  const release = held(directory);
  for (const name of await readdir(directory)) {
    if (name !== lock) await rm(join(directory, name), { recursive: true, force: true });
  }
  const { seed, executions } = options;
  await writeFile(join(directory, marker), `${JSON.stringify({ seed, executions })}\n`);
  return { directory, release };
}

async function refuseOthers(directory: string): Promise<void> {
  const names = await namesIn(directory);
  if (names?.includes(marker) || names?.every((name) => name === lock)) return;
  throw cliError('CLI_FILE_EXISTS', 'the directory for the demo holds something that is not its own', {
    place: directory,
    remedy: 'name another one with --directory',
  });
}

/** Undefined where something else than a directory stands there. */
async function namesIn(directory: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return undefined;
    throw cause;
  }
}

function held(directory: string): () => void {
  try {
    let release: (() => void) | undefined = ownLog(join(directory, lock));
    return () => {
      release?.();
      release = undefined;
    };
  } catch (cause) {
    if (!(cause instanceof GatewayError) || cause.code !== 'LOG_LOCKED') throw cause;
    throw cliError('DEMO_RUNNING', 'another demonstration runs in this directory', {
      place: directory,
      cause,
    });
  }
}
