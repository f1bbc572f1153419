import type { CommandContext, ExitCode } from './context.ts';
import { isOk } from './decode.ts';
import { checkFormatName } from './formats.ts';
import { input, type Piece, pieces } from './pieces.ts';

export interface RewriteOptions {
  readonly format: string;
}

/**
 * `clearport rewrite`: every message decoded and encoded again, to standard output. The output is the input, byte for
 * byte: what is no message is carried over as it is, and told on standard error.
 */
export async function rewrite(
  context: CommandContext,
  file: string,
  options: RewriteOptions,
): Promise<ExitCode> {
  const format = checkFormatName(options.format);
  let findings = false;
  for await (const piece of pieces(context, input(context, file), format, file)) {
    const { bytes, wrong } = rewritten(piece);
    await context.printer.bytes(bytes);
    if (wrong === undefined) continue;
    findings = true;
    context.note(`${file} at ${piece.offset}: ${wrong}`);
  }
  return findings ? 1 : 0;
}

/** The bytes of a piece once through the codec, and what is wrong with it. */
function rewritten(piece: Piece): { readonly bytes: Uint8Array; readonly wrong?: string } {
  const { cut, format } = piece;
  if (cut.kind === 'garbage') {
    const wrong = `${cut.why.code}: ${cut.why.message}`;
    return cut.why.severity === 'info' ? { bytes: cut.bytes } : { bytes: cut.bytes, wrong };
  }
  const decoded = format.codec.decode(cut);
  const bytes = decoded.message === undefined ? cut.bytes : format.codec.encode(decoded.message);
  if (isOk(decoded)) return { bytes };
  const first = decoded.issues.find((issue) => issue.severity === 'error');
  return { bytes, wrong: first === undefined ? 'no message' : `${first.code}: ${first.message}` };
}
