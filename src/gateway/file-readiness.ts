import type { FileInfo } from '../contract/source.ts';
import type { Micros } from '../core/clock.ts';

/** What is looked at before a file is believed to be whole. */
export interface ReadinessRules {
  readonly settlePolls: number;
  readonly doneFile?: string;
}

/** A file that is there and not taken yet. */
export interface WaitingFile {
  readonly name: string;
  readonly why: string;
}

/** A file that is whole, and since when it lies there as it is. */
export interface ReadyFile extends FileInfo {
  readonly seenAt: Micros;
}

export interface Readiness {
  readonly ready: readonly ReadyFile[];
  readonly waiting: readonly WaitingFile[];
  /** Since when each file lies there as it is that only waits for some more looks. */
  readonly settling: readonly Micros[];
}

interface Look {
  readonly file: FileInfo;
  readonly polls: number;
  readonly seenAt: Micros;
}

/** Tells which files are whole, as far as one can tell from outside, over many looks. */
export class ReadinessWatch {
  readonly #rules: ReadinessRules;
  readonly #done: RegExp | undefined;
  readonly #looks = new Map<string, Look>();

  constructor(rules: ReadinessRules) {
    this.#rules = rules;
    this.#done = rules.doneFile === undefined ? undefined : donePattern(rules.doneFile);
  }

  /** One look at everything that is there. What is new, or changed, may be there as it is since `since`. */
  look(files: readonly FileInfo[], since: Micros): Readiness {
    const there = new Set(files.map(({ name }) => name));
    for (const name of this.#looks.keys()) if (!there.has(name)) this.#looks.delete(name);
    const ready: ReadyFile[] = [];
    const waiting: WaitingFile[] = [];
    const settling: Micros[] = [];
    for (const file of files) {
      if (this.#isDone(file.name, there)) continue;
      const { seenAt, why, settles } = this.#lookAt(file, there, since);
      if (why === undefined) ready.push({ ...file, seenAt });
      else waiting.push({ name: file.name, why });
      if (settles) settling.push(seenAt);
    }
    return { ready, waiting, settling };
  }

  /** Forgets a file that was taken: one that comes under its name is another one. */
  taken(name: string): void {
    this.#looks.delete(name);
  }

  #isDone(name: string, there: ReadonlySet<string>): boolean {
    return this.#done?.test(name) === true && !this.#isWaitedFor(name, there);
  }

  /** A file whose own done file is there is a file, whatever its name looks like. */
  #isWaitedFor(name: string, there: ReadonlySet<string>): boolean {
    const { doneFile } = this.#rules;
    return doneFile !== undefined && there.has(doneNameOf(doneFile, name));
  }

  #lookAt(
    file: FileInfo,
    there: ReadonlySet<string>,
    since: Micros,
  ): { readonly seenAt: Micros; readonly why?: string; readonly settles: boolean } {
    const { doneFile, settlePolls } = this.#rules;
    if (doneFile !== undefined) {
      const done = doneNameOf(doneFile, file.name);
      return { seenAt: since, settles: false, ...(!there.has(done) && { why: `waits for ${done}` }) };
    }
    const last = this.#looks.get(file.name);
    const same = last?.file.size === file.size && last.file.modifiedAt === file.modifiedAt;
    const { polls, seenAt } = same
      ? { polls: last.polls + 1, seenAt: last.seenAt }
      : { polls: 0, seenAt: since };
    this.#looks.set(file.name, { file, polls, seenAt });
    if (polls >= settlePolls) return { seenAt, settles: false };
    const why = `size and time are the same over ${polls} of ${settlePolls} looks`;
    return { seenAt, why, settles: true };
  }
}

/** Name of the file that says that this one is whole. */
export function doneNameOf(pattern: string, name: string): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return pattern.replaceAll('{name}', () => name).replaceAll('{stem}', () => stem);
}

function donePattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\{(?:name|stem)\}/g, '.+')}$`, 'u');
}
