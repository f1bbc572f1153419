import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { latin1Text } from '../../src/core/bytes.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { openDatabase } from '../../src/log/sqlite.ts';
import { type Child, startChild } from '../support/child.ts';
import { afterPowerCut, type MountedImage, newImage } from './image.ts';
import { powerCutChannel, recordText } from './record.ts';

/** `files-off`: only what stands in block files is not synced. */
export type Durability = 'full' | 'off' | 'files-off';

/** What one power cut left. `lost` counts acknowledged records that are not there; `broken` says what else is wrong. */
export interface PowerCut {
  readonly acknowledged: number;
  readonly survived: number;
  readonly lost: number;
  /** Blocks that stand in files, and those files. */
  readonly inFiles: { readonly blocks: number; readonly files: number };
  readonly broken?: string;
}

/**
 * Cuts the power under a writer after `writeMs` of writing: stops the process where it stands, copies the disk's image,
 * and reads what a machine would find there when it comes up again.
 */
export async function powerCut(durability: Durability, writeMs: number): Promise<PowerCut> {
  const place = mkdtempSync(join(tmpdir(), 'clearport-power-'));
  const live = newImage(place);
  let copy: MountedImage | undefined;
  let writer: Child | undefined;
  try {
    writer = startChild(process.execPath, [writerPath, join(live.directory, 'data'), durability]);
    await writer.waitFor(/acknowledged/);
    await sleep(writeMs);
    await freeze(writer);
    copy = afterPowerCut(live, place);
    writer.signal('SIGKILL');
    await writer.ended;
    // What the pipe still held was acknowledged before the cut, so it is read to its end.
    return await survivors(join(copy.directory, 'data'), lastAcknowledged(writer.stdout()));
  } finally {
    await writer?.stop(0);
    copy?.unmount();
    live.unmount();
    rmSync(place, { recursive: true, force: true });
  }
}

const writerPath = fileURLToPath(new URL('writer.ts', import.meta.url));

/** Stops every thread of a process, and waits until none of them runs: a signal is only asked for, not carried out, by `kill`. */
async function freeze(child: Child): Promise<void> {
  child.signal('SIGSTOP');
  for (let tries = 0; tries < 1_000; tries++) {
    if (/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) return;
    await sleep(1);
  }
  throw new Error('the writer does not stop');
}

function lastAcknowledged(output: string): number {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines.reduce((last, line) => Math.max(last, Number(/^acknowledged (\d+)$/.exec(line)?.[1] ?? 0)), 0);
}

async function survivors(directory: string, acknowledged: number): Promise<PowerCut> {
  try {
    const log = await openSqliteLog(directory, {});
    try {
      let survived = 0;
      const inFiles = filesNamed(directory);
      for await (const entry of log.read({ channel: powerCutChannel })) {
        survived += 1;
        const text = latin1Text(entry.bytes);
        if (text !== recordText(survived))
          return broken(acknowledged, survived, `record ${survived} is not itself`);
      }
      const { ok, findings } = await log.verify();
      const { position } = await log.head(powerCutChannel);
      const lost = Math.max(0, acknowledged - survived);
      if (!ok) return broken(acknowledged, survived, JSON.stringify(findings));
      if (survived > 0 && JSON.stringify(position) !== JSON.stringify({ last: survived })) {
        return broken(acknowledged, survived, `the position is ${JSON.stringify(position)}`);
      }
      return { acknowledged, survived, lost, inFiles };
    } finally {
      await log.close();
    }
  } catch (cause) {
    return broken(acknowledged, 0, cause instanceof Error ? cause.message : String(cause));
  }
}

function broken(acknowledged: number, survived: number, why: string): PowerCut {
  const inFiles = { blocks: 0, files: 0 };
  return { acknowledged, survived, lost: Math.max(0, acknowledged - survived), inFiles, broken: why };
}

function filesNamed(directory: string): PowerCut['inFiles'] {
  const database = openDatabase(join(directory, 'log.db'), true);
  try {
    const row = database
      .prepare('SELECT count(file) AS blocks, count(DISTINCT file) AS files FROM blocks')
      .get();
    return { blocks: Number(row?.['blocks']), files: Number(row?.['files']) };
  } finally {
    database.close();
  }
}
