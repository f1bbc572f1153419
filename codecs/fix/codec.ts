import { hash } from 'node:crypto';
import { type Codec, defineCodec } from '../../src/contract/codec.ts';
import type { Framer } from '../../src/contract/frame.ts';
import { Decoder } from './decode.ts';
import type { Dictionary } from './dictionary.ts';
import { digestFix } from './digest.ts';
import { fixFramer } from './framer.ts';
import { type FixPolicy, fixIssues } from './issues.ts';
import { loadDictionary, standardFingerprint } from './load-dictionary.ts';
import type { FixMessage } from './message.ts';
import { normalizeFix } from './normalize.ts';
import { type Switches, switchesOf } from './switches.ts';
import { transcodeFix } from './transcode.ts';

/** How a FIX codec may differ from {@link fix}. */
export interface FixCodecOptions {
  /** `lenient` where left out: see `fixIssues`. */
  readonly policy?: FixPolicy;
  /** The facts for a BeginString(8); the standard's own tables where left out. */
  readonly dictionary?: (beginString: string, applVerId?: string) => Dictionary;
  /** Of all that `dictionary` gives, where it is not the standard's: hex SHA-256. */
  readonly dictionaryFingerprint?: string;
  readonly framer?: Framer;
  /** What is judged by the dictionary: see {@link switchesOf}. */
  readonly switches?: Partial<Switches>;
}

/** A FIX codec. Its fingerprint covers the policy, the switches and the dictionaries that it reads by. */
export function fixCodec({
  policy = 'lenient',
  dictionary = loadDictionary,
  dictionaryFingerprint = '',
  framer = fixFramer,
  switches = {},
}: FixCodecOptions = {}): Codec<FixMessage> {
  const decoder = new Decoder({ policy, switches: switchesOf(policy, switches), dictionary });
  let fingerprint: string | undefined;
  return defineCodec<FixMessage>({
    id: 'fix',
    version: '1',
    get fingerprint() {
      fingerprint ??= hash(
        'sha256',
        `${policy},${JSON.stringify(switches)},${dictionary === loadDictionary ? standardFingerprint() : dictionaryFingerprint}`,
      );
      return fingerprint;
    },
    standard: 'FIX 4.0 to 5.0 SP2, FIXT 1.1',
    framer,
    issues: fixIssues,
    decode: (frame) => decoder.decode(frame),
    encode: (message) => message.bytes,
    normalize: normalizeFix,
    transcode: transcodeFix,
    digest: digestFix,
  });
}

/** FIX as a drop copy sends it: lenient, by the standard's own tables. */
export const fix: Codec<FixMessage> = fixCodec();
