import type { FileVerdict } from '../contract/file-judge.ts';
import type { Cut } from '../contract/frame.ts';
import { harmless, type Issue } from '../core/issue.ts';
import { meaningOf } from './entry-making.ts';
import type { IntakePorts } from './file-ports.ts';

/** A whole file, cut once without booking anything of it. */
export interface JudgedFile {
  /** Absent where the codec says nothing about files. */
  readonly verdict?: FileVerdict;
  readonly cuts: number;
}

/** Judges the staged copy of a file whole, in memory that does not grow with it. Writes nothing. */
export async function judgeFile(
  ports: IntakePorts,
  sha256: string,
  signal: AbortSignal,
): Promise<JudgedFile> {
  const judgement = ports.making.codec.file?.open(ports.limits);
  if (judgement === undefined) return { cuts: 0 };
  let cuts = 0;
  for await (const some of cutsOf(ports, sha256, signal)) {
    for (const cut of some) judgement.add(cut);
    cuts += some.length;
  }
  return { verdict: judgement.verdict(), cuts };
}

/** The first record of a staged file that cannot be read, in words; undefined where every one of them can. */
export async function unreadableRecord(
  ports: IntakePorts,
  sha256: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let ordinal = 0;
  for await (const some of cutsOf(ports, sha256, signal)) {
    for (const cut of some) {
      const issue = errorOf(ports, cut, ++ordinal);
      if (issue !== undefined) return unreadable(ordinal, issue);
    }
  }
  return undefined;
}

/** The same for a file whose bytes are at hand. */
export function firstUnreadable(
  ports: Pick<IntakePorts, 'framer' | 'limits' | 'making'>,
  bytes: Uint8Array,
): string | undefined {
  let ordinal = 0;
  for (const cut of ports.framer.open(ports.limits).feed(bytes, true).filter(isWhole)) {
    const issue = errorOf(ports, cut, ++ordinal);
    if (issue !== undefined) return unreadable(ordinal, issue);
  }
  return undefined;
}

function unreadable(ordinal: number, { code }: Issue): string {
  return `record ${ordinal} cannot be read (${code})`;
}

/** The cuts of a staged copy, in order, a piece of the file at a time; what is partial at its end is garbage. */
export async function* cutsOf(
  { framer, limits, staging }: Pick<IntakePorts, 'framer' | 'limits' | 'staging'>,
  sha256: string,
  signal: AbortSignal,
): AsyncGenerator<readonly WholeCut[]> {
  const state = framer.open(limits);
  for await (const piece of staging.read(sha256)) {
    yield state.feed(piece, false).filter(isWhole);
    signal.throwIfAborted();
  }
  yield state.feed(new Uint8Array(), true).filter(isWhole);
}

/** What a framer says of bytes that are all there. */
export type WholeCut = Exclude<Cut, { readonly kind: 'partial' }>;

export function isWhole(cut: Cut): cut is WholeCut {
  return cut.kind !== 'partial';
}

function errorOf({ making }: Pick<IntakePorts, 'making'>, cut: WholeCut, ordinal: number): Issue | undefined {
  if (cut.kind === 'garbage') return harmless([cut.why]) ? undefined : cut.why;
  const { bytes, context } = cut;
  const received = {
    kind: 'message' as const,
    direction: 'in' as const,
    origin: { scope: making.channel.name, ordinal },
    receivedAt: 0,
    bytes,
    issues: [],
    admin: false,
    ...(context !== undefined && { context }),
  };
  const { issues } = meaningOf(making, received, 0);
  return issues.find(({ severity }) => severity === 'error');
}
