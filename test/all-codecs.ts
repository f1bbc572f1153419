import * as codecs from '../codecs/index.ts';
import type { Codec, CodecFamily } from '../src/contract/codec.ts';

/** Every codec of the doorplate; of a family, the codec of each description that comes with the product. */
export function allCodecs(): readonly Codec[] {
  const all: readonly (Codec | CodecFamily)[] = Object.values(codecs);
  return all.flatMap((one) => ('family' in one ? codecsOf(one) : [one]));
}

function codecsOf(family: CodecFamily): readonly Codec[] {
  return family.names.map((name) => {
    const { codec, issues } = family.open(name);
    if (codec === undefined) throw new Error(`${family.id}:${name}: ${issues[0]?.message}`);
    return codec;
  });
}
