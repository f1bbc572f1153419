import type { FileSource } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { LoginRest } from './login-rest.ts';

/**
 * A place for files that is opened again after the world failed it, at the next use. What may get better by waiting is
 * told by that use, and not here: a counterparty that is down does not keep the gateway from starting. One that refuses
 * our login is left alone for a while. Throws what opening throws where waiting will not help.
 */
export async function steadySource(open: () => Promise<FileSource>, clock: Clock): Promise<FileSource> {
  const source = new SteadySource(open, clock);
  await source.begin();
  return source;
}

class SteadySource implements FileSource {
  readonly #open: () => Promise<FileSource>;
  readonly #login: LoginRest;
  #opening: Promise<FileSource> | undefined;

  constructor(open: () => Promise<FileSource>, clock: Clock) {
    this.#open = open;
    this.#login = new LoginRest(clock);
  }

  async begin(): Promise<void> {
    try {
      await this.#source();
    } catch (cause) {
      if (!isRetryable(cause)) throw cause;
    }
  }

  list(): ReturnType<FileSource['list']> {
    return this.#use((source) => source.list());
  }

  async *fetch(name: string, from: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const source = await this.#source();
    try {
      yield* source.fetch(name, from, signal);
    } catch (cause) {
      throw await this.#failed(cause);
    }
  }

  put(...given: Parameters<FileSource['put']>): Promise<void> {
    return this.#use((source) => source.put(...given));
  }

  archive(name: string): Promise<void> {
    return this.#use((source) => source.archive(name));
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    await (await opening?.catch(() => undefined))?.close();
  }

  async #use<T>(act: (source: FileSource) => Promise<T>): Promise<T> {
    const source = await this.#source();
    try {
      const done = await act(source);
      this.#login.letIn();
      return done;
    } catch (cause) {
      throw await this.#failed(cause);
    }
  }

  /** One opening at a time, whoever asks for it. */
  async #source(): Promise<FileSource> {
    this.#login.check();
    this.#opening ??= this.#open().catch((cause: unknown) => {
      this.#opening = undefined;
      throw cause;
    });
    return this.#opening;
  }

  /** What to throw. What failed in a way that waiting may mend is opened anew. */
  async #failed(cause: unknown): Promise<unknown> {
    if (isRetryable(cause)) await this.close().catch(() => undefined);
    return this.#login.told(cause);
  }
}

function isRetryable(cause: unknown): boolean {
  return cause instanceof GatewayError && cause.retryable;
}
