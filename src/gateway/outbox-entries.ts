import { createHash } from 'node:crypto';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Micros } from '../core/clock.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import type { Person } from './person.ts';

/** What became of something that was sent. `unknown`: nobody knows yet; it is asked about, or sent again under its id. */
export type ReceiptOutcome = 'sent' | 'accepted' | 'rejected' | 'unknown';

/** One command as its entry holds it: what is to be sent, and how that is told apart from everything else. */
export interface OutboxCommand {
  readonly key: string;
  readonly sha256: string;
  readonly size: number;
  /** For a session: what it is asked to say. */
  readonly type?: string;
  readonly body?: JsonValue;
  /** For a place for files: under which name. */
  readonly name?: string;
  readonly asIs?: boolean;
}

export interface OutboxReceipt {
  readonly key: string;
  readonly outcome: ReceiptOutcome;
  /** MsgSeqNum of a session, id at a queue, name of a file. */
  readonly reference?: string;
  /** Code and words of a refusal. */
  readonly code?: string;
  readonly reason?: string;
}

/** Outcomes after which nothing more is done. */
const final: readonly ReceiptOutcome[] = ['sent', 'accepted', 'rejected'];

export function isFinal(outcome: string | undefined): boolean {
  return final.some((one) => one === outcome);
}

export const outboxScope = 'outbox';
const messageScope = 'outbox-message';
const receiptScope = 'outbox-receipt';

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The entry of a command, under its key: the log itself refuses a second one with other content. */
export function commandEntry(command: OutboxCommand, receivedAt: Micros, { by, reason }: Person): EntryDraft {
  return {
    kind: 'command',
    direction: 'out',
    origin: { scope: outboxScope, key: command.key },
    receivedAt,
    bytes: utf8Bytes(canonicalJson(jsonOf(command))),
    type: 'send',
    by,
    reason,
  };
}

export function messageOrigin(key: string): { readonly scope: string; readonly key: string } {
  return { scope: messageScope, key };
}

/** The entry of what became of it. Its bytes hold no time of ours: telling it again is a repeat. */
export function receiptEntry(receipt: OutboxReceipt, receivedAt: Micros): EntryDraft {
  return {
    kind: 'receipt',
    direction: 'out',
    origin: { scope: receiptScope, key: `${receipt.key}.${receipt.outcome}` },
    receivedAt,
    bytes: utf8Bytes(canonicalJson(jsonOf(receipt))),
    type: receipt.outcome,
  };
}

/** What the log knows of a key: the command, and its receipt if there is a final one. */
export async function outboxState(
  log: Log,
  channel: string,
  key: string,
): Promise<
  { readonly entry: Entry; readonly command: OutboxCommand; readonly receipt?: OutboxReceipt } | undefined
> {
  const entry = await log.find(channel, { scope: outboxScope, key });
  if (entry === undefined) return undefined;
  const command = read<OutboxCommand>(entry.bytes);
  for (const outcome of final) {
    const told = await log.find(channel, { scope: receiptScope, key: `${key}.${outcome}` });
    if (told !== undefined) return { entry, command, receipt: read<OutboxReceipt>(told.bytes) };
  }
  return { entry, command };
}

/** The key of a receipt's or a command's entry. */
export function keyOfEntry({ bytes }: Entry): string {
  return read<{ readonly key: string }>(bytes).key;
}

function read<T>(bytes: Uint8Array): T {
  // We wrote it: the log says that not a byte of it changed.
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
}

function jsonOf(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value));
}
