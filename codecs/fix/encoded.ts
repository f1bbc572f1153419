import type { FixMessage } from './message.ts';

/** MessageEncoding(347): how the Encoded* fields of a message are written. */
const messageEncodingTag = 347;

/**
 * The text of an Encoded* field, such as EncodedText(355), by the message's MessageEncoding(347); undefined where it names no encoding
 * that is known, or where the bytes are not of it. Only shown: the field keeps its bytes, and its value stays one character a byte.
 * Source: FIX 4.4, Volume 1, "Encoded fields": ISO-2022-JP, EUC-JP, Shift_JIS and UTF-8.
 */
export function encodedText(message: FixMessage, field: number): string | undefined {
  const fact = message.dictionary.field(message.tagAt(field));
  if (fact === undefined || fact.kind !== 'data' || !fact.name.startsWith('Encoded')) return undefined;
  const decoder = decoderOf(message.get(messageEncodingTag));
  try {
    return decoder?.decode(message.bytesAt(field));
  } catch {
    return undefined;
  }
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
const labels: ReadonlySet<string> = new Set(['iso-2022-jp', 'euc-jp', 'shift_jis', 'utf-8']);

function decoderOf(said: string | undefined): InstanceType<typeof TextDecoder> | undefined {
  const label = (said ?? '').toLowerCase();
  if (!labels.has(label)) return undefined;
  const known = decoders.get(label) ?? new TextDecoder(label, { fatal: true });
  decoders.set(label, known);
  return known;
}
