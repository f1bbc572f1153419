import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/core/json.ts';

/** Writes a configuration with these channels into a directory, its data beside it, and gives its path back. */
export function writeConfiguration(
  place: string,
  channels: Readonly<Record<string, JsonValue>>,
  rest: Readonly<Record<string, JsonValue>> = {},
): string {
  const path = join(place, 'clearport.yaml');
  const configuration = { version: 1, tenant: 'test', data: './data', ...rest, channels };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(configuration, undefined, 2));
  return path;
}

/** A drop-copy channel in which a counterparty (FIRM) logs on to us (DESK) at a port of this machine. */
export function acceptorChannel(port: number, options: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return fixChannel({ role: 'acceptor', port, ...options });
}

/** A drop-copy channel in which we (DESK) log on to a counterparty (FIRM) at a port of this machine. */
export function initiatorChannel(port: number, options: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return fixChannel({
    role: 'initiator',
    host: '127.0.0.1',
    port,
    reconnectSecondsMin: 0.05,
    reconnectSecondsMax: 0.2,
    ...options,
  });
}

function fixChannel(options: Readonly<Record<string, JsonValue>>): JsonValue {
  return {
    adapter: 'fix',
    perspective: 'clearer',
    options: { beginString: 'FIX.4.4', senderCompId: 'DESK', targetCompId: 'FIRM', ...options },
  };
}
