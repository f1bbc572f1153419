import type { FileInfo } from '../contract/source.ts';

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

export interface Readiness {
  readonly ready: readonly FileInfo[];
  readonly waiting: readonly WaitingFile[];
}

/** Tells which files are whole, as far as one can tell from outside, over many looks. */
export class ReadinessWatch {
  readonly #rules: ReadinessRules;
  readonly #done: RegExp | undefined;
  readonly #looks = new Map<string, { readonly file: FileInfo; readonly polls: number }>();

  constructor(rules: ReadinessRules) {
    this.#rules = rules;
    this.#done = rules.doneFile === undefined ? undefined : donePattern(rules.doneFile);
  }

  /** One look at everything that is there. */
  look(files: readonly FileInfo[]): Readiness {
    const there = new Set(files.map(({ name }) => name));
    for (const name of this.#looks.keys()) if (!there.has(name)) this.#looks.delete(name);
    const ready: FileInfo[] = [];
    const waiting: WaitingFile[] = [];
    for (const file of files) {
      if (this.#isDone(file.name, there)) continue;
      const why = this.#whyNot(file, there);
      if (why === undefined) ready.push(file);
      else waiting.push({ name: file.name, why });
    }
    return { ready, waiting };
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

  #whyNot(file: FileInfo, there: ReadonlySet<string>): string | undefined {
    const { doneFile, settlePolls } = this.#rules;
    if (doneFile !== undefined) {
      const done = doneNameOf(doneFile, file.name);
      return there.has(done) ? undefined : `waits for ${done}`;
    }
    const last = this.#looks.get(file.name);
    const same = last?.file.size === file.size && last.file.modifiedAt === file.modifiedAt;
    const polls = same ? last.polls + 1 : 0;
    this.#looks.set(file.name, { file, polls });
    if (polls >= settlePolls) return undefined;
    return `size and time are the same over ${polls} of ${settlePolls} looks`;
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
