import type { Codec, Message } from '../contract/codec.ts';
import type { EntryDraft } from '../contract/entry.ts';
import type { Framer } from '../contract/frame.ts';
import type { SessionAdapter } from '../contract/session.ts';
import { GatewayError } from '../core/errors.ts';
import { harmless, type Issue, type Place } from '../core/issue.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import { type EntryMaking, entryOf } from './entry-making.ts';
import { heldFileType } from './file-ports.ts';
import { gatewayIssues } from './issues.ts';
import { messageOrigin, type OutboxCommand, sha256Of } from './outbox-entries.ts';
import type { Adapter } from './wiring.ts';

/** What somebody wants to be sent. */
export interface SendRequest {
  readonly channel: string;
  /** Names this sending for ever: what has a key is sent once. Default: made from the content. */
  readonly key?: string;
  /** Of the file, where the channel is a place for files. */
  readonly name?: string;
  readonly content: { readonly bytes: Uint8Array } | { readonly type: string; readonly data: JsonValue };
  /** Sends what the codec objects to all the same. */
  readonly asIs?: boolean;
}

/** Checked and ready to be committed. */
export interface Prepared {
  readonly command: OutboxCommand;
  /** What goes out, where the gateway itself keeps it; a session keeps its own frames. */
  readonly message?: EntryDraft;
}

/** What is prepared, and by what. */
export interface Preparing {
  readonly adapter: Adapter;
  readonly making: EntryMaking;
  readonly framer: Framer;
  readonly options: unknown;
  readonly limits: Limits;
  readonly now: number;
}

/** Larger things go out by a channel of their own making, not through a command. */
const sendBytesMax = 32 * 1024 * 1024;

/**
 * Reads what is to go out with the channel's codec, as its receiver will. Throws `OUTBOX_REFUSED` with place and cause,
 * `OUTBOX_NO_COMPOSE`, `OUTBOX_NAME`, `OUTBOX_KEY`, `OUTBOX_TOO_LARGE`, and what a session throws on a body.
 */
export function prepare(request: SendRequest, preparing: Preparing): Prepared {
  const { adapter } = preparing;
  if (adapter.shape === 'session') return prepareSaying(request, adapter, preparing);
  const bytes = bytesOf(request, preparing);
  if (bytes.length > sendBytesMax) throw outboxError('OUTBOX_TOO_LARGE', `${bytes.length} bytes`);
  return adapter.shape === 'files'
    ? prepareFile(request, bytes, preparing)
    : prepareMessage(request, bytes, preparing);
}

function prepareSaying(request: SendRequest, adapter: SessionAdapter, preparing: Preparing): Prepared {
  const { content, asIs = false } = request;
  const { making, options } = preparing;
  const said = 'bytes' in content ? saidBy(request, content.bytes, adapter, making) : saidIn(content);
  const preview = adapter.preview?.(options, said.type, said.body);
  if (preview !== undefined) refuseWrong(making.codec.decode({ bytes: preview }).issues, asIs);
  const text = canonicalJson({ ...said });
  const facts = { size: text.length, sha256: sha256Of(text) };
  return { command: commandOf(request, facts, said) };
}

function saidIn(content: { readonly type: string; readonly data: JsonValue }): Saying {
  return { type: content.type, body: content.data };
}

interface Saying {
  readonly type: string;
  readonly body: JsonValue;
}

function saidBy(
  { asIs = false }: SendRequest,
  bytes: Uint8Array,
  adapter: SessionAdapter,
  { codec }: EntryMaking,
): Saying {
  const { message, issues } = codec.decode({ bytes });
  refuseWrong(issues, asIs);
  const said = message && adapter.bodyOf?.(message);
  if (said !== undefined) return said;
  throw outboxError('OUTBOX_REFUSED', `the bytes are no message that "${adapter.id}" can say`);
}

function prepareFile(request: SendRequest, bytes: Uint8Array, preparing: Preparing): Prepared {
  const { name } = request;
  if (
    name === undefined ||
    name === '' ||
    name.length > 200 ||
    /[/\\\u0000-\u001f]/.test(name) ||
    name.startsWith('.')
  ) {
    throw outboxError(
      'OUTBOX_NAME',
      name === undefined ? 'a file needs a name' : 'this cannot be a file name',
    );
  }
  if (request.asIs !== true) refuseWrong(fileIssues(bytes, preparing), false);
  const sha256 = sha256Of(bytes);
  const command = commandOf(request, { size: bytes.length, sha256, name });
  const message: EntryDraft = {
    kind: 'message',
    direction: 'out',
    origin: messageOrigin(command.key),
    receivedAt: preparing.now,
    bytes,
    digest: sha256,
    type: heldFileType,
  };
  return { command, message };
}

/** Everything that the receiver of the file would object to: pieces that are no record, records, and the whole. */
function fileIssues(bytes: Uint8Array, { making, framer, limits }: Preparing): readonly Issue[] {
  const issues: Issue[] = [];
  const judgement = making.codec.file?.open(limits);
  let at = 0;
  let frames = 0;
  for (const cut of framer.open(limits).feed(bytes, true)) {
    judgement?.add(cut);
    if (cut.kind === 'partial') continue;
    const found = cut.kind === 'garbage' ? [cut.why] : making.codec.decode(cut).issues;
    issues.push(...found.map((issue) => placed(issue, at)));
    if (cut.kind === 'frame') frames++;
    at += cut.bytes.length;
  }
  issues.push(...(judgement?.verdict().issues ?? []));
  if (frames > 0) return issues;
  return [...issues, { code: 'OUTBOX_REFUSED', severity: 'error', message: 'the file holds no message' }];
}

function placed(issue: Issue, base: number): Issue {
  return { ...issue, at: { ...issue.at, offset: base + (issue.at?.offset ?? 0) } };
}

function prepareMessage(request: SendRequest, bytes: Uint8Array, preparing: Preparing): Prepared {
  const { making, now } = preparing;
  const command = commandOf(request, { size: bytes.length, sha256: sha256Of(bytes) });
  const draft = entryOf(making, {
    kind: 'message',
    direction: 'out',
    origin: messageOrigin(command.key),
    receivedAt: now,
    bytes,
    issues: [],
    admin: false,
  });
  refuseWrong(draft.issues ?? [], request.asIs === true);
  // What goes out in spite of its issues is no riddle that waits for a person: one has decided.
  return { command, message: { ...draft, kind: 'message' } };
}

function bytesOf({ content, key = '' }: SendRequest, { making }: Preparing): Uint8Array {
  if ('bytes' in content) return content.bytes;
  const { type, data } = content;
  const codecs = making.codecs ?? [making.codec];
  const composing = codecs.filter((codec) => codec.compose !== undefined);
  if (composing.length === 0)
    throw outboxError('OUTBOX_NO_COMPOSE', `${making.channel.codec} writes no messages from data`);
  const [first] = composing.map((codec) => composed(codec, type, key, data)).sort(byFindings);
  if (first?.message !== undefined) return first.codec.encode(first.message);
  refuseWrong(first?.issues ?? [], false);
  throw outboxError('OUTBOX_REFUSED', `no message of type "${type}" can be made`);
}

interface Composed {
  readonly codec: Codec;
  readonly message?: Message;
  readonly issues: readonly Issue[];
}

function composed(codec: Codec, type: string, key: string, data: JsonValue): Composed {
  return { codec, ...(codec.compose?.({ type, key, data }) ?? { issues: [] }) };
}

/** Of several standards, the one that can write the type. */
function byFindings(left: Composed, right: Composed): number {
  return Number(left.message === undefined) - Number(right.message === undefined);
}

function commandOf(
  request: SendRequest,
  facts: Pick<OutboxCommand, 'size' | 'sha256' | 'name'>,
  said: Partial<Saying> = {},
): OutboxCommand {
  const key = request.key ?? sha256Of(`${facts.name ?? ''}\n${facts.sha256}`).slice(0, 32);
  if (!/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/.test(key))
    throw outboxError('OUTBOX_KEY', 'this cannot be a key');
  return { key, ...facts, ...said, ...(request.asIs === true && { asIs: true }) };
}

function refuseWrong(issues: readonly Issue[], overlooked: boolean): void {
  if (overlooked || harmless(issues)) return;
  const first = issues.find(({ severity }) => severity === 'error');
  const place = placeText(first?.at);
  throw outboxError('OUTBOX_REFUSED', `${first?.code}: ${first?.message}`, place);
}

function placeText(at: Place | undefined): string | undefined {
  if (at === undefined) return undefined;
  const words = [
    at.field,
    at.record === undefined ? undefined : `record ${at.record}`,
    at.line === undefined ? undefined : `line ${at.line}`,
    at.offset === undefined ? undefined : `offset ${at.offset}`,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}

export function outboxError(
  code: Extract<keyof typeof gatewayIssues, `OUTBOX_${string}`>,
  message: string,
  place?: string,
): GatewayError {
  const { remedy } = gatewayIssues[code];
  return new GatewayError(code, message, { remedy, exitCode: 2, ...(place !== undefined && { place }) });
}
