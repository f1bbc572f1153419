import { GatewayError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import type { CheckedConfiguration, Configuration } from './configuration.ts';
import type { Wiring } from './wiring.ts';

/** What references to environment variables are looked up in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration at a path, ready to be used. Throws {@link ConfigurationError} with all findings, or
 * `CONFIG_NOT_FOUND`.
 */
export async function loadConfiguration(
  path: string,
  environment: Environment,
  wiring?: Wiring,
): Promise<Configuration> {
  const { configuration } = await checkConfiguration(path, environment, wiring);
  if (configuration === undefined) throw new GatewayError('CONFIG_NOT_FOUND', path, { exitCode: 2 });
  return configuration;
}

/** The configuration at a path, and everything that is wrong with it, in the order of its lines. Throws `CONFIG_NOT_FOUND` only. */
export async function checkConfiguration(
  path: string,
  _environment: Environment,
  _wiring?: Wiring,
): Promise<CheckedConfiguration> {
  throw new GatewayError('CONFIG_NOT_FOUND', path, { exitCode: 2 });
}

/** JSON Schema (draft 2020-12) of `clearport.yaml`, for editors: every key with its description and default. */
export function configurationSchema(_wiring?: Wiring): JsonValue {
  return {};
}
