import { type FixMessage, fix, fixCodec } from '../../codecs/fix/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { FixSessionOptions } from './options.ts';

/** What the dictionary tells beyond what a reader of a copy wants to hear. */
export interface Telling {
  readonly validateUserDefinedFields: boolean;
  readonly validateUnorderedGroupFields: boolean;
}

/** What a session's codec has to tell: with `validate: header` nothing more, because nobody is told of it. */
export function tellingOf({
  validate,
  validateUserDefinedFields,
  validateUnorderedGroupFields,
}: FixSessionOptions): Telling | undefined {
  return validate === 'full' ? { validateUserDefinedFields, validateUnorderedGroupFields } : undefined;
}

/** By what they tell: a codec keeps what it has learnt about its dictionaries, so sessions share it. */
const codecs = new Map<string, Codec<FixMessage>>();

/** The codec that a session reads the standard's own dictionaries by. */
export function sessionCodec(options: FixSessionOptions): Codec<FixMessage> {
  const switches = tellingOf(options);
  if (switches === undefined) return fix;
  const key = JSON.stringify(switches);
  const known = codecs.get(key) ?? fixCodec({ switches });
  codecs.set(key, known);
  return known;
}
