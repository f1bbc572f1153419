import type { Codec } from '../contract/codec.ts';
import type { Framer } from '../contract/frame.ts';
import { latin1Text } from '../core/bytes.ts';
import { cliError } from './context.ts';

/** A way in which bytes lie in a file: a codec, and how its messages are cut. */
export interface Format {
  readonly name: string;
  readonly codec: Codec;
  readonly framer: Framer;
}

/** `auto` aside, the names that `--format` takes. */
export const formatNames = ['fix', 'fix-log'] as const;
export type FormatName = (typeof formatNames)[number];

const known = 'auto, fix (messages one behind the other), fix-log (lines of a FIX log)';

/** Bytes from the front of a file that are looked at to tell its format. */
export const formatSampleBytes = 64 * 1024;

export function isFormatName(name: string): name is FormatName {
  return formatNames.some((format) => format === name);
}

/** Fails with `UNKNOWN_FORMAT`. */
export function checkFormatName(name: string): FormatName | 'auto' {
  if (name === 'auto' || isFormatName(name)) return name;
  throw cliError('UNKNOWN_FORMAT', `"${name}" is no format that this build knows`, {
    remedy: `known formats: ${known}`,
  });
}

export async function formatOf(name: FormatName): Promise<Format> {
  const { fix, fixFramer, fixLogFramer } = await import('../../codecs/fix/index.ts');
  return { name, codec: fix, framer: name === 'fix' ? fixFramer : fixLogFramer };
}

/** True once {@link recognize} would not change its mind with more bytes: one whole message is in sight. */
export function decidable(sample: Uint8Array): boolean {
  const text = latin1Text(sample);
  return /8=FIX[\s\S]*[\u0001|^]10=\d{3}[\s\S]{2}/.test(text);
}

/**
 * The format of bytes by their beginning: `8=FIX` at the front is a stream of messages; behind something else on its
 * line it is a log. Bytes with a stream's own separators and no `8=FIX` in sight may still be a damaged stream.
 * Fails with `UNKNOWN_FORMAT`.
 */
export function recognize(sample: Uint8Array, place: string): FormatName {
  const text = latin1Text(sample);
  const at = text.indexOf('8=FIX');
  // People write | or ^A for SOH; a session never does.
  if (at === 0) return separatedByLines(text) || !text.includes('\u0001') ? 'fix-log' : 'fix';
  if (at > 0)
    return text.slice(0, at).includes('\u0001') || !printable(text.slice(0, at)) ? 'fix' : 'fix-log';
  if (text.includes('\u0001')) return 'fix';
  throw cliError('UNKNOWN_FORMAT', 'the beginning looks like no format that this build knows', {
    place,
    remedy: `name the format with --format; known formats: ${known}`,
  });
}

/** Messages on lines of their own, without a prefix: the line feeds belong to a log, not to the stream. */
function separatedByLines(text: string): boolean {
  const end = text.search(/\n/);
  if (end < 0) return false;
  return /\u000110=\d{3}\u0001\r?$/.test(text.slice(0, end)) || /[|^]10=\d{3}/.test(text.slice(0, end));
}

function printable(text: string): boolean {
  return /^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(text);
}
