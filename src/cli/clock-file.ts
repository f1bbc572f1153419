import { readFileSync, statSync } from 'node:fs';
import { type Clock, type Micros, microsOfIso } from '../core/clock.ts';
import { cliError } from './context.ts';

/** How long a reading of the file holds, in microseconds: a jump is seen by every process within this. */
const looksAgainMicros = 10_000;

/** The time of a file and when it was written, both in microseconds. */
interface Set {
  readonly says: Micros;
  readonly written: Micros;
  /** Changes with the file: a clock that is set is a file that is replaced. */
  readonly mark: string;
}

/**
 * A clock for demonstrations: the time that stands in the file (`2026-11-12T11:30:00Z`) was when the file was written,
 * and it runs on from there as the machine's does. The file is looked at again and again; a time that goes back is not
 * followed until it has passed what was told before. Two processes with one file agree. Throws `CLI_CLOCK` where the
 * file is not there or holds no time; a later one that holds none changes nothing.
 */
export function fileClock(path: string, machine: Clock): Clock {
  let set = read(path);
  if (set === undefined)
    throw cliError('CLI_CLOCK', 'the file of the clock is not there, or holds no time', {
      place: path,
      remedy: 'write one ISO 8601 time in UTC into it, such as 2026-11-12T11:30:00Z',
    });
  let looked = machine.now();
  let last = 0;
  return {
    source: `the clock of ${path}, not the machine's`,
    now() {
      const machineNow = machine.now();
      if (machineNow - looked >= looksAgainMicros) {
        set = read(path, set) ?? set;
        looked = machineNow;
      }
      last = Math.max(last, set === undefined ? 0 : set.says + Math.max(0, machineNow - set.written));
      return last;
    },
  };
}

function read(path: string, known?: Set): Set | undefined {
  try {
    const stats = statSync(path, { bigint: true });
    const mark = `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
    if (mark === known?.mark) return known;
    const says = microsOfIso(readFileSync(path, 'utf8').trim());
    return says === undefined ? undefined : { says, written: Number(stats.mtimeNs / 1000n), mark };
  } catch {
    return undefined;
  }
}
