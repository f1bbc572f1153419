import { createHash } from 'node:crypto';
import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import type { FileSource } from '../contract/source.ts';
import { GatewayError } from '../core/errors.ts';
import type { Running } from './channel-status.ts';
import { FileChannel } from './file-channel.ts';
import { gatewayIssues } from './issues.ts';
import { wholeBytes } from './log-store.ts';
import { MessageChannel } from './message-channel.ts';
import { messageOrigin, type OutboxCommand, type OutboxReceipt } from './outbox-entries.ts';

/** One command on its way out. */
export interface Outgoing {
  readonly log: Log;
  readonly tenant: string;
  readonly running: Running;
  readonly command: OutboxCommand;
  /** Entry of the command. */
  readonly entry: Entry;
  /** It may have been sent before: a crash or a lost connection came between. */
  readonly inDoubt: boolean;
}

/**
 * Sends what a command says, or finds that it was sent: twice is once. Gives the receipt; throws what the world throws,
 * and then nobody knows, and the same call comes again.
 */
export async function sendOut(outgoing: Outgoing): Promise<OutboxReceipt> {
  const { at } = outgoing.running;
  if (at instanceof MessageChannel) return produce(outgoing, at);
  if (at instanceof FileChannel) return put(outgoing);
  return say(outgoing, at);
}

/** Codes by which a counterparty, or its place, has spoken: sending the same again would bring the same answer. */
export function isRefusal(cause: GatewayError): boolean {
  return /_(REJECTED|TAKEN|NAME|SEND)$/.test(cause.code);
}

/** A message that is in the log was or will be written by the session itself, however often that takes. */
async function say(
  outgoing: Outgoing,
  at: Exclude<Running['at'], FileChannel | MessageChannel>,
): Promise<OutboxReceipt> {
  const { command, inDoubt, running } = outgoing;
  const { key, type = '', body = null } = command;
  const found = inDoubt ? await said(outgoing) : undefined;
  if (found !== undefined) return { key, outcome: 'sent', reference: found };
  if (at.session === undefined) throw retrying(running.channel.name);
  const { sequence } = await at.session.send(type, body);
  return { key, outcome: 'sent', reference: String(sequence) };
}

/**
 * The number under which the session committed the message: the first of its type behind the command. Commands of a
 * channel go out one after the other, so nothing else can stand there.
 */
async function said({ log, entry, command, running }: Outgoing): Promise<string | undefined> {
  const { name: channel } = running.channel;
  for await (const one of log.read({ channel, from: entry.offset + 1 })) {
    if (one.kind === 'command') return undefined;
    const sent = one.direction === 'out' && one.type === command.type && 'ordinal' in one.origin;
    if (sent) return String(one.origin.ordinal);
  }
  return undefined;
}

/** The same id every time: whoever reads the queue can tell that it is the same message. */
async function produce(outgoing: Outgoing, at: MessageChannel): Promise<OutboxReceipt> {
  const { tenant, running, command } = outgoing;
  const id = `${tenant}.${running.channel.name}.${command.key}`;
  await at.produce(id, await contentOf(outgoing));
  return { key: command.key, outcome: 'accepted', reference: id };
}

/** A place never replaces a file in silence: what stands there under the name is ours, or it is somebody else's. */
async function put(outgoing: Outgoing): Promise<OutboxReceipt> {
  const { command, inDoubt, running } = outgoing;
  const { key, name = '' } = command;
  const { source } = running;
  if (source === undefined) throw retrying(running.channel.name);
  const accepted: OutboxReceipt = { key, outcome: 'accepted', reference: name };
  if (inDoubt && (await standsThere(source, command))) return accepted;
  const bytes = await contentOf(outgoing);
  try {
    await source.put(name, piecesOf(bytes));
    return accepted;
  } catch (cause) {
    const taken = cause instanceof GatewayError && cause.code.endsWith('_TAKEN');
    if (taken && (await sameContent(source, command))) return accepted;
    throw cause;
  }
}

async function standsThere(source: FileSource, command: OutboxCommand): Promise<boolean> {
  const there = (await source.list()).find(({ name }) => name === command.name);
  return there?.size === command.size && (await sameContent(source, command));
}

async function sameContent(source: FileSource, { name = '', sha256, size }: OutboxCommand): Promise<boolean> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of source.fetch(name, 0, new AbortController().signal)) {
    hash.update(piece);
    read += piece.length;
    if (read > size) return false;
  }
  return hash.digest('hex') === sha256;
}

async function contentOf({ log, running, command }: Outgoing): Promise<Uint8Array> {
  const entry = await log.find(running.channel.name, messageOrigin(command.key), 0);
  if (entry !== undefined) return wholeBytes(log, entry);
  throw new GatewayError('OUTBOX_LOST', 'the message of the command is not in the log', {
    place: `${running.channel.name} ${command.key}`,
    remedy: gatewayIssues.OUTBOX_LOST.remedy,
  });
}

async function* piecesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function retrying(channel: string): GatewayError {
  return new GatewayError('CHANNEL_RETRYING', 'the channel is not open yet', {
    place: channel,
    retryable: true,
    remedy: gatewayIssues.CHANNEL_RETRYING.remedy,
  });
}
