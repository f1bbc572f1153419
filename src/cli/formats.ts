import { readFile } from 'node:fs/promises';
import type { Codec, CodecFamily } from '../contract/codec.ts';
import type { Framer } from '../contract/frame.ts';
import { latin1Text } from '../core/bytes.ts';
import { harmless } from '../core/issue.ts';
import { type CommandContext, cliError, pathOf } from './context.ts';

/** A way in which bytes lie in a file: a codec, and how its messages are cut. */
export interface Format {
  readonly name: string;
  readonly codec: Codec;
  readonly framer: Framer;
}

/** Formats that are named by themselves, and the codec that reads each. */
const codecIds: Readonly<Record<string, string>> = {
  fix: 'fix',
  'fix-log': 'fix',
  mt: 'iso15022',
  'mt:strict': 'iso15022',
  'mt:repair': 'iso15022',
  mx: 'iso20022',
};
const layoutPrefix = 'records:';

const known =
  'auto, fix (messages one behind the other), fix-log (lines of a FIX log), mt (ISO 15022; mt:strict and mt:repair by another policy), mx (ISO 20022), records:LAYOUT (a record file by the name of a layout or by its YAML file)';

/** Bytes from the front of a file that are looked at to tell its format. */
export const formatSampleBytes = 64 * 1024;

/** Fails with `UNKNOWN_FORMAT`. */
export function checkFormatName(name: string): string {
  const layout = name.startsWith(layoutPrefix) && name.length > layoutPrefix.length;
  if (name === 'auto' || layout || Object.hasOwn(codecIds, name)) return name;
  throw unknownFormat(`"${name}" is no format that this build knows`);
}

/** Fails with `UNKNOWN_FORMAT`, and with `LAYOUT_UNUSABLE` for a layout that is wrong. */
export async function formatOf(name: string, context: CommandContext): Promise<Format> {
  if (name.startsWith(layoutPrefix)) return layoutFormat(name.slice(layoutPrefix.length), context);
  const [, policy] = name.split(':');
  const all = await doorplate();
  const policies =
    policy === undefined ? undefined : all.find((one) => isFamily(one) && one.id === codecIds[name]);
  const opened = policies !== undefined && isFamily(policies) ? policies.open(policy ?? '').codec : undefined;
  if (opened !== undefined) return { name, codec: opened, framer: opened.framer };
  const codec = all.find((one): one is Codec => !isFamily(one) && one.id === codecIds[name]);
  if (codec === undefined) throw unknownFormat(`"${name}" is no format that this build knows`);
  const { fixLogFramer } = await import('../../codecs/fix/index.ts');
  return { name, codec, framer: name === 'fix-log' ? fixLogFramer : codec.framer };
}

/** A layout of one's own has a path; one that comes with the product has a plain name. */
async function layoutFormat(named: string, context: CommandContext): Promise<Format> {
  const own = isLayoutPath(named);
  const family = (await doorplate()).find((one) => isFamily(one) && one.id === 'records');
  if (family === undefined || !isFamily(family)) throw unknownFormat('this build reads no record files');
  const path = pathOf(context, named);
  const opened = own ? family.openText(await readFile(path, 'utf8'), path) : family.open(named);
  const { codec, issues } = opened;
  if (codec !== undefined && harmless(issues)) return { name: codec.id, codec, framer: codec.framer };
  const first = issues.find(({ severity }) => severity === 'error');
  const { line = 1, column = 1 } = first?.at ?? {};
  throw cliError('LAYOUT_UNUSABLE', `${first?.code}: ${first?.message}`, {
    place: own ? `${path}:${line}:${column}` : named,
    remedy: own
      ? `look at all that is wrong with it: clearport layout check ${named}`
      : `known layouts: ${family.names.join(', ')}`,
  });
}

/** True where a layout is named by its file and not by its name. */
export function isLayoutPath(named: string): boolean {
  return /[\\/]|\.ya?ml$/i.test(named);
}

/**
 * The format of bytes by their beginning; undefined where more of them may tell. `8=FIX` at the front is a stream of
 * messages, behind something else on its line a log; everything else is what a codec recognizes as its own.
 */
export async function recognized(sample: Uint8Array): Promise<string | undefined> {
  const text = latin1Text(sample);
  if (text.includes('8=FIX'))
    return /8=FIX[\s\S]*[\u0001|^]10=\d{3}[\s\S]{2}/.test(text) ? fixFormat(text) : undefined;
  for (const one of await doorplate()) {
    if (isFamily(one)) {
      const name = one.names.find((candidate) => one.open(candidate).codec?.recognizes?.(sample) === true);
      if (name !== undefined) return `${one.id}:${name}`;
    } else if (one.recognizes?.(sample) === true) {
      const name = Object.keys(codecIds).find((format) => codecIds[format] === one.id);
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

/**
 * The format of bytes of which there are no more. Bytes with the separators of a FIX stream and no `8=FIX` in sight may
 * still be a damaged stream. Fails with `UNKNOWN_FORMAT`.
 */
export async function recognize(sample: Uint8Array, place: string): Promise<string> {
  const found = await recognized(sample);
  if (found !== undefined) return found;
  const text = latin1Text(sample);
  if (text.includes('8=FIX')) return fixFormat(text);
  if (text.includes('\u0001')) return 'fix';
  throw cliError('UNKNOWN_FORMAT', 'the beginning looks like no format that this build knows', {
    place,
    remedy: `name the format with --format; known formats: ${known}`,
  });
}

/** People write | or ^A for SOH; a session never does. */
function fixFormat(text: string): string {
  const at = text.indexOf('8=FIX');
  if (at === 0) return separatedByLines(text) || !text.includes('\u0001') ? 'fix-log' : 'fix';
  return text.slice(0, at).includes('\u0001') || !printable(text.slice(0, at)) ? 'fix' : 'fix-log';
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

async function doorplate(): Promise<readonly (Codec | CodecFamily)[]> {
  return Object.values(await import('../../codecs/index.ts'));
}

function isFamily(one: Codec | CodecFamily): one is CodecFamily {
  return 'family' in one;
}

function unknownFormat(message: string): Error {
  return cliError('UNKNOWN_FORMAT', message, { remedy: `known formats: ${known}` });
}
