import { hash } from 'node:crypto';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Framer } from '../contract/frame.ts';
import type { Log } from '../contract/log.ts';
import type { Origin } from '../contract/origin.ts';
import { utf8Bytes } from '../core/bytes.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { EntryMaking } from './entry-making.ts';
import { earlierFiles, toldBy } from './file-identity.ts';
import { admitFile, resumeFile } from './file-intake.ts';
import { firstUnreadable } from './file-judging.ts';
import { type IntakeOutcome, type IntakePorts, nameOf } from './file-ports.ts';
import { filePositionOf, keptOf } from './file-position.ts';
import { wholeBytes } from './log-store.ts';

/** Scope of the orders to take a held file in, numbered from 1. No key of a file makes it. */
const releasesScope = '%releases';

/** What a person's release of a held file writes; the channel of the file carries it out. */
export interface FileRelease {
  readonly revision: EntryDraft;
  /** Origin of the audit entry: it is the order that the channel finds. */
  readonly order: Origin;
}

/** Why a held file cannot be let in as it is; undefined where it can. */
export async function whyNotReleased(
  ports: Pick<IntakePorts, 'log' | 'making'> & { readonly framer: Framer; readonly limits: Limits },
  entry: Entry,
): Promise<string | undefined> {
  const bytes = await wholeBytes(ports.log, entry);
  if (hash('sha256', bytes, 'hex') !== entry.digest)
    return `it is larger than what is kept; its ${entry.context?.['size'] ?? ''} bytes are in the archive only`;
  const files = await earlierFiles(ports.log, entry.channel, entry.origin.scope);
  if (files.length === 0) return undefined;
  return firstUnreadable(ports, bytes);
}

/** The decision about a held file, and the number of the order. */
export async function fileRelease(log: Log, entry: Entry, revision: number): Promise<FileRelease> {
  const { direction, origin, receivedAt, digest, channel } = entry;
  let ordinal = (keptOf(await log.head(channel)).releases ?? 0) + 1;
  while ((await log.find(channel, { scope: releasesScope, ordinal })) !== undefined) ordinal++;
  const draft: EntryDraft = {
    kind: 'revision',
    direction,
    origin,
    receivedAt,
    bytes: releaseBytes(digest),
    digest,
    revision,
    revises: origin,
    ...(entry.type !== undefined && { type: entry.type }),
  };
  return { revision: draft, order: { scope: releasesScope, ordinal } };
}

/** True for the revision by which a person released a held file; any other one discards it. */
export function isRelease({ kind, bytes, digest, storage }: Entry): boolean {
  if (kind !== 'revision' || storage !== 'inline') return false;
  return Buffer.from(bytes).equals(releaseBytes(digest));
}

function releaseBytes(digest: string): Uint8Array {
  return utf8Bytes(canonicalJson({ released: digest }));
}

/** Takes in the next held file that a person released; undefined where there is none. */
export async function takeReleased(
  ports: IntakePorts,
  signal: AbortSignal,
): Promise<IntakeOutcome | undefined> {
  const { releases = 0 } = keptOf(await ports.log.head(nameOf(ports)));
  const found = await releaseOf(ports, releases + 1);
  if (found === undefined) return undefined;
  const { held, order } = found;
  await stage(ports, held);
  const { file = '', size = String(held.size) } = held.context ?? {};
  const release = { ordinal: releases + 1, by: order.by ?? '', reason: order.reason ?? '' };
  const staged = {
    name: file,
    size: Number(size),
    modifiedAt: order.receivedAt,
    sha256: held.digest,
    parts: { key: file },
    scope: held.origin.scope,
    release,
  };
  return admitFile(ports, staged, signal);
}

/** Goes on with what a crash or a stop left half done; a released file comes out of the log again. */
export async function resume(ports: IntakePorts, signal: AbortSignal): Promise<IntakeOutcome | undefined> {
  const position = filePositionOf(await ports.log.head(nameOf(ports)));
  if (position?.stage === 'reading' && position.release !== undefined) {
    const found = await releaseOf(ports, position.release);
    if (found !== undefined) await stage(ports, found.held);
  }
  return resumeFile(ports, signal);
}

async function releaseOf(
  { log, making }: { readonly log: Log; readonly making: EntryMaking },
  ordinal: number,
): Promise<{ readonly order: Entry; readonly held: Entry } | undefined> {
  const order = await log.find(making.channel.name, { scope: releasesScope, ordinal });
  if (order === undefined) return undefined;
  const offset = memberOf(toldBy(order.bytes)['about'], 'offset');
  const held = typeof offset === 'number' ? await log.get(offset) : undefined;
  return held === undefined ? undefined : { order, held };
}

async function stage({ staging, log }: IntakePorts, held: Entry): Promise<void> {
  if (!(await staging.has(held.digest))) await staging.put(held.digest, await wholeBytes(log, held));
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
