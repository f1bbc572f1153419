import type { FileInfo } from '../contract/source.ts';
import { shownText } from '../core/bytes.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { FileSettings } from './configuration.ts';
import { gatewayIssue } from './entry-making.ts';
import { type IntakeOutcome, type IntakePorts, resumeFile, scopeOf, takeFile } from './file-intake.ts';
import { filePositionOf } from './file-position.ts';
import { errorView, type Logger } from './logger.ts';
import { pause } from './waiting.ts';

/** Longest pause between two attempts where the place of the files fails. */
const pauseMsMax = 60_000;

export interface FileChannelPorts extends IntakePorts {
  readonly settings: FileSettings;
  readonly logger: Logger;
}

/** Looks for files, waits until each is whole, and takes them in one after the other, until it is closed. */
export class FileChannel {
  readonly #ports: FileChannelPorts;
  readonly #stop = new AbortController();
  readonly #looks = new Map<string, { readonly file: FileInfo; readonly polls: number }>();
  readonly #keyless = new Set<string>();
  readonly #pattern: RegExp;
  #running: Promise<void> | undefined;
  #failures = 0;
  #current: { readonly name: string; readonly key: string } | undefined;

  constructor(ports: FileChannelPorts) {
    this.#ports = ports;
    this.#pattern = new RegExp(ports.settings.key, 'u');
  }

  get current(): { readonly name: string; readonly key: string } | undefined {
    return this.#current;
  }

  get retrying(): boolean {
    return this.#failures > 0;
  }

  start(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Stops between two commits; what was begun goes on at the next start. */
  async close(_reason?: string): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#ports.source.close();
  }

  /** One look at the place, and everything that is ready there. For tests, and for `run --once` one day. */
  async poll(signal: AbortSignal = this.#stop.signal): Promise<void> {
    const resumed = await resumeFile(this.#ports, signal);
    if (resumed !== undefined) this.#tell(resumed, undefined);
    const files = await this.#ports.source.list();
    const ready = files.filter((file) => this.#settled(file));
    this.#forget(files);
    for (const file of ready) await this.#take(file, signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let tidy = false;
    while (!signal.aborted) {
      try {
        if (!tidy) await this.#tidy();
        tidy = true;
        await this.poll(signal);
        if (this.#failures > 0) this.#ports.logger.info({ code: 'CHANNEL_RETRYING' }, 'reading files again');
        this.#failures = 0;
        this.#ports.meter.trouble = undefined;
      } catch (cause) {
        if (signal.aborted) return;
        if (!isWorld(cause)) throw cause;
        this.#fail(cause);
      }
      const wait = this.#ports.settings.pollMs * 2 ** Math.min(this.#failures, 10);
      await pause(Math.max(this.#ports.settings.pollMs, Math.min(wait, pauseMsMax)), signal);
    }
  }

  /** Copies that nobody needs any more: everything but the one that a half booked file goes on from. */
  async #tidy(): Promise<void> {
    const { log, making, staging } = this.#ports;
    const position = filePositionOf(await log.head(making.channel.name));
    await staging.clear(position?.stage === 'reading' ? position.sha256 : undefined);
  }

  async #take(file: FileInfo, signal: AbortSignal): Promise<void> {
    const key = this.#keyOf(file.name);
    if (key === undefined) return;
    this.#current = { name: file.name, key };
    try {
      this.#tell(await takeFile(this.#ports, key, file, signal), file);
      this.#looks.delete(file.name);
    } finally {
      this.#current = undefined;
    }
  }

  /** Whole, as far as one can tell from outside: size and time stayed the same over the configured number of looks. */
  #settled(file: FileInfo): boolean {
    const last = this.#looks.get(file.name);
    const same = last?.file.size === file.size && last.file.modifiedAt === file.modifiedAt;
    const polls = same ? last.polls + 1 : 0;
    this.#looks.set(file.name, { file, polls });
    return polls >= this.#ports.settings.settlePolls;
  }

  #forget(files: readonly FileInfo[]): void {
    const there = new Set(files.map(({ name }) => name));
    for (const name of this.#looks.keys()) if (!there.has(name)) this.#looks.delete(name);
    for (const name of this.#keyless) if (!there.has(name)) this.#keyless.delete(name);
  }

  #keyOf(name: string): string | undefined {
    const match = this.#pattern.exec(name);
    const key = match?.groups?.['key'] ?? match?.[1] ?? match?.[0];
    if (key !== undefined && key !== '') return scopeOf(key);
    if (!this.#keyless.has(name)) {
      this.#keyless.add(name);
      this.#ports.logger.warn({ code: 'FILE_NO_KEY', file: shownText(name) }, 'file left where it is');
    }
    return undefined;
  }

  #tell(outcome: IntakeOutcome, file: FileInfo | undefined): void {
    const { logger } = this.#ports;
    const about = { ...(file && { file: shownText(file.name) }), outcome };
    if (outcome === 'restated') logger.error({ ...about, code: 'FILE_RESTATED' }, 'file held');
    else if (outcome === 'unreadable') logger.error({ ...about, code: 'FILE_UNREADABLE' }, 'file refused');
    else if (outcome === 'duplicate') logger.warn({ ...about, code: 'FILE_DUPLICATE' }, 'file refused');
    else logger.info(about, 'file taken in');
  }

  #fail(cause: unknown): void {
    const { logger, meter } = this.#ports;
    const first = this.#failures === 0;
    this.#failures++;
    const code = cause instanceof GatewayError ? cause.code : 'CHANNEL_RETRYING';
    const message = cause instanceof Error ? cause.message : String(cause);
    meter.trouble = { ...gatewayIssue('CHANNEL_RETRYING', message), code };
    if (first) logger.error({ code, error: errorView(cause) }, 'reading files failed; trying again');
  }
}

/** The world failed, so waiting may help; anything else is a bug of ours, and ends the process. */
function isWorld(cause: unknown): boolean {
  return cause instanceof GatewayError || /^E[A-Z]+$/.test(systemCode(cause) ?? '');
}
