import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';

/**
 * Which quarantined entries nobody has decided about: those without a revision. Follows the log whenever it is asked,
 * from where it was; the first time from the beginning. Holds one number for each open entry.
 */
export class QuarantineIndex {
  readonly #log: Log;
  readonly #open = new Map<string, Map<string, number>>();
  #next = 0;
  #following: Promise<void> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Offsets of the open entries, in order. */
  async offsets(channel?: string): Promise<readonly number[]> {
    await this.#follow();
    const maps = channel === undefined ? [...this.#open.values()] : [this.#open.get(channel) ?? new Map()];
    return maps.flatMap((map) => [...map.values()]).sort((left, right) => left - right);
  }

  async count(channel: string): Promise<number> {
    await this.#follow();
    return this.#open.get(channel)?.size ?? 0;
  }

  /** One reader at a time: whoever asks meanwhile waits for it, and then reads the rest. */
  #follow(): Promise<void> {
    const read = async (): Promise<void> => {
      for await (const entry of this.#log.read({ from: this.#next })) {
        this.#take(entry);
        this.#next = entry.offset + 1;
      }
    };
    this.#following = this.#following.then(read, read);
    return this.#following;
  }

  #take(entry: Entry): void {
    if (entry.kind !== 'quarantine' && entry.kind !== 'revision') return;
    const open = this.#open.get(entry.channel) ?? new Map<string, number>();
    this.#open.set(entry.channel, open);
    const origin = originText(entry.origin);
    if (entry.kind === 'quarantine') open.set(origin, entry.offset);
    else open.delete(origin);
  }
}
