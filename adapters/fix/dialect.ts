import { readFileSync } from 'node:fs';
import { type OpenedDialect, openDialectCodec } from '../../codecs/fix/dialect-family.ts';
import type { FixMessage } from '../../codecs/fix/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import { GatewayError, systemCode } from '../../src/core/errors.ts';
import type { FixSessionOptions } from './options.ts';
import { tellingOf } from './session-codec.ts';

/** What a session reads by, where its counterparty speaks a dialect. */
export interface SessionDialect {
  readonly options: FixSessionOptions;
  readonly codec: Codec<FixMessage> | undefined;
}

/**
 * The options of a session with the rules that its dialect sets, and the codec of the dialect: the same file that its channel's codec is
 * opened from. What a dialect says of a switch counts before the option, because it was written about this counterparty. Throws
 * `FIX_DICTIONARY` where the file cannot be read or used.
 */
export function withDialect(options: FixSessionOptions): SessionDialect {
  const { dictionary: path } = options;
  if (path === undefined) return { options, codec: undefined };
  const { codec, switches, issues } = openDialectCodec(textOf(path), path, tellingOf(options));
  if (codec === undefined) throw unusable(path, issues);
  return { options: { ...options, ...switches }, codec };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('FIX_DICTIONARY', `it cannot be read (${systemCode(cause) ?? 'unreadable'})`, {
      place: path,
      remedy: 'Name a file that is there; a relative path counts from the configuration.',
      exitCode: 2,
      cause,
    });
  }
}

function unusable(path: string, issues: OpenedDialect['issues']): GatewayError {
  const first = issues.find(({ severity }) => severity === 'error');
  const { line = 1, column = 1 } = first?.at ?? {};
  return new GatewayError('FIX_DICTIONARY', `${first?.code}: ${first?.message}`, {
    place: `${path}:${line}:${column}`,
    remedy: `Look at all that is wrong with it: clearport dictionary check ${path}`,
    exitCode: 2,
  });
}
