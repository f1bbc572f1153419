import { resolve } from 'node:path';
import type { Codec } from '../contract/codec.ts';
import { nearest } from '../core/nearest.ts';
import { valueAtPath } from '../core/schema-words.ts';
import { readCodecs } from './channel-codecs.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { channelNode } from './editor-schema.ts';
import { tellSchemaIssues } from './findings.ts';
import { type Reading, replaceReferences } from './replacement.ts';
import { channelName, channelSchema, reservedChannels } from './schema.ts';
import { fileSettingsOf } from './schema-files.ts';
import { readBySchema } from './schema-reading.ts';
import type { Adapter, Wiring } from './wiring.ts';

/** One channel as it is written under its name; undefined, with findings, where it cannot be used. */
export async function readChannel(
  name: string,
  written: unknown,
  reading: Reading,
  wiring: Wiring,
): Promise<ChannelConfiguration | undefined> {
  const above = ['channels', name];
  const { findings } = reading;
  if (!channelName.test(name) || reservedChannels.includes(name)) {
    findings.add('CONFIG_CHANNEL_NAME', above, `"${name}" cannot be the name of a channel`, { at: 'key' });
  }
  const adapter = adapterOf(written, above, reading, wiring);
  if (adapter === undefined) return undefined;
  const secrets = adapter.secrets.map((secret) => `options.${secret}`);
  const data = await replaceReferences(written, above, secrets, reading);
  resolvePaths(data, adapter, reading.directory);
  const read = readBySchema(channelSchema(adapter, wiring), data);
  if (!read.ok) {
    tellSchemaIssues(read.issues, { findings, above, written, schema: channelNode(adapter, wiring) });
    return undefined;
  }
  tellUnknownFramer(read.value, above, reading, wiring);
  const codecs = await readCodecs(codecOf(read.value, adapter), above, reading, wiring);
  return codecs && channelOf(name, read.value, codecs);
}

function adapterOf(
  written: unknown,
  above: readonly string[],
  reading: Reading,
  wiring: Wiring,
): Adapter | undefined {
  const { findings } = reading;
  const id = valueAtPath(written, ['adapter']);
  const known = [...wiring.adapters.keys()];
  if (typeof written !== 'object' || written === null) {
    findings.add('CONFIG_VALUE', above, 'a channel must be a group of keys');
    return undefined;
  }
  if (typeof id !== 'string') {
    const message = `"adapter" is missing; it is one of ${known.join(', ')}`;
    findings.add('CONFIG_MISSING_KEY', [...above, 'adapter'], message, { at: 'key' });
    return undefined;
  }
  const adapter = wiring.adapters.get(id);
  if (adapter !== undefined) return adapter;
  const meant = nearest(id, known);
  findings.add('CONFIG_VALUE', [...above, 'adapter'], `adapter: must be one of ${known.join(', ')}`, {
    ...(meant !== undefined && { remedy: `Did you mean "${meant}"?` }),
  });
  return undefined;
}

/** Options that are paths count from the configuration's directory, wherever the process was started. */
function resolvePaths(data: unknown, adapter: Adapter, directory: string): void {
  const options = valueAtPath(data, ['options']);
  if (typeof options !== 'object' || options === null) return;
  for (const key of adapter.paths ?? []) {
    const value: unknown = Reflect.get(options, key);
    if (typeof value === 'string' && value !== '') Reflect.set(options, key, resolve(directory, value));
  }
}

type ReadChannel = ReturnType<typeof channelSchema>['_output'];

/** A session's codec is opened by the description that its options name, where they name one. */
function codecOf({ codec, options }: ReadChannel, adapter: Adapter): ReadChannel['codec'] {
  if (adapter.shape !== 'session' || adapter.description === undefined) return codec;
  const path = valueAtPath(options, [adapter.description]);
  return typeof path === 'string' ? `${adapter.codec}:${path}` : codec;
}

function tellUnknownFramer(
  read: ReadChannel,
  above: readonly string[],
  reading: Reading,
  wiring: Wiring,
): void {
  const framer = read.files?.framer;
  if (framer === undefined || wiring.framers.has(framer)) return;
  const known = [...wiring.framers.keys()].join(', ');
  reading.findings.add('CONFIG_VALUE', [...above, 'files', 'framer'], `framer: must be one of ${known}`);
}

function channelOf(name: string, read: ReadChannel, codecs: readonly Codec[]): ChannelConfiguration {
  const { reportedBy, reporterRole, keyScope, owner, files, messages, options } = read;
  return {
    name,
    adapter: read.adapter,
    codec: [read.codec].flat().join(', '),
    codecs,
    direction: read.direction,
    perspective: read.perspective,
    zone: read.zone,
    ...(reportedBy !== undefined && { reportedBy }),
    ...(reporterRole !== undefined && { reporterRole }),
    ...(keyScope !== undefined && { keyScope }),
    ...(owner !== undefined && { owner }),
    ...(files !== undefined && { files: fileSettingsOf(files) }),
    ...(messages !== undefined && {
      messages: { poison: messages.poison, ...(messages.key !== undefined && { key: messages.key }) },
    }),
    options: () => options,
  };
}
