import { basename } from 'node:path';
import type { XsdFolder } from '../../codecs/iso20022/xsd-folder.ts';
import type { Codec, Decoded, NormalizeContext } from '../contract/codec.ts';
import type { FileJudgement, FileVerdict } from '../contract/file-judge.ts';
import { harmless, type Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import type { Event } from '../events/event.ts';
import { eventJson } from '../events/index.ts';
import { type CommandContext, type ExitCode, pathOf } from './context.ts';
import { decodedLines, garbageLines, verdictLines } from './decode-lines.ts';
import { checkFormatName } from './formats.ts';
import { input, type Piece, pieces } from './pieces.ts';

export interface DecodeOptions {
  readonly format: string;
  /** FIX: the file of a dictionary. */
  readonly dictionary?: string;
  /** ISO 20022: the folder of XML Schema files to validate by as well. */
  readonly schemas?: string;
  readonly unmasked?: boolean;
}

/** `clearport decode`: what the bytes of files mean, in order. */
export async function decode(
  context: CommandContext,
  files: readonly string[],
  options: DecodeOptions,
): Promise<ExitCode> {
  const format = checkFormatName(options.format);
  const codec = await dictionaryCodec(context, options.dictionary);
  const schemas = await schemaFolder(context, options.schemas);
  const all = files.length === 0 ? ['-'] : files;
  let findings = false;
  for (const file of all) {
    if (!context.json && all.length > 1) await context.printer.line(context.paint('strong', `== ${file}`));
    let judgement: FileJudgement | undefined;
    for await (const piece of pieces(context, input(context, file), format, file, codec)) {
      judgement ??= piece.format.codec.file?.open(limits);
      judgement?.add(piece.cut);
      const meaning = withSchemas(meaningOf(piece, basename(file)), schemas);
      findings ||= !meaning.ok;
      if (context.json) await context.printer.line(JSON.stringify(meaningJson(piece, meaning)));
      else await printMeaning(context, piece, meaning, options.unmasked === true);
    }
    const verdict = judgement?.verdict();
    if (verdict === undefined) continue;
    findings ||= !harmless(verdict.issues);
    await tellVerdict(context, file, verdict);
  }
  return findings ? 1 : 0;
}

/** FIX by a dictionary of a user's own. Fails with `DICTIONARY_UNUSABLE`. */
async function dictionaryCodec(
  context: CommandContext,
  path: string | undefined,
): Promise<Codec | undefined> {
  if (path === undefined) return undefined;
  const { ownDictionary } = await import('./dictionary-naming.ts');
  const { codecOfDictionary } = await import('../../codecs/fix/dialect-family.ts');
  return codecOfDictionary(await ownDictionary(context, path));
}

/** Fails with `MX_XSD_LIBRARY` or `MX_XSD_FOLDER`. */
async function schemaFolder(
  context: CommandContext,
  path: string | undefined,
): Promise<XsdFolder | undefined> {
  if (path === undefined) return undefined;
  const { openXsdFolder } = await import('../../codecs/iso20022/xsd-folder.ts');
  return openXsdFolder(pathOf(context, path));
}

/** What the schemas of a folder say stands behind what the codec says. A statement that comes in parts is no document for them. */
function withSchemas(meaning: Meaning, schemas: XsdFolder | undefined): Meaning {
  const { message, issues } = meaning.decoded;
  if (schemas === undefined || message?.standard !== 'ISO 20022' || partial(message)) return meaning;
  return { ...meaning, decoded: { message, issues: [...issues, ...schemas.judge(message.bytes)] } };
}

function partial(message: object): boolean {
  return 'part' in message && message.part !== undefined;
}

/** What a file says of itself as a whole. With --json every line is a frame, so what is wrong goes to standard error. */
async function tellVerdict(context: CommandContext, file: string, verdict: FileVerdict): Promise<void> {
  if (!context.json) {
    for (const line of verdictLines(verdict, context.paint)) await context.printer.line(line);
    return;
  }
  for (const { code, message } of verdict.issues) context.note(`${file}: ${code}: ${message}`);
}

/** What one piece of a file means. */
export interface Meaning {
  readonly decoded: Decoded;
  readonly events: readonly Event[];
  /** A message without an error; or bytes between messages that need no attention, such as line ends. */
  readonly ok: boolean;
}

/** Pure: the same piece at the same place of a file of the same name means the same. */
export function meaningOf(piece: Piece, name: string): Meaning {
  const { cut, format } = piece;
  if (cut.kind === 'garbage')
    return { decoded: { issues: [cut.why] }, events: [], ok: cut.why.severity === 'info' };
  const decoded = format.codec.decode(cut);
  const ok = isOk(decoded);
  return { decoded, ok, events: ok ? eventsOf(format.codec, decoded, piece.offset, name) : [] };
}

export function isOk(decoded: Decoded): boolean {
  return decoded.message !== undefined && harmless(decoded.issues);
}

/** The public form of one line of `decode --json`. */
export function meaningJson(piece: Piece, meaning: Meaning): JsonValue {
  const { cut, offset } = piece;
  const { length } = cut.bytes;
  if (cut.kind === 'garbage')
    return { garbage: true, offset, length, why: `${cut.why.code}: ${cut.why.message}` };
  const { message, issues } = meaning.decoded;
  return {
    format: piece.format.name,
    standard: message?.standard ?? '',
    type: message?.type ?? '',
    name: message?.name ?? '',
    offset,
    length,
    ok: meaning.ok,
    issues: issues.map(issueJson),
    message: message?.view() ?? null,
    events: meaning.events.map(eventJson),
  };
}

export function issueJson(issue: Issue): JsonValue {
  const { code, severity, message, at } = issue;
  return { code, severity, message, ...(at !== undefined && { at: { ...at } }) };
}

/**
 * Decoding receives nothing and keeps nothing, so what only a channel knows is said plainly: the channel is `decode`,
 * the origin is the place in the file, and the time of receipt is the beginning of 1970.
 */
function eventsOf(codec: Codec, decoded: Decoded, offset: number, name: string): readonly Event[] {
  if (decoded.message === undefined) return [];
  const context: NormalizeContext = {
    channel: 'decode',
    perspective: 'clearer',
    tenant: 'decode',
    direction: 'in',
    origin: { scope: name.replaceAll('=', '_'), ordinal: offset },
    revision: 0,
    receivedAt: 0,
    zone: 'America/New_York',
  };
  return codec.normalize(decoded.message, context);
}

async function printMeaning(
  context: CommandContext,
  piece: Piece,
  meaning: Meaning,
  unmasked: boolean,
): Promise<void> {
  const { paint, printer } = context;
  const { cut } = piece;
  const lines =
    cut.kind === 'garbage'
      ? garbageLines(piece.offset, cut, paint)
      : decodedLines(piece.offset, cut.bytes.length, meaning, paint, unmasked);
  for (const line of lines) await printer.line(line);
}
