import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCode } from '../../core/errors.ts';
import { cliError } from '../context.ts';

/** Left by the demo, so that it only ever clears what is its own. */
const marker = 'demo.json';

/** An empty directory that is the demo's own: what an earlier demo left is cleared, what somebody else keeps is not. */
export async function freshDirectory(options: {
  readonly directory: string;
  readonly seed: number;
  readonly executions: number;
}): Promise<string> {
  // The gateway's control socket stands in the data directory, and the system allows 107 bytes for its path.
  const socketPath = join(options.directory, 'data', 'control.sock');
  const directory =
    Buffer.byteLength(socketPath) < 100 ? options.directory : join(tmpdir(), `clearport-demo-${process.pid}`);
  const state = await stateOf(directory);
  if (state === 'taken')
    throw cliError('CLI_FILE_EXISTS', 'the directory for the demo holds something that is not its own', {
      place: directory,
      remedy: 'name another one with --directory',
    });
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, marker),
    `${JSON.stringify({ seed: options.seed, executions: options.executions })}\n`,
  );
  return directory;
}

async function stateOf(directory: string): Promise<'free' | 'ours' | 'taken'> {
  try {
    await readFile(join(directory, marker));
    return 'ours';
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') return 'taken';
  }
  try {
    await readFile(directory);
    return 'taken';
  } catch (cause) {
    return systemCode(cause) === 'ENOENT' ? 'free' : 'taken';
  }
}
