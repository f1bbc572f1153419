import { existsSync, watch } from 'node:fs';
import type { Seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import type { Child } from '../support/child.ts';
import type { Tap } from './tap.ts';

/**
 * Where a SIGKILL is aimed: at a byte on its way to the gateway, at a moment after that, at one of the gateway's writes to
 * its data directory, at one to a block file there, at a new file in the archive, or at a moment after its start.
 */
export type Aim =
  | { readonly at: 'byte'; readonly bytes: number }
  | { readonly at: 'byte-and-later'; readonly bytes: number; readonly ms: number }
  | { readonly at: 'write'; readonly writes: number }
  | { readonly at: 'block-file'; readonly writes: number }
  | { readonly at: 'archive' }
  | { readonly at: 'moment'; readonly ms: number };

/** An aim for a gateway that has so many bytes before it. */
export function aimAtSession(random: Seeded, bytesMax: number): Aim {
  const bytes = 1 + random.below(Math.max(1, Math.floor(bytesMax)));
  const kind = random.below(10);
  if (kind < 2) return { at: 'byte', bytes };
  if (kind < 4) return { at: 'byte-and-later', bytes, ms: random.below(250) };
  if (kind < 6) return { at: 'block-file', writes: random.between(1, 12) };
  if (kind < 9) return { at: 'write', writes: random.between(1, 60) };
  return { at: 'moment', ms: random.below(600) };
}

/** An aim for a gateway that reads files. */
export function aimAtFiles(random: Seeded): Aim {
  const kind = random.below(10);
  if (kind < 2) return { at: 'archive' };
  if (kind < 5) return { at: 'block-file', writes: random.between(1, 12) };
  if (kind < 9) return { at: 'write', writes: random.between(1, 60) };
  return { at: 'moment', ms: random.below(1_200) };
}

export function aimText(aim: Aim): string {
  switch (aim.at) {
    case 'byte':
      return `byte ${aim.bytes}`;
    case 'byte-and-later':
      return `${aim.ms} ms after byte ${aim.bytes}`;
    case 'write':
      return `write ${aim.writes}`;
    case 'block-file':
      return `write ${aim.writes} to a block file`;
    case 'archive':
      return 'a file in the archive';
    case 'moment':
      return `${aim.ms} ms after the start`;
  }
}

/** What can be aimed at. */
export interface Range {
  readonly data: string;
  readonly tap?: Tap;
  readonly archive?: string;
}

/**
 * Kills a gateway as aimed, and where it never gets there, after two seconds. Gives back what was wrong: a gateway that
 * ended by itself.
 */
export async function killAsAimed(gateway: Child, aim: Aim, range: Range): Promise<string[]> {
  const timers: NodeJS.Timeout[] = [];
  const watching = new AbortController();
  const kill = (): void => gateway.signal('SIGKILL');
  const killIn = (ms: number): void => void timers.push(setTimeout(kill, ms));
  killIn(aim.at === 'moment' ? aim.ms : 2_000);
  if (aim.at === 'byte') range.tap?.after(aim.bytes, true, kill);
  if (aim.at === 'byte-and-later') range.tap?.after(aim.bytes, false, () => killIn(aim.ms));
  if (aim.at === 'write') watchWrites(range.data, aim.writes, watching.signal, kill);
  if (aim.at === 'block-file') watchWrites(range.data, aim.writes, watching.signal, kill, 'log.db-blocks-');
  if (aim.at === 'archive') watchWrites(range.archive, 1, watching.signal, kill);
  const { code, signal } = await gateway.ended;
  watching.abort();
  range.tap?.forget();
  for (const timer of timers) clearTimeout(timer);
  if (signal === 'SIGKILL') return [];
  return [`the gateway ended by itself (${code ?? signal}):\n${gateway.stderr()}`];
}

/** Every write, rename or removal of names that begin so counts as one; a directory that is not there yet has none. */
function watchWrites(
  directory: string | undefined,
  writes: number,
  signal: AbortSignal,
  done: () => void,
  prefix = '',
): void {
  if (directory === undefined || !existsSync(directory)) return;
  let left = writes;
  watch(directory, { signal }, (_, name) => {
    if (name?.startsWith(prefix) !== true) return;
    left -= 1;
    if (left === 0) done();
  });
}
