import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that holds a file system, mounted: what its file holds is what a disk would hold after a power cut. */
export interface MountedImage {
  readonly image: string;
  readonly directory: string;
  unmount(): void;
}

/**
 * A new, empty ext4 file system of 512 MiB in a file, mounted under `place`. `commit=600` keeps the journal from being
 * written of itself within a round: only what is synced stands in the image, as on the worst honest disk.
 */
export function newImage(place: string): MountedImage {
  const image = join(place, 'disk.img');
  must('truncate', ['-s', '512M', image]);
  must('mkfs.ext4', ['-q', '-F', image]);
  return mountImage(image, join(place, 'disk'));
}

/** The image as it is at this moment, mounted beside it: mounting replays the file system's journal. */
export function afterPowerCut(live: MountedImage, place: string): MountedImage {
  const image = join(place, 'copy.img');
  must('cp', ['--sparse=always', live.image, image]);
  return mountImage(image, join(place, 'copy'));
}

/** Why loop devices cannot be used here; nothing where they can. */
export function loopMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const place = mkdtempSync(join(tmpdir(), 'clearport-loop-'));
  try {
    newImage(place).unmount();
    return undefined;
  } catch (cause) {
    return `no loop device can be mounted: ${cause instanceof Error ? cause.message : String(cause)}`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function mountImage(image: string, directory: string): MountedImage {
  mkdirSync(directory);
  must('mount', ['-o', 'loop,commit=600', image, directory]);
  return { image, directory, unmount: () => must('umount', [directory]) };
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr.trim()}`);
}
