import type { EntryDraft } from '../contract/entry.ts';
import type { Framer } from '../contract/frame.ts';
import type { Appended, Log } from '../contract/log.ts';
import type { FileSource } from '../contract/source.ts';
import type { Clock, Micros } from '../core/clock.ts';
import type { Limits } from '../core/limits.ts';
import type { EntryMaking } from './entry-making.ts';
import { type FilePosition, type KeptPosition, positionJson } from './file-position.ts';
import { count, type Meter } from './meter.ts';
import type { Staging } from './staging.ts';

/** Type of the entry of a file that is held as a whole. */
export const heldFileType = 'file';

/** What taking a file in asks about expected arrivals. */
export interface ExpectedFiles {
  /** The position of a file with the feed that it is. Of a file that is let in, also with the arrival that it meets. */
  known(position: FilePosition, arrivedAt: Micros | undefined): FilePosition;
}

/** What taking files in works with. */
export interface IntakePorts {
  readonly log: Log;
  readonly source: FileSource;
  readonly staging: Staging;
  readonly framer: Framer;
  readonly making: EntryMaking;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly limits: Limits;
  /** What becomes of other bytes under a key that is booked. Default: they are held for a person. */
  readonly restated?: 'hold' | 'supersede';
  /** Name of the file that says that another one is whole: `{name}` or `{stem}` is that other one's. */
  readonly doneFile?: string;
  /** Knows which files are expected. */
  readonly expected?: ExpectedFiles;
}

export type IntakeOutcome =
  | 'accepted'
  | 'superseded'
  | 'duplicate'
  | 'restated'
  | 'refused'
  | 'unreadable'
  | 'tidied';

/** Name of the channel. */
export function nameOf({ making }: Pick<IntakePorts, 'making'>): string {
  return making.channel.name;
}

/** One commit: the entries with the position behind them. */
export async function commit(
  ports: IntakePorts,
  batch: readonly EntryDraft[],
  position: FilePosition | KeptPosition,
): Promise<readonly Appended[]> {
  const appended = await ports.log.append(nameOf(ports), batch, { position: positionJson(position) });
  count(ports.meter, batch, appended);
  return appended;
}
