import type { EntryDraft } from '../contract/entry.ts';
import type { FrameContext } from '../contract/frame.ts';
import { originText } from '../contract/origin.ts';
import { concatBytes, shownText, utf8Bytes } from '../core/bytes.ts';
import type { Issue } from '../core/issue.ts';
import { canonicalJson } from '../core/json.ts';
import { putAway } from './file-booking.ts';
import { commit, heldFileType, type IntakeOutcome, type IntakePorts } from './file-ports.ts';
import { aboutFile, type FilePosition } from './file-position.ts';
import { type FeedSignal, feedEntry } from './file-signals.ts';

/** Says that a file was booked before. Nothing of it is kept: the bytes are those that are booked. */
export async function refuseDuplicate(ports: IntakePorts, again: FilePosition): Promise<IntakeOutcome> {
  const { key, name, modifiedAt } = again;
  const reason = 'the same file was booked before';
  const said: FeedSignal = { signal: 'feed.refused', ...aboutFile(again), code: 'FILE_DUPLICATE', reason };
  const origin = { scope: key, key: `duplicate-${modifiedAt}-${name}` };
  await close(ports, again, [feedEntry(ports.making, origin, ports.clock.now(), said)]);
  return 'duplicate';
}

/**
 * Holds a whole file as one quarantined entry. It and its refusal are one commit; the file's own bytes wait in the entry
 * where they fit. Its key stays free: the whole file that follows under it is taken.
 */
export async function refuseFile(
  ports: IntakePorts,
  file: FilePosition,
  issues: readonly Issue[],
): Promise<IntakeOutcome> {
  const { key, sha256, modifiedAt } = file;
  const { making, clock } = ports;
  const cause = issues.find(({ severity }) => severity === 'error');
  const code = cause?.code ?? 'FILE_REFUSED';
  const restated = code === 'FILE_RESTATED';
  const held: EntryDraft = {
    kind: 'quarantine',
    direction: 'in',
    origin: { scope: key, key: `${restated ? 'restated' : 'held'}-${sha256}` },
    receivedAt: clock.now(),
    bytes: await heldBytes(ports, file),
    digest: sha256,
    context: heldContext(file),
    issues: issues.slice(0, ports.limits.issuesPerFrameMax),
    type: heldFileType,
  };
  const said: FeedSignal = { signal: 'feed.refused', ...aboutFile(file), code, reason: cause?.message ?? '' };
  const origin = { scope: key, key: `refused-${sha256}-${modifiedAt}` };
  // Without the cause's own words: they can quote what a record says.
  const message = `${shownText(file.name)} is held whole in quarantine; "clearport quarantine" shows why`;
  making.alarm({ code, severity: 'error', message }, originText(held.origin), undefined);
  await close(ports, file, [held, feedEntry(making, origin, clock.now(), said)]);
  return restated ? 'restated' : 'refused';
}

async function close(ports: IntakePorts, file: FilePosition, batch: readonly EntryDraft[]): Promise<void> {
  const closed: FilePosition = { ...file, stage: 'closed' };
  await commit(ports, batch, closed);
  ports.meter.filesRefused++;
  await putAway(ports, closed);
}

/** What a held file is, beside its bytes: they may be cut off from its name. */
function heldContext(file: FilePosition): FrameContext {
  const { name, size, sha256, businessDate } = aboutFile(file);
  const day = businessDate === undefined ? {} : { businessDate };
  return { file: name, fileKey: file.key, size: String(size), sha256, ...day };
}

/** What is too large to be held is described in its entry, and kept whole in the archive only. */
async function heldBytes({ staging, limits }: IntakePorts, file: FilePosition): Promise<Uint8Array> {
  const { sha256, size, name, key } = file;
  if (size > limits.heldFileBytesMax) return utf8Bytes(canonicalJson({ fileKey: key, name, sha256, size }));
  const all: Uint8Array[] = [];
  for await (const piece of staging.read(sha256)) all.push(piece);
  return concatBytes(all);
}
