import * as adapters from '../../adapters/index.ts';
import { fixLogFramer } from '../../codecs/fix/index.ts';
import * as codecs from '../../codecs/index.ts';
import type { Codec, CodecFamily, OpenedCodec } from '../contract/codec.ts';
import type { Framer } from '../contract/frame.ts';
import type { SessionAdapter } from '../contract/session.ts';
import type { FileSourceAdapter, MessageSourceAdapter } from '../contract/source.ts';

export type Adapter = SessionAdapter | FileSourceAdapter | MessageSourceAdapter;

/** The implementations that a configuration may name. The shapes of `src/contract` are all that the gateway knows of them. */
export interface Wiring {
  readonly codecs: ReadonlyMap<string, Codec>;
  /** Codecs that need a description, named `family:name`. */
  readonly families?: ReadonlyMap<string, CodecFamily>;
  readonly adapters: ReadonlyMap<string, Adapter>;
  /** Ways to cut a file into frames, apart from each codec's own. */
  readonly framers: ReadonlyMap<string, Framer>;
}

/** Everything that stands in the doorplates of `codecs` and `adapters`, by its id. */
export function builtIn(): Wiring {
  const all: readonly (Codec | CodecFamily)[] = Object.values(codecs);
  return {
    codecs: byId<Codec>(all.filter((one): one is Codec => !isFamily(one))),
    families: byId<CodecFamily>(all.filter(isFamily)),
    adapters: byId<Adapter>(Object.values(adapters) as readonly Adapter[]),
    framers: new Map([['fix-log', fixLogFramer]]),
  };
}

/**
 * The codec of a name that comes with the product: `fix`, `records:clearing-positions`. Undefined where nothing has
 * that name; a description of a user's own has a path instead of a name, and is read with its configuration.
 */
export function codecNamed({ codecs: known, families }: Wiring, name: string): OpenedCodec | undefined {
  const codec = known.get(name);
  if (codec !== undefined) return { codec, issues: [] };
  const { family, rest } = splitName(name);
  const found = families?.get(family);
  return found?.names.includes(rest) === true ? found.open(rest) : undefined;
}

/** All names that {@link codecNamed} knows. */
export function codecNames({ codecs: known, families }: Wiring): readonly string[] {
  const described = [...(families?.values() ?? [])].flatMap(({ id, names }) =>
    names.map((name) => `${id}:${name}`),
  );
  return [...known.keys(), ...described];
}

/** `records` and `./mine.yaml` of `records:./mine.yaml`. */
export function splitName(name: string): { readonly family: string; readonly rest: string } {
  const at = name.indexOf(':');
  return at < 0 ? { family: name, rest: '' } : { family: name.slice(0, at), rest: name.slice(at + 1) };
}

function isFamily(one: Codec | CodecFamily): one is CodecFamily {
  return 'family' in one;
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
