import type { LevelFact } from './dictionary.ts';

/**
 * The repeating groups of a level, by the tag of their count. The level of an entry is made when it is first asked for: a message of a
 * large dictionary has hundreds of groups, and few of them are ever sent.
 */
export class LevelGroups implements ReadonlyMap<number, LevelFact> {
  readonly #makers: ReadonlyMap<number, () => LevelFact>;
  readonly #made = new Map<number, LevelFact>();

  constructor(makers: ReadonlyMap<number, () => LevelFact>) {
    this.#makers = makers;
  }

  get size(): number {
    return this.#makers.size;
  }

  has(tag: number): boolean {
    return this.#makers.has(tag);
  }

  get(tag: number): LevelFact | undefined {
    const known = this.#made.get(tag);
    if (known !== undefined) return known;
    const made = this.#makers.get(tag)?.();
    if (made !== undefined) this.#made.set(tag, made);
    return made;
  }

  keys(): MapIterator<number> {
    return this.#makers.keys();
  }

  values(): MapIterator<LevelFact> {
    return this.#whole().values();
  }

  entries(): MapIterator<[number, LevelFact]> {
    return this.#whole().entries();
  }

  [Symbol.iterator](): MapIterator<[number, LevelFact]> {
    return this.entries();
  }

  forEach(told: (level: LevelFact, tag: number, map: ReadonlyMap<number, LevelFact>) => void): void {
    for (const [tag, level] of this.entries()) told(level, tag, this);
  }

  /** All of them, in the order of the level. */
  #whole(): ReadonlyMap<number, LevelFact> {
    const all = [...this.keys()].flatMap((tag) => {
      const level = this.get(tag);
      return level === undefined ? [] : [[tag, level] as const];
    });
    return new Map(all);
  }
}
