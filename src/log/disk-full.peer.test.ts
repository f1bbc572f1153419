import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered } from './suite-drafts.ts';

function mount(...args: string[]): number | null {
  return spawnSync('mount', args, { stdio: 'ignore' }).status;
}

/** A disk of its own, of some megabytes, unmounted when the test is over. */
function smallDisk(megabytes: number): string {
  const place = tempDirectory('disk');
  expect(mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'clearport-test', place)).toBe(0);
  onTestFinished(() => void spawnSync('umount', ['-l', place]));
  return place;
}

function mountable(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  const place = tempDirectory('probe', (gone) => process.once('exit', gone));
  if (mount('-t', 'tmpfs', '-o', 'size=1m', 'clearport-test', place) !== 0)
    return 'tmpfs cannot be mounted here';
  spawnSync('umount', [place]);
  return undefined;
}

/** Appends until the disk says no; gives the last number that was acknowledged. */
async function fill(log: SqliteLog, from: number): Promise<number> {
  for (let ordinal = from; ; ordinal++) {
    const code = await codeOf(
      log.append('drop', [numbered(ordinal, `${ordinal} ${'x'.repeat(20_000)}`)], { position: ordinal }),
    );
    if (code === undefined) continue;
    expect(code).toBe('LOG_DISK_FULL');
    return ordinal - 1;
  }
}

requirePeer('a small disk', mountable, () => {
  test('a disk that fills up loses nothing; with room again, the next append works', async () => {
    const disk = smallDisk(6);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));
    const log = await openSqliteLog(join(disk, 'data'));
    const last = await fill(log, 1);
    expect(last).toBeGreaterThan(10);
    expect(await codeOf(log.append('drop', [numbered(last + 1, 'y'.repeat(20_000))]))).toBe('LOG_DISK_FULL');
    expect(await log.head('drop')).toMatchObject({ sequence: last, position: last });
    rmSync(ballast);
    const [next] = await log.append('drop', [numbered(last + 1, 'room again')], { position: last + 1 });
    expect(next).toMatchObject({ outcome: 'appended', sequence: last + 1 });
    await log.close();
    const again = await openSqliteLog(join(disk, 'data'));
    expect((await all(again.read())).map((entry) => entry.sequence)).toEqual(
      Array.from({ length: last + 1 }, (_, at) => at + 1),
    );
    expect((await again.verify()).findings).toEqual([]);
    await again.close();
  });

  test('a full disk at the start says so, and leaves nothing half made', async () => {
    const disk = smallDisk(1);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(1024 * 1024 - 8192));
    expect(await codeOf(openSqliteLog(join(disk, 'data')))).toBe('LOG_DISK_FULL');
    rmSync(join(disk, 'ballast'));
    const log = await openSqliteLog(join(disk, 'data'));
    expect(await log.append('drop', [numbered(1)])).toHaveLength(1);
    await log.close();
  });

  test('a disk that may only be read gives LOG_PERMISSION', async () => {
    const disk = smallDisk(4);
    const log = await openSqliteLog(join(disk, 'data'));
    await log.append('drop', [numbered(1)]);
    await log.close();
    expect(mount('-o', 'remount,ro', disk)).toBe(0);
    expect(await codeOf(openSqliteLog(join(disk, 'data')))).toBe('LOG_PERMISSION');
    expect(await codeOf(openSqliteLog(join(disk, 'new')))).toBe('LOG_PERMISSION');
  });
});
