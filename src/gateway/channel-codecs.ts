import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Codec, CodecFamily, OpenedCodec } from '../contract/codec.ts';
import { systemCode } from '../core/errors.ts';
import { harmless } from '../core/issue.ts';
import { nearest } from '../core/nearest.ts';
import { gatewayIssues } from './issues.ts';
import type { Reading } from './replacement.ts';
import { codecNamed, codecNames, splitName, type Wiring } from './wiring.ts';
import type { Path } from './yaml-source.ts';

/**
 * The codecs that a channel names, in its order; undefined, with findings, where one cannot be used. What is wrong in a
 * layout is told with its place in the layout.
 */
export async function readCodecs(
  named: string | readonly string[],
  above: Path,
  reading: Reading,
  wiring: Wiring,
): Promise<readonly Codec[] | undefined> {
  const names = typeof named === 'string' ? [named] : named;
  const codecs: Codec[] = [];
  for (const [at, name] of names.entries()) {
    const path = [...above, 'codec', ...(typeof named === 'string' ? [] : [at])];
    const codec = await readCodec(name, path, reading, wiring);
    if (codec !== undefined && isTold(codec, names, path, reading)) codecs.push(codec);
  }
  return codecs.length === names.length ? codecs : undefined;
}

/** A description of a user's own is named by its path. */
export function isDescriptionPath(rest: string): boolean {
  return rest.includes('/') || /\.(?:ya?ml|xml)$/.test(rest);
}

/** One among several has to say which messages are its own; otherwise it would never be asked, or always. */
function isTold(codec: Codec, names: readonly string[], path: Path, { findings }: Reading): boolean {
  if (names.length === 1 || codec.recognizes !== undefined) return true;
  const message = `codec: "${codec.id}" cannot tell its messages from others, so it cannot stand in a list`;
  findings.add('CONFIG_VALUE', path, message);
  return false;
}

async function readCodec(
  name: string,
  path: Path,
  reading: Reading,
  wiring: Wiring,
): Promise<Codec | undefined> {
  const { family, rest } = splitName(name);
  const found = wiring.families?.get(family);
  if (found !== undefined && isDescriptionPath(rest)) return readDescription(found, rest, path, reading);
  const known = codecNamed(wiring, name);
  if (known !== undefined) return tellIssues(known, wiring.families?.get(family), name, path, reading);
  const names = codecNames(wiring);
  const meant = nearest(name, names);
  const hint = [...(wiring.families?.keys() ?? [])].map((id) => `${id}:./FILE.yaml`);
  const choice = [...names, ...hint].join(', ');
  reading.findings.add('CONFIG_VALUE', path, `codec: must be one of ${choice}, not "${name}"`, {
    ...(meant !== undefined && { remedy: `Did you mean "${meant}"?` }),
  });
  return undefined;
}

async function readDescription(
  family: CodecFamily,
  written: string,
  path: Path,
  reading: Reading,
): Promise<Codec | undefined> {
  const file = resolve(reading.directory, written);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const why = systemCode(cause) ?? 'unreadable';
    reading.findings.add('CONFIG_VALUE', path, `codec: "${written}" cannot be read (${why})`, {
      remedy: 'Name a file that is there; a relative path counts from the configuration.',
    });
    return undefined;
  }
  return tellIssues(family.openText(text, file), family, file, path, reading);
}

function tellIssues(
  { codec, issues }: OpenedCodec,
  family: CodecFamily | undefined,
  file: string,
  path: Path,
  { findings }: Reading,
): Codec | undefined {
  for (const issue of issues) {
    const remedy = family?.issues[issue.code]?.remedy ?? gatewayIssues.CONFIG_VALUE.remedy;
    findings.tell({ ...issue, remedy, file });
  }
  if (codec === undefined && harmless(issues)) {
    findings.add('CONFIG_VALUE', path, `codec: "${file}" describes no codec`);
  }
  return harmless(issues) ? codec : undefined;
}
