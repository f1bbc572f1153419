import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Codec } from '../contract/codec.ts';
import type { Cut } from '../contract/frame.ts';
import { limits } from '../core/limits.ts';
import { type CommandContext, cliError, pathOf } from './context.ts';
import { type Format, formatOf, formatSampleBytes, recognize, recognized } from './formats.ts';
import { openProgress } from './progress.ts';

/** One frame, or bytes that are none, with its place in the file. */
export interface Piece {
  readonly format: Format;
  /** From the file's first byte. */
  readonly offset: number;
  readonly cut: Exclude<Cut, { readonly kind: 'partial' }>;
}

/**
 * The pieces of a stream, in order: their lengths add up to the stream. Memory does not grow with it. An empty stream
 * has none. `own` reads the messages in place of the usual codec of their standard. Fails with `UNKNOWN_FORMAT`.
 */
export async function* pieces(
  context: CommandContext,
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  place: string,
  own?: Codec,
): AsyncIterable<Piece> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await beginning(iterator, name === 'auto');
  if (first.length === 0) return;
  const known = await formatOf(name === 'auto' ? await recognize(first, place) : name, context);
  const format = own === undefined ? known : readBy(known, own, place);
  const state = format.framer.open(limits);
  const at = { format, offset: 0 };
  yield* placed(state.feed(first, false), at);
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
    yield* placed(state.feed(next.value, false), at);
  yield* placed(state.feed(new Uint8Array(), true), at);
}

/** The same way of lying in a file, read by another codec of the same standard. */
function readBy(format: Format, own: Codec, place: string): Format {
  if (format.codec.id === own.id) return { ...format, codec: own };
  throw cliError('UNKNOWN_FORMAT', `a dictionary reads ${own.standard}, and this is ${format.name}`, {
    place,
    remedy: 'leave --dictionary out, or name the format with --format',
  });
}

/** The bytes of a file, or of standard input for `-`; shows on a terminal how far it has come. */
export async function* input(context: CommandContext, file: string): AsyncIterable<Uint8Array> {
  const { terminal } = context;
  const path = pathOf(context, file);
  const total = file === '-' ? undefined : await sizeOf(path);
  const progress = openProgress(terminal, file, total);
  try {
    for await (const chunk of file === '-' ? terminal.stdin : createReadStream(path)) {
      const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      progress.add(bytes.length);
      yield bytes;
    }
  } finally {
    progress.end();
  }
}

/** Reading a directory fails too, but without the path that a person needs. */
async function sizeOf(path: string): Promise<number> {
  const about = await stat(path);
  if (!about.isDirectory()) return about.size;
  throw cliError('CLI_SYSTEM', 'it is a directory', {
    place: path,
    remedy: 'name one of the files in it',
    exitCode: 2,
  });
}

/** As many bytes as it takes to tell the format; one chunk is enough where the format is named. */
async function beginning(iterator: AsyncIterator<Uint8Array>, unknown: boolean): Promise<Uint8Array> {
  let gathered = Buffer.alloc(0);
  for (;;) {
    const enough = gathered.length >= (unknown ? formatSampleBytes : 1);
    if (enough || (unknown && gathered.length > 0 && (await recognized(gathered)) !== undefined)) break;
    const next = await iterator.next();
    if (next.done === true) break;
    gathered = Buffer.concat([gathered, next.value]);
  }
  return gathered;
}

function* placed(cuts: readonly Cut[], at: { readonly format: Format; offset: number }): Iterable<Piece> {
  for (const cut of cuts) {
    if (cut.kind === 'partial') continue;
    yield { format: at.format, offset: at.offset, cut };
    at.offset += cut.bytes.length;
  }
}
