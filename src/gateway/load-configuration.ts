import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { valueAtPath } from '../core/schema-words.ts';
import { readChannel } from './channel-reading.ts';
import {
  type ChannelConfiguration,
  type CheckedConfiguration,
  type Configuration,
  ConfigurationError,
  type ConfigurationFinding,
} from './configuration.ts';
import { editorSchema, topNode } from './editor-schema.ts';
import { collectFindings, tellSchemaIssues } from './findings.ts';
import { gatewayIssues } from './issues.ts';
import { createMask, type Mask } from './mask.ts';
import type { Environment } from './references.ts';
import { type Reading, replaceReferences } from './replacement.ts';
import { topSchema, topSecrets } from './schema.ts';
import type { LedgerSettings, ReconSettings } from './schema-day.ts';
import { readBySchema } from './schema-reading.ts';
import { tellConflicts } from './session-conflicts.ts';
import { builtIn, type Wiring } from './wiring.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/**
 * The configuration at a path, ready to be used. Throws {@link ConfigurationError} with all findings, or
 * `CONFIG_NOT_FOUND`.
 */
export async function loadConfiguration(
  path: string,
  environment: Environment,
  wiring?: Wiring,
): Promise<Configuration> {
  const { configuration, findings } = await checkConfiguration(path, environment, wiring);
  if (configuration === undefined) throw new ConfigurationError(path, findings);
  return configuration;
}

/** The configuration at a path, and everything that is wrong with it in the order of its lines. Throws `CONFIG_NOT_FOUND` only. */
export async function checkConfiguration(
  path: string,
  environment: Environment,
  wiring: Wiring = builtIn(),
): Promise<CheckedConfiguration> {
  return checkText(await textOf(path), path, environment, wiring);
}

/** The same for a text that would stand at `path`. */
export async function checkText(
  text: string,
  path: string,
  environment: Environment,
  wiring: Wiring = builtIn(),
): Promise<CheckedConfiguration> {
  const source = readYaml(text);
  if (source.problems.length > 0) return { findings: yamlFindings(source) };
  const mask = createMask();
  const findings = collectFindings(source);
  const reading = { findings, mask, directory: dirname(resolve(path)), environment };
  const configuration = await readTop(source.data, resolve(path), reading, wiring);
  const list = findings.list.map((one) => ({ ...one, message: mask.text(one.message) })).sort(byPlace);
  const wrong = list.some((one) => one.severity === 'error');
  return wrong || configuration === undefined ? { findings: list } : { configuration, findings: list };
}

/** JSON Schema (draft 2020-12) of `clearport.yaml`, for editors: every key with its description and default. */
export function configurationSchema(wiring: Wiring = builtIn()): JsonValue {
  return JSON.parse(JSON.stringify(editorSchema(wiring)));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('CONFIG_NOT_FOUND', `no configuration can be read (${systemCode(cause)})`, {
      place: path,
      exitCode: 2,
      remedy: gatewayIssues.CONFIG_NOT_FOUND.remedy,
    });
  }
}

function yamlFindings(source: YamlSource): ConfigurationFinding[] {
  const { severity, remedy } = gatewayIssues.CONFIG_YAML;
  return source.problems.map(({ message, at }) => ({ code: 'CONFIG_YAML', severity, message, at, remedy }));
}

async function readTop(
  written: unknown,
  path: string,
  reading: Reading,
  wiring: Wiring,
): Promise<Configuration | undefined> {
  // Channels have secrets and schemas of their own, so the top is read without what stands in them.
  const names = Object.keys(asRecord(valueAtPath(written, ['channels'])));
  const bare = isRecord(written)
    ? { ...written, ...('channels' in written && { channels: bareChannels(written) }) }
    : written;
  const data = await replaceReferences(bare, [], topSecrets, reading);
  const top = readBySchema(topSchema, data);
  if (!top.ok) {
    tellSchemaIssues(top.issues, { findings: reading.findings, above: [], written: bare, schema: topNode() });
  }
  const channels = new Map<string, ChannelConfiguration>();
  for (const name of names) {
    const channel = await readChannel(name, valueAtPath(written, ['channels', name]), reading, wiring);
    if (channel !== undefined) channels.set(name, channel);
  }
  tellConflicts(channels.values(), reading.findings, wiring);
  return top.ok ? configurationOf(top.value, path, channels, reading.mask) : undefined;
}

function configurationOf(
  top: (typeof topSchema)['_output'],
  path: string,
  channels: ReadonlyMap<string, ChannelConfiguration>,
  mask: Mask,
): Configuration {
  const directory = dirname(path);
  const { firm, log, checkpoint, recon, ledger } = top;
  return {
    path,
    tenant: top.tenant,
    data: resolve(directory, top.data),
    firm: {
      profile: firm.profile,
      ...(firm.name !== undefined && { name: firm.name }),
      ...(firm.participant !== undefined && { participant: firm.participant }),
    },
    log: { level: log.level, ...(log.file !== undefined && { file: resolve(directory, log.file) }) },
    recon: { owners: named(recon.owners) },
    ledger: ledgerOf(ledger, directory),
    channels,
    checkpointKey: () => checkpoint.key,
    mask,
  };
}

function ledgerOf(
  { journal, postgres }: (typeof topSchema)['_output']['ledger'],
  directory: string,
): LedgerSettings {
  return {
    ...(journal && { journal: { path: resolve(directory, journal.path) } }),
    ...(postgres && { postgres: { schema: postgres.schema, url: () => postgres.url } }),
  };
}

function named(owners: Readonly<Record<string, 'us' | 'clearer' | undefined>>): ReconSettings['owners'] {
  return Object.fromEntries(Object.entries(owners).filter(([, owner]) => owner !== undefined));
}

function bareChannels(written: object): unknown {
  const channels: unknown = Reflect.get(written, 'channels');
  return isRecord(channels) ? Object.fromEntries(Object.keys(channels).map((name) => [name, ''])) : channels;
}

/** What stands in the configuration first, then file by file. */
function byPlace(left: ConfigurationFinding, right: ConfigurationFinding): number {
  const files = (left.file ?? '').localeCompare(right.file ?? '', 'en');
  if (files !== 0) return files;
  const lines = (left.at?.line ?? 0) - (right.at?.line ?? 0);
  return lines !== 0 ? lines : (left.at?.column ?? 0) - (right.at?.column ?? 0);
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
