import * as adapters from '../../adapters/index.ts';
import { fixLogFramer } from '../../codecs/fix/index.ts';
import * as codecs from '../../codecs/index.ts';
import type { Codec } from '../contract/codec.ts';
import type { Framer } from '../contract/frame.ts';
import type { SessionAdapter } from '../contract/session.ts';
import type { FileSourceAdapter } from '../contract/source.ts';

export type Adapter = SessionAdapter | FileSourceAdapter;

/** The implementations that a configuration may name. The shapes of `src/contract` are all that the gateway knows of them. */
export interface Wiring {
  readonly codecs: ReadonlyMap<string, Codec>;
  readonly adapters: ReadonlyMap<string, Adapter>;
  /** Ways to cut a file into frames, apart from each codec's own. */
  readonly framers: ReadonlyMap<string, Framer>;
}

/** Everything that stands in the doorplates of `codecs` and `adapters`, by its id. */
export function builtIn(): Wiring {
  return {
    codecs: byId<Codec>(Object.values(codecs)),
    adapters: byId<Adapter>(Object.values(adapters) as readonly Adapter[]),
    framers: new Map([['fix-log', fixLogFramer]]),
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
