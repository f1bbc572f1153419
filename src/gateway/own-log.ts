import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../contract/log.ts';
import type { Clock } from '../core/clock.ts';
import { systemCode } from '../core/errors.ts';
import { openSqliteLog } from '../log/index.ts';
import type { Follower } from './gateway.ts';

export async function hasLog(data: string): Promise<boolean> {
  try {
    return (await stat(join(data, 'log.db'))).isFile();
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') return false;
    throw cause;
  }
}

/** The log of a data directory, which is made for this user alone where it is not there. */
export async function openOwnLog(data: string, clock: Clock): Promise<Log> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  return openSqliteLog(data, { clock });
}

/** What follows the log for everybody: search and facts, in a database that can be thrown away. */
export async function followOwnLog(_log: Log, _data: string): Promise<Follower> {
  return { close: async () => undefined };
}
