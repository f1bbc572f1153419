import { describe, test } from 'vitest';
import { fixCodec, fixLogFramer } from '../codecs/fix/index.ts';
import { iso20022, type MxMessage, mxFramer } from '../codecs/iso20022/index.ts';
import type { Codec } from '../src/contract/codec.ts';
import { allCodecs } from './all-codecs.ts';
import { fuzzDecoder, fuzzFramer } from './fuzz.ts';
import { fuzzDictionaries } from './fuzz-dictionary.ts';
import { fuzzLayouts } from './fuzz-layout.ts';
import { repairs } from './fuzz-repair.ts';
import { seedOfRun } from './support/seed.ts';

/** ISO 20022 as if every statement were a large one: told item by item. */
const inParts: Codec<MxMessage> = {
  ...iso20022,
  framer: { open: (limits) => mxFramer.open({ ...limits, mxWholeBytesMax: 0 }) },
};

/** `count` changed inputs for the framer of every codec, for its decoder, and of record layouts and FIX dictionaries fewer; each within `timeoutMs`. */
export function fuzzEveryCodec(
  count: number,
  timeoutMs: number,
  parts: readonly ('framer' | 'decoder')[] = ['framer', 'decoder'],
): void {
  const seed = seedOfRun();
  // Every codec with its own framer, and the framers that read the same messages from elsewhere.
  const variants: readonly Codec[] = [...allCodecs(), fixCodec({ framer: fixLogFramer }), inParts];
  describe.each(variants)(`${count} changed inputs, CLEARPORT_SEED=${seed}`, (codec) => {
    const repaired = repairs[codec.id];
    const options = { count, seed, ...(repaired !== undefined && { repaired }) };

    test.each(parts)(
      `the %s of ${codec.id} takes them`,
      (part) => (part === 'framer' ? fuzzFramer(codec, options) : fuzzDecoder(codec, options)),
      timeoutMs,
    );
  });

  if (!parts.includes('decoder')) return;
  // Each is a whole document of YAML, and takes as long as twenty messages.
  const layouts = Math.ceil(count / 20);
  test(
    `${layouts} changed record layouts are taken or refused, CLEARPORT_SEED=${seed}`,
    () => {
      fuzzLayouts({ count: layouts, seed });
    },
    timeoutMs,
  );
  const dictionaries = Math.ceil(count / 20);
  test(
    `${dictionaries} changed FIX dictionaries are taken or refused, CLEARPORT_SEED=${seed}`,
    () => {
      fuzzDictionaries({ count: dictionaries, seed });
    },
    timeoutMs,
  );
}
